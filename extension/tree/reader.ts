// Reads files of a tree through the editor's file system, for an engine without a disk: in a browser or a virtual
// workspace. Lists each folder once per request, so that the many headers that do not exist cost no request each.

import * as vscode from "vscode";
import type { ReadFiles } from "../engine/index.js";

/** Concurrent reads that a file system over a network handles well. */
const atOnce = 24;
/** No source file is longer (the engine has the same limit on a disk); a longer file would only fill the memory. */
const longest = 8 * 1024 * 1024;

export class TreeReader {
  #root = "";
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, vscode.FileType> | undefined>>();

  /** Forgets the folder listings: files may have been created or deleted. */
  refresh(): void {
    this.#folders.clear();
  }

  readonly read: ReadFiles = async (root, paths) => {
    if (root !== this.#root) this.refresh();
    this.#root = root;
    const base = vscode.Uri.parse(root, true);
    const files: { path: string; text?: string }[] = [];
    const rest = [...paths];
    const work = async (): Promise<void> => {
      for (let path = rest.shift(); path !== undefined; path = rest.shift()) {
        const text = (await this.#mayExist(base, path)) ? await textOf(vscode.Uri.joinPath(base, path)) : undefined;
        files.push(text === undefined ? { path } : { path, text });
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, rest.length) }, work));
    return files;
  };

  /** Whether the listing of its folder has the file; true for a folder that cannot be listed but may exist. */
  async #mayExist(base: vscode.Uri, path: string): Promise<boolean> {
    const cut = path.lastIndexOf("/");
    const folder = cut < 0 ? "" : path.slice(0, cut);
    const entries = await this.#list(base, folder);
    if (entries !== undefined) return ((entries.get(path.slice(cut + 1)) ?? 0) & (vscode.FileType.File | vscode.FileType.SymbolicLink)) !== 0;
    return folder === "" || (await this.#folderMayExist(base, folder));
  }

  async #folderMayExist(base: vscode.Uri, folder: string): Promise<boolean> {
    const cut = folder.lastIndexOf("/");
    const parent = cut < 0 ? "" : folder.slice(0, cut);
    const entries = await this.#list(base, parent);
    if (entries === undefined) return parent === "" || this.#folderMayExist(base, parent);
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
