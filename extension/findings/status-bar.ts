// The verdict in the status bar, and the context keys with which menus and key bindings depend on the session's state.

import * as vscode from "vscode";
import { disposeAll, type Disposes, outcomeWords } from "../base/index.js";
import type { ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

export class StatusBar implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #item = vscode.window.createStatusBarItem("tceScope.verdict", vscode.StatusBarAlignment.Left, 0);
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#item.name = "TCE Scope";
    this.#item.command = "tceScope.showReview";
    this.#subscriptions = [this.#item, session.onDidChange(() => this.#update()), session.onDidProgress(({ step }) => (this.#item.tooltip = step))];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  #update(): void {
    const { result, running, stale, view } = this.#session;
    this.#setContexts();
    const enabled = vscode.workspace.getConfiguration("tceScope").get<boolean>("statusBar", true);
    if (!enabled || (result === undefined && view.phase === "empty")) {
      this.#item.hide();
      return;
    }
    if (running) {
      this.#item.text = "$(sync~spin) TCE Scope";
      this.#item.tooltip = view.progress?.step ?? "Running";
    } else if (view.phase === "problem" || result === undefined) {
      this.#item.text = "$(warning) TCE Scope";
      this.#item.tooltip = view.problems[0]?.message ?? "";
    } else {
      const verdict = result.after === undefined ? outcomeWords(result.before) : `${outcomeWords(result.before)} → ${outcomeWords(result.after)}`;
      this.#item.text = `$(graph-line) ${verdict}${stale ? " (edited since)" : ""}`;
      this.#item.tooltip = `TCE Scope on Linux ${result.tree.version}\nBefore: ${result.before.covered.text}${result.after === undefined ? "" : `\nAfter: ${result.after.covered.text}`}`;
    }
    this.#item.show();
  }

  #setContexts(): void {
    const { result, running, patched, input } = this.#session;
    const paths =
      input === undefined ? [] : patched.map((file) => vscode.Uri.joinPath(input.tree, file.path)).filter((uri) => pathInTree(input.tree, uri) !== undefined);
    const set = (key: string, value: unknown): void => void vscode.commands.executeCommand("setContext", `tceScope.${key}`, value);
    set("running", running);
    set("open", input !== undefined);
    set("hasReview", result !== undefined);
    set("hasPatch", patched.length > 0);
    set("comparable", result !== undefined && input?.patch !== undefined);
    set("hunksOff", input?.hunks !== undefined);
    set("hasFindings", (result?.before.findings.length ?? 0) + (result?.after?.findings.length ?? 0) > 0);
    set(
      "patchedPaths",
      paths.map((uri) => uri.fsPath),
    );
  }
}
