// Starting a review for the user: the panel comes to the front, progress is shown, problems are reported.
// Not a command: several commands start runs.

import * as vscode from "vscode";
import { type PatchInput, reveal, type ReviewInput, type ReviewSession } from "../review/index.js";
import { panelViewId } from "../pages/index.js";
import { scenarioFor } from "../scenarios/index.js";
import { findTree } from "../tree/index.js";
import type { Services } from "./command.js";

type Run = ReturnType<ReviewSession["start"]>;

/** A run that takes longer shows its progress, with a button to cancel. */
const progressAfterMs = 700;

/** Reviews a patch with the scenario of the last review; does nothing without a patch or a tree. */
export async function startReview(services: Services, patch: PatchInput | undefined): Promise<void> {
  if (patch === undefined) return;
  const { context, session } = services;
  const tree = await findTree(context.workspaceState);
  if (tree === undefined) return;
  services.findings.forget();
  await showRunInPanel(services, session.start({ tree, patch, scenario: await scenarioFor(tree, session.input?.scenario) }));
  if (session.result?.patch !== undefined && vscode.workspace.getConfiguration("tceScope").get<boolean>("questions", true)) void session.ask();
}

/** Runs an input that something other than a review command built. */
export async function openReview(services: Services, input: ReviewInput): Promise<void> {
  services.findings.forget();
  await showRunInPanel(services, services.session.start(input));
}

/** The run starts before the panel opens: a panel that opens first would restore the review of the last window. */
export async function showRunInPanel(services: Services, run: Run): Promise<void> {
  await vscode.commands.executeCommand(`${panelViewId}.focus`);
  await watchRun(services, run);
}

/** Shows progress once a run takes noticeable time and the panel, which also shows it, is not visible. */
export async function watchRun({ session, panelVisible }: Services, run: Run | undefined): Promise<void> {
  if (run === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t("No review to run again. Start one with “TCE Scope: Review Patch…”."));
    return;
  }
  const timer = setTimeout(() => {
    if (panelVisible()) return;
    void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: "TCE Scope", cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => session.cancel());
      let done = 0;
      const following = session.onDidProgress(({ step, fraction }) => {
        progress.report({ message: step, increment: Math.max(0, fraction * 100 - done) });
        done = Math.max(done, fraction * 100);
      });
      return run.then(() => void following.dispose());
    });
  }, progressAfterMs);
  const outcome = await run;
  clearTimeout(timer);
  // The panel shows the problem, with a link to its place.
  if (outcome.kind !== "problem" || panelVisible()) return;
  const [problem] = outcome.problems;
  if (problem === undefined) return;
  const open = "Show";
  const place = problem.place;
  const text = `${place === undefined ? "" : `${place.file}:${place.line}: `}${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`;
  const chosen = await vscode.window.showErrorMessage(text, ...(place === undefined ? [] : [open]));
  if (chosen === open && place !== undefined) await reveal(session, { file: place.file, line: place.line, variant: "before" });
}
