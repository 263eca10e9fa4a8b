// Save Review as JSON…: the result, with the answers that belong to it.

import * as vscode from "vscode";
import type { ReviewResult } from "../../engine/protocol.js";
import type { ReviewSession } from "../review/index.js";
import type { Command } from "./command.js";

export const saveReview: Command = {
  id: "tceScope.saveReview",
  run: async ({ session }) => {
    const { result, input } = session;
    if (result === undefined || input === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No review to save yet. Start one with “TCE Scope: Review Patch…”."));
      return;
    }
    // Next to the tree, not in it: a review is not part of the tree.
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save Review as JSON"),
      defaultUri: vscode.Uri.joinPath(input.tree, "../tce-scope-review.json"),
      filters: { JSON: ["json"] },
    });
    if (target === undefined) return;
    try {
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(`${JSON.stringify({ ...result, ...currentAnswers(session) }, null, 2)}\n`));
    } catch (error) {
      void vscode.window.showErrorMessage(`${target.fsPath} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  },
};

/** Answers are saved only if they are for the same text, hunks and scenario. */
function currentAnswers(session: ReviewSession): Pick<ReviewResult, "questions"> {
  const { questions } = session.view;
  return questions?.phase === "complete" && !questions.stale && questions.elsewhere === undefined ? { questions: questions.answers } : {};
}
