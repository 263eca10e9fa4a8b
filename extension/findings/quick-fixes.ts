// Actions on a finding, offered at its line: show it in the timeline, debug it, replay it, copy its witness.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { locate, patchedScheme, pathOfPatched, type ReviewSession } from "../review/index.js";
import { findingPlace, inReadingOrder } from "../base/index.js";

export class FindingActions implements vscode.CodeActionProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #registration: vscode.Disposable;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#registration = vscode.languages.registerCodeActionsProvider([{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }], this, {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  dispose(): void {
    this.#registration.dispose();
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    const ours = context.diagnostics.filter((d) => d.source === "TCE Scope");
    const { result, stale } = this.#session;
    if (ours.length === 0 || result === undefined || stale) return [];
    const variant: VariantName = pathOfPatched(document.uri) === undefined ? "before" : "after";
    const findings = result[variant]?.findings ?? [];
    // A file that the patch does not change shows the findings of both runs.
    for (const v of [variant, "after"] as const) {
      const all = v === variant ? findings : (result.after?.findings ?? []);
      const here = inReadingOrder(all).filter((f) => {
        const at = locate(this.#session, { ...findingPlace(f), variant: v });
        return at?.uri.toString() === document.uri.toString() && at.range.start.line >= range.start.line && at.range.start.line <= range.end.line;
      });
      const [worst] = here;
      if (worst !== undefined) return actions(v, all.indexOf(worst), ours);
    }
    return [];
  }
}

function actions(variant: VariantName, index: number, diagnostics: vscode.Diagnostic[]): vscode.CodeAction[] {
  const args = [variant, String(index)];
  const action = (title: string, command: string): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.command = { command: `tceScope.${command}`, title, arguments: args };
    made.diagnostics = diagnostics;
    return made;
  };
  return [
    action("Show this finding in the timeline", "showInTimeline"),
    action("Debug this finding (witness)", "debugWitness"),
    action("Replay this finding's witness", "replayFinding"),
    action("Copy this finding's witness", "copyWitness"),
  ];
}
