// Reads files of a tree through the editor's file system, for an engine that has no disk: a browser, a virtual workspace.
// Folders are listed once a request, so that the many headers that are not there cost no question each.

import * as vscode from "vscode";
import type { ReadFiles } from "../engine/index.js";

/** As many as a file system over a network takes well at a time. */
const atOnce = 24;
/** No source text is longer (see the disk's limit); a longer file would only fill the memory. */
const longest = 8 * 1024 * 1024;

export class TreeReader {
  #root = "";
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, vscode.FileType> | undefined>>();

  /** Forgets the folders: files may have come or gone. */
  refresh(): void {
    this.#folders.clear();
  }

  readonly read: ReadFiles = async (root, paths) => {
    if (root !== this.#root) this.refresh();
    this.#root = root;
    const base = vscode.Uri.parse(root, true);
    const answers: { path: string; text?: string }[] = [];
    const rest = [...paths];
    const work = async (): Promise<void> => {
      for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
        const text = (await this.#isThere(base, path)) ? await textOf(vscode.Uri.joinPath(base, path)) : undefined;
        answers.push(text === undefined ? { path } : { path, text });
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, rest.length) }, work));
    return answers;
  };

  /** Whether a file stands there, as far as the listing of its folder tells; a folder that cannot be listed tells nothing. */
  async #isThere(base: vscode.Uri, path: string): Promise<boolean> {
    const cut = path.lastIndexOf("/");
    const folder = cut < 0 ? "" : path.slice(0, cut);
    const entries = await this.#list(base, folder);
    if (entries !== undefined) return ((entries.get(path.slice(cut + 1)) ?? 0) & (vscode.FileType.File | vscode.FileType.SymbolicLink)) !== 0;
    return folder === "" || (await this.#folderMayBe(base, folder));
  }

  async #folderMayBe(base: vscode.Uri, folder: string): Promise<boolean> {
    const cut = folder.lastIndexOf("/");
    const parent = cut < 0 ? "" : folder.slice(0, cut);
    const entries = await this.#list(base, parent);
    if (entries === undefined) return parent === "" || this.#folderMayBe(base, parent);
    return ((entries.get(folder.slice(cut + 1)) ?? 0) & (vscode.FileType.Directory | vscode.FileType.SymbolicLink)) !== 0;
  }

  #list(base: vscode.Uri, folder: string): Promise<ReadonlyMap<string, vscode.FileType> | undefined> {
    let listed = this.#folders.get(folder);
    if (listed === undefined) {
      listed = entriesOf(folder === "" ? base : vscode.Uri.joinPath(base, folder));
      this.#folders.set(folder, listed);
    }
    return listed;
  }
}

async function entriesOf(folder: vscode.Uri): Promise<ReadonlyMap<string, vscode.FileType> | undefined> {
  try {
    return new Map(await vscode.workspace.fs.readDirectory(folder));
  } catch {
    return undefined;
  }
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length > longest ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
