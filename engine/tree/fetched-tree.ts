// A tree whose files come by message: the compiler reads synchronously, so a file that is not here yet reads as absent
// and is noted; who runs the work fetches what is noted and runs it again, until nothing was missing. It must not know
// whom to ask.

import { normalPath } from "./layered-tree.js";
import type { SourceTree } from "./source-tree.js";

export class FetchedTree implements SourceTree {
  /** Text of each path that was asked for; undefined: there is no such file. */
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

  /** Something was read that is not here: what was made of this tree since `give` is worth nothing. */
  get incomplete(): boolean {
    return this.missed.size > 0;
  }

  /** The paths to fetch; they are forgotten, so that what was asked and not answered is asked again when it is read again. */
  takeMissed(): readonly string[] {
    const paths = [...this.missed];
    this.missed.clear();
    return paths;
  }

  /** `text` undefined: there is no such file. A text that stays the same stays the same string. */
  give(path: string, text: string | undefined): void {
    const normal = normalPath(path);
    if (normal !== undefined) this.texts.set(normal, text);
  }

  /** The file changed where it comes from; without a path, all may have. */
  forget(path?: string): void {
    if (path === undefined) this.texts.clear();
    else this.texts.delete(path);
  }
}
