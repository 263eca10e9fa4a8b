// Replay of a witness: pasted or picked, it is played again and takes its variant's place in the review; a witness of
// another program is told as stale. The review's own runs come back with “Run Again”.

import * as vscode from "vscode";
import type { ReviewSession } from "./review-session.js";
import { inReadingOrder, severityMark, variantWords } from "../base/index.js";

const shape = /^[\w-]+:[^:]*:(?:before|after):[0-9a-f]+:[0-9a-z-]+$/;

export class WitnessReplay implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscriptions: vscode.Disposable;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = vscode.Disposable.from(
      vscode.commands.registerCommand("tceScope.replayWitness", (witness: unknown) => this.#replayWitness(witness)),
      vscode.commands.registerCommand("tceScope.replayFinding", (variant: unknown, index: unknown) => {
        if (variant !== "before" && variant !== "after") return undefined;
        const witness = session.result?.[variant]?.findings[Number(index)]?.witness;
        return witness === undefined ? undefined : this.#replay(witness);
      }),
      vscode.commands.registerCommand("tceScope.showInTimeline", async (variant: unknown, index: unknown) => {
        await vscode.commands.executeCommand("tceScope.showFinding", variant, index);
        await vscode.commands.executeCommand("tceScope.showTimeline");
      }),
    );
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #replayWitness(given: unknown): Promise<void> {
    const { result } = this.#session;
    if (result === undefined) {
      void vscode.window.showInformationMessage("Replaying needs a review. Start one with “TCE Scope: Review Patch…”.");
      return;
    }
    const witness = typeof given === "string" ? given : await this.#choose();
    if (witness !== undefined) await this.#replay(witness.trim());
  }

  /** One typed or pasted, or one of the review's. */
  #choose(): Promise<string | undefined> {
    const { result } = this.#session;
    const alone = result?.after === undefined;
    const own = (["before", "after"] as const).flatMap((variant) => {
      const seen = new Set<string>();
      return inReadingOrder(result?.[variant]?.findings ?? []).flatMap((f) => {
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
      // Whoever fetches a witness elsewhere comes back to it.
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
                  description: shape.test(typed) ? "pasted witness" : "incomplete; expected scenario:parameters:before|after:hash:decisions",
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

  async #replay(witness: string): Promise<void> {
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: "TCE Scope: replaying", cancellable: true },
      (_progress, token) => {
        token.onCancellationRequested(() => this.#session.cancel());
        return this.#session.replay(witness);
      },
    );
    if (outcome.kind === "result") {
      vscode.window.setStatusBarMessage("Replayed. “TCE Scope: Run Again” restores the runs of the review.", 8_000);
      return;
    }
    if (outcome.kind !== "problem") return;
    const [problem] = outcome.problems;
    if (problem === undefined) return;
    const again = "Run Again";
    const stale = problem.code === "witness-stale";
    const chosen = await vscode.window.showErrorMessage(`${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`, ...(stale ? [again] : []));
    if (chosen === again) await vscode.commands.executeCommand("tceScope.runAgain");
  }
}
