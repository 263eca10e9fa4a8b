// The patch under review as a file on disk: fetched again by another program, written by git, edited elsewhere. Text open in
// an editor here reports itself. Knows no view.

import * as vscode from "vscode";
import type { ReviewSession } from "./session.js";

export class PatchWatch implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscription: vscode.Disposable;
  #watched: { readonly uri: string; readonly watcher: vscode.FileSystemWatcher } | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscription = session.onDidChange(() => this.#follow());
  }

  dispose(): void {
    this.#watched?.watcher.dispose();
    this.#subscription.dispose();
  }

  #follow(): void {
    const patch = this.#session.input?.patch;
    const uri = patch?.kind === "text" ? patch.uri : undefined;
    if (uri?.toString() === this.#watched?.uri) return;
    this.#watched?.watcher.dispose();
    this.#watched = undefined;
    if (uri === undefined || uri.scheme === "untitled") return;
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    // A glob's own signs in the name are meant as they stand.
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), name.replace(/[[\]{}*?]/g, "?"));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
    const changed = (one: vscode.Uri): void => {
      if (one.toString() === uri.toString()) void this.#read(uri);
    };
    watcher.onDidChange(changed);
    watcher.onDidCreate(changed);
    this.#watched = { uri: uri.toString(), watcher };
  }

  async #read(uri: vscode.Uri): Promise<void> {
    const isOpen = (): boolean => vscode.workspace.textDocuments.some((document) => !document.isClosed && document.uri.toString() === uri.toString());
    if (isOpen()) return;
    let text: string;
    try {
      text = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
    } catch {
      return; // It went again: the review stands.
    }
    // A file that is being written is empty for a moment.
    if (text.trim() !== "" && !isOpen()) this.#session.changePatch(uri, text);
  }
}
