// Layers of one source tree: text in memory (a patch, unsaved editor text) takes precedence over the disk. A layer may also
// hide a path. Must not depend on where the lowest layer gets its text.

import type { SourceTree } from "./source-tree.js";

/** Text by path; `undefined` hides the path in every layer below (a deleted file). */
export type MapLayer = ReadonlyMap<string, string | undefined>;

export class LayeredTree implements SourceTree {
  private readonly layers: readonly MapLayer[];
  private readonly base: SourceTree;

  /** `layers` from the topmost down; the first that has a path decides. */
  constructor(layers: readonly MapLayer[], base: SourceTree) {
    this.layers = layers;
    this.base = base;
  }

  read(path: string): string | undefined {
    const normal = normalPath(path);
    if (normal === undefined) return undefined;
    for (const layer of this.layers) {
      if (layer.has(normal)) return layer.get(normal);
    }
    return this.base.read(normal);
  }

  exists(path: string): boolean {
    const normal = normalPath(path);
    if (normal === undefined) return false;
    for (const layer of this.layers) {
      if (layer.has(normal)) return layer.get(normal) !== undefined;
    }
    return this.base.exists(normal);
  }

  /** Names in the lowest layer: the layers above it change texts and rarely add files. */
  list(folder: string): readonly string[] | undefined {
    return this.base.list?.(folder);
  }
}

/** A tree backed by a map: for tests, and for text without a disk. */
export function treeOf(files: ReadonlyMap<string, string> | Readonly<Record<string, string>>): SourceTree {
  const map: ReadonlyMap<string, string> = isMap(files) ? files : new Map(Object.entries(files));
  return {
    read: (path) => map.get(normalPath(path) ?? ""),
    exists: (path) => map.has(normalPath(path) ?? ""),
  };
}

function isMap(files: ReadonlyMap<string, string> | Readonly<Record<string, string>>): files is ReadonlyMap<string, string> {
  return files instanceof Map;
}

/** A path that is normal already: no empty part, no part that begins with a dot, no invalid character. */
const plainPath = /^[^/.\\\0][^/\\\0]*(?:\/[^/.\\\0][^/\\\0]*)*$/;

/** `a//b/./c/../d` → `a/b/d`; undefined for an absolute or invalid path, and for one that leads out of the tree. */
export function normalPath(path: string): string | undefined {
  if (plainPath.test(path)) return path;
  if (path === "" || path.startsWith("/") || path.includes("\0") || path.includes("\\")) return undefined;
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") {
      if (parts.pop() === undefined) return undefined;
    } else {
      parts.push(part);
    }
  }
  return parts.length === 0 ? undefined : parts.join("/");
}
