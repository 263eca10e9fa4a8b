// "Explain Oops…": takes a kernel log from the selection, the clipboard or a file, asks the engine which run shows the same,
// and opens the report; from there the run itself. Whether the text is a kernel's log is for the engine to say.

import * as vscode from "vscode";
import { formatProblem } from "../../engine/base/index.js";
import { type Explanation, explanationText } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";
import type { ReviewInput, ReviewSession } from "../review/index.js";
import { findTree } from "../tree/index.js";

export const explanationScheme = "tce-scope-explanation";
const uri = vscode.Uri.from({ scheme: explanationScheme, path: "/Explain Oops.txt" });
const title = "TCE Scope: Explain Oops";
/** A log of a kernel has lines like these. */
const looksLikeLog = /Call [Tt]race:|Oops: |BUG: |\bOops\b|^\[ *\d+\.\d{6}\] /m;
const longest = 64 * 1024 * 1024;

interface Source extends vscode.QuickPickItem {
  readonly read?: () => Promise<string | undefined>;
}

export class ExplainOops implements vscode.Disposable, vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider {
  readonly #session: ReviewSession;
  readonly #memory: vscode.Memento;
  readonly #show: (input: ReviewInput) => Promise<unknown>;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: readonly Disposes[];
  #last: { readonly tree: vscode.Uri; readonly explanation: Explanation } | undefined;

  /** @param show runs a review and brings its panel to the front */
  constructor(session: ReviewSession, memory: vscode.Memento, show: (input: ReviewInput) => Promise<unknown>) {
    this.#session = session;
    this.#memory = memory;
    this.#show = show;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(explanationScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: explanationScheme }, this),
      vscode.commands.registerCommand("tceScope.explainOops", (argument: unknown) => this.#explain(argument)),
      vscode.commands.registerCommand("tceScope.showExplainedRun", () => this.#showRun()),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  provideTextDocumentContent(): string {
    return this.#last === undefined ? "No kernel log explained yet. Run “TCE Scope: Explain Oops…”.\n" : explanationText(this.#last.explanation);
  }

  /** A function's place leads to its definition in the tree. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const tree = this.#last?.tree;
    if (tree === undefined) return [];
    return [...document.getText().matchAll(/ ([\w/.-]+\.[chS]):(\d+)$/gm)].map((m) => {
      const at = m.index + 1;
      const range = new vscode.Range(document.positionAt(at), document.positionAt(m.index + m[0].length));
      return new vscode.DocumentLink(range, vscode.Uri.joinPath(tree, m[1] ?? "").with({ fragment: `L${m[2] ?? "1"}` }));
    });
  }

  /** From the palette without an argument; from the explorer, a test or a key binding with a URI or a path. */
  async #explain(argument: unknown): Promise<void> {
    const file = argument instanceof vscode.Uri ? argument : typeof argument === "string" && argument !== "" ? vscode.Uri.file(argument) : undefined;
    const text = file === undefined ? await pickText() : await readText(file);
    if (text === undefined) return;
    const tree = this.#session.input?.tree ?? (await findTree(this.#memory));
    if (tree === undefined) return;
    const outcome = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => this.#session.cancel());
      return this.#session.explain(tree, text, (step) => {
        progress.report({ message: step });
      });
    });
    switch (outcome.kind) {
      case "explained":
        return this.#tell(tree, outcome.explanation);
      case "problem": {
        const [problem] = outcome.problems;
        if (problem !== undefined) void vscode.window.showErrorMessage(formatProblem(problem).replaceAll(/\n\s*/g, " "));
        return;
      }
      case "result":
      case "debug":
      case "hunks":
      case "questions":
      case "cancelled":
        return;
    }
  }

  async #tell(tree: vscode.Uri, explanation: Explanation): Promise<void> {
    this.#last = { tree, explanation };
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
    await vscode.commands.executeCommand("setContext", "tceScope.hasExplainedRun", explanation.reproduction !== undefined);
    const showRun = "Show Run";
    const show = explanation.verdict === "reproduced" ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
    const chosen = await show(explanation.words, ...(explanation.reproduction === undefined ? [] : [showRun]));
    if (chosen === showRun) await this.#showRun();
  }

  /** The review of the scenario that came nearest, with the patch that is open. */
  async #showRun(): Promise<void> {
    const run = this.#last?.explanation.reproduction;
    if (this.#last === undefined || run === undefined) {
      void vscode.window.showInformationMessage("No explained run yet. Explain a kernel log first: “TCE Scope: Explain Oops…”.");
      return;
    }
    const { tree } = this.#last;
    const patch = this.#session.input?.tree.toString() === tree.toString() ? this.#session.input.patch : undefined;
    await this.#show({ tree, ...(patch === undefined ? {} : { patch }), scenario: { name: run.scenario, set: run.set } });
  }
}

/** Undefined: the user did not choose, or was told why there is no text. */
async function pickText(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor === undefined ? "" : editor.document.getText(editor.selection);
  const whole = editor?.document.getText() ?? "";
  const name = editor === undefined ? "" : editor.document.uri.path.slice(editor.document.uri.path.lastIndexOf("/") + 1);
  const sources: Source[] = [
    ...(selected.trim() === "" ? [] : [{ label: "$(selection) Selected text", description: name, read: () => Promise.resolve(selected) }]),
    ...(looksLikeLog.test(whole) ? [{ label: `$(file) ${name}`, description: "open editor", read: () => Promise.resolve(whole) }] : []),
    { label: "$(clippy) Clipboard", read: clipboardText },
    { label: "$(folder-opened) File…", read: browse },
  ];
  const chosen = await vscode.window.showQuickPick(sources, { title, placeHolder: "Choose a kernel log with an oops, KASAN report or call trace" });
  return chosen?.read?.();
}

async function clipboardText(): Promise<string | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== "") return text;
  void vscode.window.showWarningMessage("The clipboard is empty. Copy the kernel log as text, then run the command again.");
  return undefined;
}

async function browse(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: "Explain Oops",
      openLabel: "Explain",
      canSelectMany: false,
      filters: { "Logs and mails": ["log", "txt", "dmesg", "eml", "mbox"], "All files": ["*"] },
    })) ?? [];
  return file === undefined ? undefined : readText(file);
}

async function readText(file: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open !== undefined) return open.getText();
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > longest) {
      void vscode.window.showErrorMessage(`${file.fsPath} is larger than 64 MiB. Save only the part with the oops.`);
      return undefined;
    }
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    void vscode.window.showErrorMessage(`${file.fsPath} cannot be read. Choose a readable file.`);
    return undefined;
  }
}
