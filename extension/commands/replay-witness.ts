// Replay Witness…: the witness given, else one that is pasted or chosen.

import * as vscode from "vscode";
import type { ReviewResult } from "../../engine/protocol.js";
import { inReadingOrder, severityMark, variantWords } from "../base/index.js";
import { replay } from "../review/index.js";
import type { Command } from "./command.js";

/** scenario:parameters:variant:program hash:decisions */
const witnessShape = /^[\w-]+:[^:]*:(?:before|after):[0-9a-f]+:[0-9a-z-]+$/;

export const replayWitness: Command = {
  id: "tceScope.replayWitness",
  run: async ({ session }, argument) => {
    const { result } = session;
    if (result === undefined) {
      void vscode.window.showInformationMessage("Replaying needs a review. Start one with “TCE Scope: Review Patch…”.");
      return;
    }
    const witness = typeof argument === "string" ? argument : await chooseWitness(result);
    if (witness !== undefined) await replay(session, witness.trim());
  },
};

/** A witness that is typed or pasted, or that of a finding in this review. */
function chooseWitness(result: ReviewResult): Promise<string | undefined> {
  const alone = result.after === undefined;
  const own = (["before", "after"] as const).flatMap((variant) => {
    const seen = new Set<string>();
    return inReadingOrder(result[variant]?.findings ?? []).flatMap((f) => {
      if (seen.has(f.witness)) return [];
      seen.add(f.witness);
      return [{ label: f.witness, description: `${severityMark(f.severity)} in ${f.function}, ${variantWords(variant, alone)}` }];
    });
  });
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick();
    pick.title = "TCE Scope: Replay Witness";
    pick.placeholder = "Paste a witness, or choose a finding of this review";
    pick.matchOnDescription = true;
    pick.items = own;
    // The user may leave to copy a witness.
    pick.ignoreFocusOut = true;
    pick.onDidChangeValue((text) => {
      const typed = text.trim();
      const known = own.some((item) => item.label === typed);
      pick.items =
        typed === "" || known
          ? own
          : [
              {
                label: typed,
                description: witnessShape.test(typed) ? "pasted witness" : "incomplete; expected scenario:parameters:before|after:hash:decisions",
                alwaysShow: true,
              },
              ...own,
            ];
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.label);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
