// Where C text comes from. A tree is read by path relative to its root, synchronously: the compiler asks
// for hundreds of headers in the middle of its work. Layers stack (disk, unsaved editor text, patch).

export interface SourceTree {
  /** The file's text, or undefined where there is none. Paths use `/`, have no leading `/` and no `..`. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Names in a folder, those of folders with `/` at their end; undefined where the tree cannot say. */
  list?(folder: string): readonly string[] | undefined;
}
