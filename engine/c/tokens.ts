// The token stream between preprocessor and parser: parallel arrays, because a kernel file has 400,000 tokens.

export const enum Tok {
  Eof = 0,
  Ident = 1, // value: atom of the identifier (keywords are identifiers too; the parser tells them by atom)
  Number = 2, // value: atom of the spelling of the pp-number
  Char = 3, // value: atom of the spelling, with prefix and quotes
  String = 4, // value: atom of the spelling, with prefix and quotes
  Punct = 5, // value: atom of the punctuator's spelling (digraphs already replaced)
}

/**
 * Preprocessed tokens. `loc` is where the outermost macro invocation (or the token itself) stands in a file;
 * `spell` is where the token's characters stand (the macro's definition or argument); equal outside macros.
 * A location is an offset into the SourceMap's global numbering of all files read.
 */
export interface TokenStream {
  readonly length: number; // the last token is Eof
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  readonly loc: Int32Array;
  readonly spell: Int32Array;
}

/** Interned strings: same text, same number, process-wide, never freed. 0 is the empty string. */
export class Atoms {
  private readonly index = new Map<string, number>([["", 0]]);
  private readonly texts: string[] = [""];

  of(text: string): number {
    const known = this.index.get(text);
    if (known !== undefined) return known;
    const atom = this.texts.length;
    this.texts.push(text);
    this.index.set(text, atom);
    return atom;
  }
  text(atom: number): string {
    return this.texts[atom] ?? "";
  }
}

export const atoms = new Atoms();

/** The text of the tokens from..to, as written after preprocessing, cut at 60 characters. */
export function tokenText({ value }: TokenStream, from: number, to: number): string {
  let s = "";
  for (let i = from; i < to && s.length < 60; i++) {
    const t = atoms.text(value[i] ?? 0);
    s += /\w$/.test(s) && /^\w/.test(t) ? ` ${t}` : t;
  }
  return s;
}
