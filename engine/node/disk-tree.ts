// The lowest layer of a tree: files on disk, read synchronously and kept. A path that leaves the tree, by `..` or by
// a symbolic link, does not exist, nor does a file too large to be source text. Also finds trees below a folder.

import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { checkKernelTree } from "../tree/kernel-tree.js";
import type { KernelTreeInfo } from "../tree/kernel-tree.js";
import { normalPath } from "../tree/layered-tree.js";
import type { SourceTree } from "../tree/source-tree.js";

/** The largest source files of a kernel are generated register lists of some 20 MB; the code read here is far smaller. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

export class DiskTree implements SourceTree {
  readonly root: string;
  private readonly realRoot: string | undefined;
  private readonly texts = new Map<string, string | undefined>();
  private readonly files = new Map<string, boolean>();

  /** `root`: directory of the tree. One that does not exist is an empty tree. */
  constructor(root: string) {
    this.root = root;
    this.realRoot = realPath(root);
  }

  read(path: string): string | undefined {
    const normal = normalPath(path);
    if (normal === undefined) return undefined;
    if (this.texts.has(normal)) return this.texts.get(normal);
    const text = this.load(normal);
    this.texts.set(normal, text);
    return text;
  }

  exists(path: string): boolean {
    const normal = normalPath(path);
    if (normal === undefined) return false;
    let known = this.files.get(normal);
    if (known === undefined) {
      known = this.texts.get(normal) !== undefined || this.locate(normal) !== undefined;
      this.files.set(normal, known);
    }
    return known;
  }

  /** Forget what was read of one path, or of all: the file changed on disk. */
  invalidate(path?: string): void {
    const normal = path === undefined ? undefined : normalPath(path);
    if (normal === undefined) {
      this.texts.clear();
      this.files.clear();
    } else {
      this.texts.delete(normal);
      this.files.delete(normal);
    }
  }

  /** The real path of a regular file within the tree. */
  private locate(path: string): string | undefined {
    if (this.realRoot === undefined) return undefined;
    const real = realPath(join(this.realRoot, path));
    if (real === undefined || !inside(this.realRoot, real)) return undefined;
    try {
      const stat = statSync(real);
      return stat.isFile() && stat.size <= MAX_FILE_BYTES ? real : undefined;
    } catch {
      return undefined;
    }
  }

  private load(path: string): string | undefined {
    const real = this.locate(path);
    if (real === undefined) return undefined;
    let file: number | undefined;
    try {
      file = openSync(real, "r");
      const buffer = Buffer.allocUnsafe(Math.min(fstatSync(file).size, MAX_FILE_BYTES));
      let length = 0;
      while (length < buffer.length) {
        const read = readSync(file, buffer, length, buffer.length - length, length);
        if (read === 0) break;
        length += read;
      }
      return buffer.toString("utf8", 0, length);
    } catch {
      return undefined;
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}

export interface KernelTreeCandidate {
  /** Absolute directory that holds the kernel's Makefile. */
  readonly root: string;
  readonly info: KernelTreeInfo;
  /** Folders between the searched one and this one. */
  readonly depth: number;
}

const SKIPPED_FOLDERS: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn", ".repo", ".vscode", "__pycache__"]);
const MAX_DEPTH = 6;
const MAX_FOLDERS = 4000;

/**
 * Kernel trees at or below `dir`, nearest first, in the order of their names. The search goes breadth first, at most six
 * folders deep and through at most 4000 folders; it follows no links and does not look inside a tree it has found.
 */
export function findKernelTree(dir: string): readonly KernelTreeCandidate[] {
  const found: KernelTreeCandidate[] = [];
  let level: readonly string[] = [dir];
  let visited = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      visited += 1;
      if (visited > MAX_FOLDERS) return found;
      const entries = foldersAndMakefile(folder);
      if (entries.makefile) {
        const checked = checkKernelTree(new DiskTree(folder));
        if (checked.ok) {
          found.push({ root: folder, info: checked.value, depth });
          continue;
        }
      }
      for (const name of entries.folders) next.push(join(folder, name));
    }
    level = next;
  }
  return found;
}

function foldersAndMakefile(folder: string): { readonly folders: readonly string[]; readonly makefile: boolean } {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory() && !SKIPPED_FOLDERS.has(entry.name)).map((entry) => entry.name);
    return { folders: folders.sort(), makefile: entries.some((entry) => entry.name === "Makefile") };
  } catch {
    return { folders: [], makefile: false };
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function inside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
