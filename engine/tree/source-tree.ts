// A source of C text. A tree is read by path relative to its root, and synchronously: the compiler reads hundreds of headers
// while it preprocesses.

export interface SourceTree {
  /** The file's text; undefined if there is no such file. Paths use `/`, have no leading `/` and no `..`. */
  read(path: string): string | undefined;
  exists(path: string): boolean;
  /** Names in a folder, those of folders with a trailing `/`; undefined if the tree cannot list it. */
  list?(folder: string): readonly string[] | undefined;
}
