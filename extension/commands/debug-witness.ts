// Debug Witness…: the finding of a link (variant and index), else the one on the cursor's line, else a run chosen from a list.

import * as vscode from "vscode";
import type { Finding, ReviewResult, VariantName } from "../../engine/protocol.js";
import { findingPlace, inReadingOrder, severityMark, variantWords } from "../base/index.js";
import { reportNoRun } from "../debugger/index.js";
import { locate, type ReviewSession } from "../review/index.js";
import type { Command } from "./command.js";

export const debugWitness: Command = {
  id: "tceScope.debugWitness",
  run: async ({ debug, session }, variant, finding) => {
    if ((variant === "before" || variant === "after") && finding !== undefined) {
      await debug.start({ variant, finding: Number(finding) });
      return;
    }
    const { result } = session;
    if (result === undefined) {
      reportNoRun();
      return;
    }
    const all = findingsOf(result);
    const onLine = all.filter((candidate) => isOnCursorLine(session, candidate));
    const [only] = onLine;
    if (only !== undefined && onLine.length === 1) {
      await debug.start({ variant: only.variant, finding: only.index });
      return;
    }
    const options = await chooseRun(result, onLine.length > 1 ? onLine : all);
    if (options !== undefined) await debug.start(options);
  },
};

interface Candidate {
  readonly variant: VariantName;
  readonly finding: Finding;
  readonly index: number;
}

interface RunOptions {
  readonly variant: VariantName;
  readonly finding?: number;
}

function findingsOf(result: ReviewResult): readonly Candidate[] {
  return (["before", "after"] as const).flatMap((variant) =>
    inReadingOrder(result[variant]?.findings ?? []).map((finding) => ({ variant, finding, index: result[variant]?.findings.indexOf(finding) ?? 0 })),
  );
}

function isOnCursorLine(session: ReviewSession, { variant, finding }: Candidate): boolean {
  const editor = vscode.window.activeTextEditor;
  const at = locate(session, { ...findingPlace(finding), variant });
  return editor !== undefined && at?.uri.toString() === editor.document.uri.toString() && at.range.start.line === editor.selection.active.line;
}

async function chooseRun(result: ReviewResult, candidates: readonly Candidate[]): Promise<RunOptions | undefined> {
  const alone = result.after === undefined;
  const items: (vscode.QuickPickItem & { readonly options: RunOptions })[] = [
    ...candidates.map(({ variant, finding, index }) => ({
      label: `${severityMark(finding.severity)} ${finding.function}:${finding.line}`,
      description: variantWords(variant, alone),
      detail: finding.message,
      options: { variant, finding: index },
    })),
    ...(["before", "after"] as const)
      .filter((variant) => result[variant] !== undefined)
      .map((variant) => ({
        label: `$(debug-start) The run ${variantWords(variant, alone)}`,
        description: "from its start or its worst finding",
        detail: "",
        options: { variant },
      })),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: "TCE Scope: Debug Witness",
    placeHolder: "Choose a run to debug",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.options;
}
