// The lowest layer of a tree: files on disk, read synchronously and cached. A path that leaves the tree, by `..` or by a
// symbolic link, does not exist; neither does a file too large to be source text. Also finds trees below a folder.

import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync, type Stats } from "node:fs";
import { join, sep } from "node:path";
import { checkKernelTree, type KernelTreeInfo, normalPath, type SourceTree } from "../tree/index.js";

/** The largest source files of a kernel are generated register lists of some 20 MB; the code read here is far smaller. */
const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** A file that changed this shortly before it was read may change again without a new time stamp. */
const UNSETTLED_MS = 100;

interface Stamp {
  /** Device, number, size and times. */
  readonly is: string;
  readonly settled: boolean;
}

export class DiskTree implements SourceTree {
  readonly root: string;
  private readonly realRoot: string | undefined;
  private readonly texts = new Map<string, string | undefined>();
  private readonly files = new Map<string, boolean>();
  /** State of each file on disk when it was read. */
  private readonly stamps = new Map<string, Stamp>();
  /** Folders in which a file was not found, with their state at that time. */
  private readonly folders = new Map<string, string>();
  /** What exists but is no text of the tree: a folder, or a link that leaves it. */
  private readonly refused = new Set<string>();

  /** `root`: directory of the tree. If it does not exist, the tree is empty. */
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
    if (text === undefined) this.noteAbsent(normal);
    return text;
  }

  exists(path: string): boolean {
    const normal = normalPath(path);
    if (normal === undefined) return false;
    let known = this.files.get(normal) ?? (this.texts.has(normal) ? this.texts.get(normal) !== undefined : undefined);
    if (known === undefined) {
      known = this.texts.get(normal) !== undefined || this.locate(normal) !== undefined;
      this.files.set(normal, known);
      if (!known) this.noteAbsent(normal);
    }
    return known;
  }

  list(folder: string): readonly string[] | undefined {
    const normal = normalPath(folder);
    if (normal === undefined) return undefined;
    try {
      return readdirSync(join(this.root, normal), { withFileTypes: true }).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name));
    } catch {
      return undefined;
    }
  }

  /** Forgets one path, or all, because the files changed on disk. */
  invalidate(path?: string): void {
    const normal = path === undefined ? undefined : normalPath(path);
    if (normal === undefined) {
      this.texts.clear();
      this.files.clear();
      this.stamps.clear();
      this.folders.clear();
      this.refused.clear();
    } else {
      this.texts.delete(normal);
      this.files.delete(normal);
      this.stamps.delete(normal);
    }
  }

  /** Forgets the files that changed on disk since they were read; other texts stay the same strings. */
  refresh(): void {
    for (const [path, stamp] of this.stamps) if (!stamp.settled || stampOf(join(this.root, path)) !== stamp.is) this.invalidate(path);
    for (const [folder, was] of this.folders) if (stampOf(join(this.root, folder)) !== was) this.folders.delete(folder);
    const stays = (path: string): boolean => this.folders.has(folderOf(path)) && !this.refused.has(path);
    for (const [path, is] of this.files) if (is ? !this.stamps.has(path) : !stays(path)) this.files.delete(path);
    for (const [path, text] of this.texts) if (text === undefined && !stays(path)) this.texts.delete(path);
    this.refused.clear();
  }

  /** A path without a text: it can get one only when its folder changes, unless something else is there. */
  private noteAbsent(path: string): void {
    const full = join(this.root, path);
    const folder = folderOf(path);
    if (stampOf(full) !== "") this.refused.add(path);
    if (this.folders.has(folder)) return;
    const stat = statOf(join(full, ".."));
    if (stat === undefined || Date.now() - stat.mtimeMs > UNSETTLED_MS) this.folders.set(folder, stampText(stat));
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
      const stat = fstatSync(file);
      this.stamps.set(path, { is: stampText(stat), settled: Date.now() - stat.mtimeMs > UNSETTLED_MS });
      const buffer = Buffer.allocUnsafe(Math.min(stat.size, MAX_FILE_BYTES));
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
 * Kernel trees at or below `dir`, nearest first, then by name. The search is breadth first, at most six
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

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}
/** Empty where there is nothing. */
function stampText(stat: Stats | undefined): string {
  return stat === undefined ? "" : `${String(stat.dev)} ${String(stat.ino)} ${String(stat.size)} ${String(stat.mtimeMs)} ${String(stat.ctimeMs)}`;
}
function stampOf(path: string): string {
  return stampText(statOf(path));
}
function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf("/")));
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
