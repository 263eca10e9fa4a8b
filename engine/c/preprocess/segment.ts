// What stands between two #includes of a file, preprocessed once and used again: its tokens and its effect on the
// macros hold wherever every name it looked up means the same. Translation units share nearly all of the headers' text
// this way, and lose no exactness by it. Knows no directives; PpRun says where a segment begins and ends.
import type { Diagnostic, TokenStream } from "../lex/index.js";
import type { Macro } from "./macro.js";

/** Preprocessed tokens of one segment, shared by all translation units that have it. Ends with an Eof of its own. */
export interface Chunk extends TokenStream {
  /** Number of its own among all chunks of the process. */
  readonly id: number;
  readonly path: string;
}

export interface Segment {
  /** Pairs: atom of a name that was looked up, id of the macro it was (0: none). */
  readonly consulted: Int32Array;
  /** What it did to the macros, in order: pairs of a name and the macro's id, 0 for #undef. */
  readonly changes: Int32Array;
  readonly chunk: Chunk | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** #pragma once was in it. */
  readonly once: boolean;
  /** `__FILE__` as it was, where it was used. */
  readonly fileName: string | undefined;
  /** It used `__COUNTER__`. */
  readonly counted: boolean;
  /** Where the file goes on: see Frame. */
  readonly pos: number;
  readonly limit: number;
  readonly next: number;
}

/** Segments kept for one place of a file: as many as there are ways to meet it. */
const VARIANTS = 8;

export class Segments {
  private readonly at = new Map<number, Segment[]>();

  /** `ids`: id of the macro by atom. */
  find(next: number, ids: Int32Array, fileName: string): Segment | undefined {
    const known = this.at.get(next);
    if (known === undefined) return undefined;
    for (let i = 0; i < known.length; i++) {
      const s = known[i];
      if (s === undefined || !holds(s.consulted, ids) || (s.fileName !== undefined && s.fileName !== fileName)) continue;
      if (i > 0) {
        known.splice(i, 1);
        known.unshift(s);
      }
      return s;
    }
    return undefined;
  }

  add(next: number, segment: Segment): void {
    const known = this.at.get(next);
    if (known === undefined) {
      this.at.set(next, [segment]);
      return;
    }
    known.unshift(segment);
    if (known.length > VARIANTS) known.pop();
  }
}

function holds(consulted: Int32Array, ids: Int32Array): boolean {
  for (let i = 0; i < consulted.length; i += 2) if ((ids[consulted[i] ?? 0] ?? 0) !== consulted[i + 1]) return false;
  return true;
}

/** Which names were looked up since the recording began. The stamps are shared: only one recording runs at a time. */
let stamps = new Int32Array(1 << 17);
let now = 0;

export class Recording {
  readonly changes: number[] = [];
  once = false;
  fileName: string | undefined;
  /** Numbers taken from `__COUNTER__`. */
  counted = 0;
  /** Something of the run itself went in: not to be used again. */
  spoiled = false;
  private consulted = new Int32Array(256);
  private used = 0;
  private readonly stamp = ++now;

  constructor(
    readonly next: number,
    readonly diagnosticsBefore: number,
  ) {}

  /** `id` as it was before anything in this segment changed it. */
  consult(atom: number, id: number): void {
    if (stamps[atom] === this.stamp) return;
    this.mark(atom);
    if (this.used === this.consulted.length) {
      const grown = new Int32Array(this.used * 2);
      grown.set(this.consulted);
      this.consulted = grown;
    }
    this.consulted[this.used++] = atom;
    this.consulted[this.used++] = id;
  }
  /** A definition, or the name of an #undef. */
  change(what: Macro | number): void {
    const name = typeof what === "number" ? what : what.name;
    this.changes.push(name, typeof what === "number" ? 0 : what.id);
    this.mark(name);
  }
  names(): Int32Array {
    return this.consulted.slice(0, this.used);
  }

  private mark(atom: number): void {
    if (atom >= stamps.length) {
      const grown = new Int32Array(Math.max(atom + 1, stamps.length * 2));
      grown.set(stamps);
      stamps = grown;
    }
    stamps[atom] = this.stamp;
  }
}
