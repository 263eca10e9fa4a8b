// A tree whose files arrive by message. The compiler reads synchronously, so a file that has not arrived reads as absent and
// is recorded; the caller fetches what was recorded and compiles again until nothing is missing. Must not depend on where
// files are fetched from.

import { normalPath } from "./layered-tree.js";
import type { SourceTree } from "./source-tree.js";

export class FetchedTree implements SourceTree {
  /** Text by path; undefined: there is no such file. */
  private readonly texts = new Map<string, string | undefined>();
  private readonly missed = new Set<string>();

  constructor(readonly root: string) {}

  read(path: string): string | undefined {
    const normal = normalPath(path);
    if (normal === undefined) return undefined;
    const text = this.texts.get(normal);
    if (text === undefined && !this.texts.has(normal)) this.missed.add(normal);
    return text;
  }

  exists(path: string): boolean {
    return this.read(path) !== undefined;
  }

  /** A file was read that has not arrived: results based on this tree are invalid. */
  get incomplete(): boolean {
    return this.missed.size > 0;
  }

  /** The paths to fetch. Clears them, so that a path that was not supplied is recorded again when it is read again. */
  takeMissed(): readonly string[] {
    const paths = [...this.missed];
    this.missed.clear();
    return paths;
  }

  /** `text` undefined: there is no such file. */
  give(path: string, text: string | undefined): void {
    const normal = normalPath(path);
    if (normal !== undefined) this.texts.set(normal, text);
  }

  /** The file changed at its source; without a path, any file may have. */
  forget(path?: string): void {
    if (path === undefined) this.texts.clear();
    else this.texts.delete(path);
  }
}
