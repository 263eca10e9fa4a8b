// Watches the file of the patch under review: another program may download, write or edit it. Open documents are watched
// by the session. Must not depend on a view.

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
    // Glob characters in the name are literal.
    const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(uri, ".."), name.replace(/[[\]{}*?]/g, "?"));
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, false, true);
    const changed = (file: vscode.Uri): void => {
      if (file.toString() === uri.toString()) void this.#read(uri);
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
      return; // The file is gone again: the review stays as it is.
    }
    // A file that is being written is empty for a moment.
    if (text.trim() !== "" && !isOpen()) this.#session.changePatch(uri, text);
  }
}
