// The token stream between preprocessor and parser: parallel arrays, because a kernel file has 400,000 tokens.

export const enum Tok {
  Eof = 0,
  Ident = 1, // value: atom of the identifier (keywords are identifiers too; the parser recognizes them by atom)
  Number = 2, // value: atom of the spelling of the pp-number
  Char = 3, // value: atom of the spelling, with prefix and quotes
  String = 4, // value: atom of the spelling, with prefix and quotes
  Punct = 5, // value: atom of the punctuator's spelling (digraphs already replaced)
}

/**
 * Preprocessed tokens. `loc` is the location of the outermost macro invocation, or of the token itself; `spell` is the
 * location of the token's characters, in a macro's definition or argument. Outside macros they are equal. A location is a
 * number of the SourceMap.
 */
export interface TokenStream {
  /** The table that `value` refers to. */
  readonly atoms: Atoms;
  readonly length: number; // the last token is Eof
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  readonly loc: Int32Array;
  readonly spell: Int32Array;
}

/** Tokens that are parsed together. */
export interface TokenBlock {
  readonly tokens: TokenStream;
  /** Position of the first token in the translation unit; positions of symbols count from the unit's first token. */
  readonly base: number;
}

/** Spellings that the compiler itself compares with. They have the same atom in every table. */
const fixedTexts: string[] = [""];
const fixedNumbers = new Map<string, number>([["", 0]]);
let sealed = false;

/** The atom of a spelling that is in every table. For module constants only: no spelling can be added once a table exists. */
export function fixed(text: string): number {
  let atom = fixedNumbers.get(text);
  if (atom === undefined) {
    if (sealed) throw new Error(`'${text}' must be known before the first text is read`);
    atom = fixedTexts.length;
    fixedTexts.push(text);
    fixedNumbers.set(text, atom);
  }
  return atom;
}

/**
 * Interned strings: the same text has the same atom for the life of the table; 0 is the empty string. A table only grows
 * and is released with its PpCache. Atoms of different tables are unrelated.
 */
export class Atoms {
  private readonly texts: string[] = [""];
  /** Open addressing by hash; the hash of each atom is kept for growing. Slot value 0 is free: the empty text is never looked up. */
  private mask = (1 << 12) - 1;
  private slots = new Int32Array(this.mask + 1);
  private hashes = new Int32Array(1 << 11);

  constructor() {
    sealed = true;
    for (const text of fixedTexts) this.of(text);
  }

  of(text: string): number {
    if (text === "") return 0;
    let hash = 0;
    for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
    return this.slice(text, 0, text.length, hash);
  }
  /** Atom of `text` from `start` up to `end`; `hash` is 31 * hash + character, in 32 bits, over these characters. */
  slice(text: string, start: number, end: number, hash: number): number {
    const { slots, mask, texts, hashes } = this;
    const length = end - start;
    let slot = (hash ^ (hash >>> 15)) & mask;
    for (;;) {
      const atom = slots[slot] ?? 0;
      if (atom === 0) break;
      if (hashes[atom] === hash && same(text, start, length, texts[atom] ?? "")) return atom;
      slot = (slot + 1) & mask;
    }
    const fresh = texts.length;
    // In V8 a slice of 13 or more characters would keep the text that it was cut from alive.
    const spelling = text.slice(start, end);
    texts.push(length < 13 ? spelling : spelling.split("").join(""));
    slots[slot] = fresh;
    if (fresh === hashes.length) {
      this.hashes = new Int32Array(fresh * 2);
      this.hashes.set(hashes);
    }
    this.hashes[fresh] = hash;
    if (fresh * 2 > mask) this.grow();
    return fresh;
  }
  private grow(): void {
    this.mask = this.mask * 2 + 1;
    this.slots = new Int32Array(this.mask + 1);
    for (let atom = 1; atom < this.texts.length; atom++) {
      const hash = this.hashes[atom] ?? 0;
      let slot = (hash ^ (hash >>> 15)) & this.mask;
      while (this.slots[slot] !== 0) slot = (slot + 1) & this.mask;
      this.slots[slot] = atom;
    }
  }
  text(atom: number): string {
    return this.texts[atom] ?? "";
  }
}

function same(text: string, start: number, length: number, known: string): boolean {
  if (known.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(start + i) !== known.charCodeAt(i)) return false;
  return true;
}

/** The text of the preprocessed tokens [from, to), ended after the token that reaches 60 characters. */
export function tokenText({ value, atoms }: TokenStream, from: number, to: number): string {
  let s = "";
  for (let i = from; i < to && s.length < 60; i++) {
    const t = atoms.text(value[i] ?? 0);
    s += /\w$/.test(s) && /^\w/.test(t) ? ` ${t}` : t;
  }
  return s;
}
