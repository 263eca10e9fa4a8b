// The preprocessor's output: growing typed arrays that become a TokenStream. Must not depend on macros.
import type { Chunk } from "./segment.js";
import { type Atoms, Tok, type TokenStream } from "../lex/index.js";

let nextChunk = 1;

export function chunkOf(path: string, tokens: TokenStream): Chunk {
  return { id: nextChunk++, path, ...tokens };
}

interface Buffers {
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  readonly loc: Int32Array;
  readonly spell: Int32Array;
}
/** Buffers of the previous run, reused by the next one unless they are very large. */
let spare: Buffers | undefined;
const SPARE = 1 << 18;

export class TokenOutput {
  length = 0;
  /** Tokens already taken as chunks. */
  private taken = 0;
  private kind: Uint8Array;
  private value: Int32Array;
  private loc: Int32Array;
  private spell: Int32Array;

  private capacity: number;

  constructor(private readonly atoms: Atoms) {
    const first = 1 << 13;
    const { kind, value, loc, spell } = spare ?? {
      kind: new Uint8Array(first),
      value: new Int32Array(first),
      loc: new Int32Array(first),
      spell: new Int32Array(first),
    };
    spare = undefined;
    this.capacity = kind.length;
    this.kind = kind;
    this.value = value;
    this.loc = loc;
    this.spell = spell;
  }
  /** Leaves the buffers to the next run. */
  release(): void {
    const { kind, value, loc, spell } = this;
    if (this.capacity <= SPARE) spare = { kind, value, loc, spell };
  }

  push(kind: number, value: number, loc: number, spell: number): void {
    const at = this.length;
    if (at === this.capacity) this.grow();
    this.kind[at] = kind;
    this.value[at] = value;
    this.loc[at] = loc;
    this.spell[at] = spell;
    this.length = at + 1;
  }

  private grow(): void {
    this.capacity *= 2;
    const wider = (old: Int32Array): Int32Array => {
      const grown = new Int32Array(this.capacity);
      grown.set(old);
      return grown;
    };
    const kind = new Uint8Array(this.capacity);
    kind.set(this.kind);
    this.kind = kind;
    this.value = wider(this.value);
    this.loc = wider(this.loc);
    this.spell = wider(this.spell);
  }

  get total(): number {
    return this.taken + this.length;
  }

  /** The tokens since the last call, followed by an Eof at `end`; undefined if there are none. */
  take(path: string, end: number): Chunk | undefined {
    const { length } = this;
    if (length === 0) return undefined;
    this.push(Tok.Eof, 0, end, end);
    const chunk = chunkOf(path, this.stream());
    this.length = 0;
    this.taken += length;
    return chunk;
  }

  stream(): TokenStream {
    const { length } = this;
    return {
      atoms: this.atoms,
      length,
      kind: this.kind.slice(0, length),
      value: this.value.slice(0, length),
      loc: this.loc.slice(0, length),
      spell: this.spell.slice(0, length),
    };
  }
}

/** The tokens of all chunks in one stream, with an Eof at `end`. */
export function joinChunks(atoms: Atoms, chunks: readonly TokenStream[], end: number): TokenStream {
  let length = 1;
  for (const c of chunks) length += c.length - 1;
  const kind = new Uint8Array(length);
  const value = new Int32Array(length);
  const loc = new Int32Array(length);
  const spell = new Int32Array(length);
  let at = 0;
  for (const c of chunks) {
    kind.set(c.kind, at);
    value.set(c.value, at);
    loc.set(c.loc, at);
    spell.set(c.spell, at);
    at += c.length - 1;
  }
  loc[at] = spell[at] = end;
  return { atoms, length, kind, value, loc, spell };
}
