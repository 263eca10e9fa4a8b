// A segment is the text between two #includes of a file, preprocessed once and reused: its tokens and its effect on the
// macros are valid wherever every name it looked up has the same definition. Translation units share nearly all header
// text this way, without loss of exactness. Must not depend on directives; run.ts decides where segments begin and end.
import type { Diagnostic, TokenStream } from "../lex/index.js";
import type { Macro } from "./macro.js";

/** Preprocessed tokens of one segment, shared by all translation units that contain it. Ends with its own Eof. */
export interface Chunk extends TokenStream {
  /** Unique among all chunks of the process. */
  readonly id: number;
  readonly path: string;
}

export interface Segment {
  /** Pairs: atom of a name that was looked up, id of the macro it was (0: none). */
  readonly consulted: Int32Array;
  /** Changes to the macros, in order: pairs of a name and the macro's id, 0 for #undef. */
  readonly changes: Int32Array;
  readonly chunk: Chunk | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** It contains #pragma once. */
  readonly once: boolean;
  /** The value of `__FILE__`, if the segment uses it. */
  readonly fileName: string | undefined;
  /** It uses `__COUNTER__`. */
  readonly counted: boolean;
  /** Where the file continues: see Frame. */
  readonly pos: number;
  readonly limit: number;
  readonly next: number;
}

/** Segments kept for one position in a file: it may be reached with different macros defined. */
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
  /** Values taken from `__COUNTER__`. */
  counted = 0;
  /** The text depends on the run itself: not to be reused. */
  spoiled = false;
  private consulted = new Int32Array(256);
  private used = 0;
  private readonly stamp = ++now;

  constructor(
    readonly next: number,
    readonly diagnosticsBefore: number,
  ) {}

  /** `id`: the macro's id before any change in this segment. */
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
