// Finds the file named by an #include: for `"…"` next to the including file, then among the supplied texts, then in the
// include paths in order. Records the paths that do not exist. Reads no C.
import type { SourceTree } from "../../tree/index.js";

/** Texts that are in no tree, by their path below an include directory (`generated/autoconf.h`). May be computed on demand. */
export type Supplied = Pick<ReadonlyMap<string, string>, "get">;

/** Prefix of the path of a supplied text in locations and messages. */
export const SUPPLIED_PREFIX = "<supplied>/";

export interface FoundFile {
  /** Normalized path in the tree, or SUPPLIED_PREFIX and the name. */
  readonly path: string;
  /** Value of `__FILE__`: directory and name as written. */
  readonly name: string;
  readonly text: string;
  /** Position in the chain of directories: -1 next to the includer, 0 supplied, 1… the include paths. */
  readonly dir: number;
}

/** Directory part without the final slash; empty for a file at the root. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "" : path.slice(0, slash);
}

/** Resolves `.` and `..`; undefined if the path leaves the tree. */
export function normalPath(path: string): string | undefined {
  if (!/(?:^|\/)\.{0,2}(?:\/|$)/.test(path)) return path;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join("/");
}

/** Results of searches in one tree with one set of paths, valid while the tree is unchanged. */
export class IncludeMemory {
  readonly found = new Map<string, { readonly result: FoundFile | undefined; readonly passed: readonly string[] }>();
  readonly texts = new Map<string, string | undefined>();
}

export class IncludeSearch {
  private readonly absent = new Set<string>();

  constructor(
    private readonly tree: SourceTree,
    private readonly supplied: Supplied,
    private readonly paths: readonly string[],
    private readonly memory: IncludeMemory = new IncludeMemory(),
  ) {}

  /** Paths that were read and do not exist: if one is created, the result may change. */
  missing(): string[] {
    return [...this.absent];
  }

  /** The text of a path in the tree, read once. */
  read(path: string): string | undefined {
    const { texts } = this.memory;
    let text = texts.get(path);
    if (text === undefined && !texts.has(path)) {
      text = this.tree.read(path);
      texts.set(path, text);
    }
    if (text === undefined) this.absent.add(path);
    return text;
  }

  private inTree(dir: string, name: string, position: number): FoundFile | undefined {
    const written = dir === "" ? name : `${dir}/${name}`;
    const path = normalPath(written);
    if (path === undefined || path === "") return undefined;
    const text = this.read(path);
    return text === undefined ? undefined : { path, name: written, text, dir: position };
  }

  private inChain(name: string, from: number): FoundFile | undefined {
    const key = `${String(from)} ${name}`;
    const known = this.memory.found.get(key);
    if (known !== undefined) {
      for (const path of known.passed) this.absent.add(path);
      return known.result;
    }
    let result: FoundFile | undefined;
    const passed: string[] = [];
    for (let position = from; position <= this.paths.length && result === undefined; position++) {
      if (position > 0) {
        result = this.inTree(this.paths[position - 1] ?? "", name, position);
        const path = result === undefined ? normalPath(`${this.paths[position - 1] ?? ""}/${name}`) : undefined;
        if (path !== undefined) passed.push(path);
      } else {
        const text = this.supplied.get(name);
        if (text !== undefined) result = { path: SUPPLIED_PREFIX + name, name: SUPPLIED_PREFIX + name, text, dir: 0 };
      }
    }
    this.memory.found.set(key, { result, passed });
    return result;
  }

  /** `includer`: path and `__FILE__` name of the file with the directive, undefined for forced includes. */
  find(name: string, quoted: boolean, includer: { readonly path: string; readonly name: string } | undefined): FoundFile | undefined {
    if (name === "" || name.startsWith("/")) return undefined;
    if (quoted && includer !== undefined) {
      if (includer.path.startsWith(SUPPLIED_PREFIX)) {
        const path = normalPath(`${directoryOf(includer.path).slice(SUPPLIED_PREFIX.length)}/${name}`.replace(/^\//, ""));
        const text = path === undefined ? undefined : this.supplied.get(path);
        if (path !== undefined && text !== undefined) return { path: SUPPLIED_PREFIX + path, name: SUPPLIED_PREFIX + path, text, dir: -1 };
      } else {
        const sibling = this.inTree(directoryOf(includer.name), name, -1);
        if (sibling !== undefined) return sibling;
      }
    }
    return this.inChain(name, 0);
  }

  /** For #include_next in a file found at position `dir`. */
  findNext(name: string, dir: number): FoundFile | undefined {
    return this.inChain(name, Math.max(dir, -1) + 1);
  }
}
