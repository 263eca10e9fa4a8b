// Replays a witness with progress, and reports what is wrong with it. Run Again restores the review's own runs.

import * as vscode from "vscode";
import type { ReviewSession } from "./session.js";

/** Takes the variant's place in the review; a witness of another program is reported as stale, with Run Again as the next step. */
export async function replay(session: ReviewSession, witness: string): Promise<void> {
  const outcome = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "TCE Scope: replaying", cancellable: true },
    (_progress, token) => {
      token.onCancellationRequested(() => session.cancel());
      return session.replay(witness);
    },
  );
  if (outcome.kind === "result") {
    vscode.window.setStatusBarMessage("Replayed. “TCE Scope: Run Again” restores the runs of the review.", 8_000);
    return;
  }
  if (outcome.kind !== "problem") return;
  const [problem] = outcome.problems;
  if (problem === undefined) return;
  const runAgain = "Run Again";
  const stale = problem.code === "witness-stale";
  const chosen = await vscode.window.showErrorMessage(
    `${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`,
    ...(stale ? [runAgain] : []),
  );
  if (chosen === runAgain) await vscode.commands.executeCommand("tceScope.runAgain");
}
