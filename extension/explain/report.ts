// The explanation of a kernel log as a virtual document with links into the tree.
// Must not run anything: the commands do.

import * as vscode from "vscode";
import { type Explanation, explanationText } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";

const explanationScheme = "tce-scope-explanation";
const uri = vscode.Uri.from({ scheme: explanationScheme, path: "/Explain Oops.txt" });

export class ExplanationReport implements vscode.Disposable, vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: readonly Disposes[];
  #last: { readonly tree: vscode.Uri; readonly explanation: Explanation } | undefined;

  constructor() {
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(explanationScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: explanationScheme }, this),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  /** The explanation that is shown, and the tree it refers to. */
  get last(): { readonly tree: vscode.Uri; readonly explanation: Explanation } | undefined {
    return this.#last;
  }

  provideTextDocumentContent(): string {
    return this.#last === undefined ? "No kernel log explained yet. Run “TCE Scope: Explain Oops…”.\n" : explanationText(this.#last.explanation);
  }

  /** A function's location links to its definition in the tree. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const tree = this.#last?.tree;
    if (tree === undefined) return [];
    return [...document.getText().matchAll(/ ([\w/.-]+\.[chS]):(\d+)$/gm)].map((m) => {
      const at = m.index + 1;
      const range = new vscode.Range(document.positionAt(at), document.positionAt(m.index + m[0].length));
      return new vscode.DocumentLink(range, vscode.Uri.joinPath(tree, m[1] ?? "").with({ fragment: `L${m[2] ?? "1"}` }));
    });
  }

  /** Opens the report and summarizes it in a message. "show-run": the user chose to see the run that reproduces the log. */
  async show(tree: vscode.Uri, explanation: Explanation): Promise<"show-run" | undefined> {
    this.#last = { tree, explanation };
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    await vscode.commands.executeCommand("setContext", "tceScope.hasExplainedRun", explanation.reproduction !== undefined);
    const showRun = "Show Run";
    const showMessage = explanation.verdict === "reproduced" ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const chosen = await showMessage(explanation.words, ...(explanation.reproduction === undefined ? [] : [showRun]));
    return chosen === showRun ? "show-run" : undefined;
  }
}
