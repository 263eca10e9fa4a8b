// One file's text to typed arrays of preprocessing tokens (C11 5.1.1.2 phases 2 and 3), once per content. Never
// throws and never reads a character more than a bounded number of times. Knows nothing of macros; preprocess/structure.ts
// finds the directives afterwards.
import type { Atoms } from "./tokens.js";
import * as C from "./chars.js";
import { blockCommentEnd, lineCommentEnd, literal, rawString, type SlowToken, splicedPunct, splicedWord } from "./slow-token.js";
import * as T from "./pp-token.js";

// Copies, because loaders that keep modules apart read an imported name through a function, each time.
const {
  ATOM_ELLIPSIS,
  ATOM_HASHHASH,
  ATOM_SHL_ASSIGN,
  ATOM_SHR_ASSIGN,
  BACKSLASH,
  CLASS,
  COLON,
  CONTINUES,
  CR,
  C_BACKSLASH,
  C_DIGIT,
  C_IDENT,
  C_NEWLINE,
  C_OTHER,
  C_PUNCT,
  C_QUOTE,
  C_SPACE,
  DOT,
  EQUAL,
  GREATER,
  LESS,
  NL,
  PERCENT,
  PREFIX,
  PUNCT1,
  PUNCT2,
  QUOTE,
  SLASH,
  SPACE,
  STAR,
  afterSplices,
  continuesNumber,
  wideIdent,
} = C;
const { F_BOL, F_SPACE, K_IDENT, K_NUMBER, K_OTHER, K_PUNCT } = T;

export interface LexProblem {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
}

export interface LexedTokens {
  readonly count: number;
  /** Kind in the lower four bits, F_SPACE and F_BOL above. */
  readonly kind: Uint8Array;
  readonly value: Int32Array;
  /** Offset of the first character. */
  readonly offset: Int32Array;
  readonly problems: readonly LexProblem[];
}

let capacity = 1 << 16;
let scratchKind = new Uint8Array(capacity);
let scratchValue = new Int32Array(capacity);
let scratchOffset = new Int32Array(capacity);

function growScratch(): void {
  capacity *= 2;
  const kind = new Uint8Array(capacity);
  kind.set(scratchKind);
  scratchKind = kind;
  const value = new Int32Array(capacity);
  value.set(scratchValue);
  scratchValue = value;
  const offset = new Int32Array(capacity);
  offset.set(scratchOffset);
  scratchOffset = offset;
}

/** Ends every text with a newline that no splice takes away: the loops below stop there. Offsets stay the same. */
function closed(source: string): string {
  const before = source.charCodeAt(source.length - 2);
  const plain = source.endsWith("\n") && before !== BACKSLASH && before !== SPACE && before !== 9 && before !== CR;
  return plain ? source : `${source}\n\n`;
}

export function lexText(source: string, atoms: Atoms): LexedTokens {
  const text = closed(source);
  const problems: LexProblem[] = [];
  const n = text.length;
  const spliced = text.includes("*\\");
  const endless = new Set<string>();
  let kinds = scratchKind;
  let values = scratchValue;
  let offsets = scratchOffset;
  let count = 0;
  let flags = F_BOL;
  let i = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  while (i < n) {
    let c = text.charCodeAt(i);
    let cls = c < 128 ? CLASS[c] : wideIdent(c) ? C_IDENT : c === 0xfffd ? C_OTHER : C_SPACE;
    if (cls === C_SPACE) {
      flags |= F_SPACE;
      i++;
      continue;
    }
    if (cls === C_NEWLINE) {
      if (c === NL) flags = F_BOL;
      i++;
      continue;
    }
    if (count === capacity) {
      growScratch();
      kinds = scratchKind;
      values = scratchValue;
      offsets = scratchOffset;
    }
    const start = i;
    if (cls === C_BACKSLASH) {
      i = afterSplices(text, i);
      if (i !== start) continue;
      cls = C_OTHER;
    }
    offsets[count] = start;
    if (cls === C_IDENT || cls === C_DIGIT) {
      let kind = K_NUMBER;
      let hash = 0;
      if (cls === C_IDENT) {
        kind = K_IDENT;
        do {
          hash = (Math.imul(hash, 31) + c) | 0;
          c = text.charCodeAt(++i);
        } while (c < 128 ? CONTINUES[c] === 1 : wideIdent(c));
      } else {
        let previous = 0;
        do {
          hash = (Math.imul(hash, 31) + c) | 0;
          previous = c;
          c = text.charCodeAt(++i);
        } while (c < 128 ? CONTINUES[c] === 1 || c === DOT || ((c === 43 || c === 45) && continuesNumber(c, previous)) : wideIdent(c));
      }
      let atom: number;
      if (c === BACKSLASH && afterSplices(text, i) !== i) {
        const word = splicedWord(atoms, text, start, i, kind);
        atom = word.atom;
        i = word.end;
        c = text.charCodeAt(i);
      } else atom = atoms.slice(text, start, i, hash);
      if (kind === K_IDENT && (c === QUOTE || c === 39) && i - start <= 3) {
        const prefix = PREFIX.get(atom);
        if (prefix === 1 || (prefix === 2 && c === QUOTE)) {
          let token: SlowToken | undefined;
          if (prefix === 2) {
            token = rawString(atoms, text, start, i, endless);
            if (token === undefined) problems.push({ code: "lex-raw-string", message: "unterminated raw string", offset: start });
          }
          token ??= literal(atoms, text, start, i, c);
          kinds[count] = token.kind | flags;
          values[count++] = token.atom;
          i = token.end;
          flags = 0;
          continue;
        }
      }
      kinds[count] = kind | flags;
      values[count++] = atom;
      flags = 0;
      continue;
    }
    if (cls === C_QUOTE) {
      const token = literal(atoms, text, start, i, c);
      kinds[count] = token.kind | flags;
      values[count++] = token.atom;
      i = token.end;
      flags = 0;
      continue;
    }
    if (cls === C_PUNCT) {
      const c2 = text.charCodeAt(i + 1);
      // Where the second character really is.
      const second = c2 === BACKSLASH ? afterSplices(text, i + 1) : i + 1;
      if (c === SLASH) {
        const opens = text.charCodeAt(second);
        if (opens === STAR) {
          i = blockCommentEnd(text, second + 1, spliced);
          if (i < 0) {
            problems.push({ code: "lex-comment", message: "unterminated comment", offset: start });
            i = n;
          }
          flags |= F_SPACE;
          continue;
        }
        if (opens === SLASH) {
          i = lineCommentEnd(text, second + 1);
          flags |= F_SPACE;
          continue;
        }
      }
      if (second !== i + 1) {
        const token = splicedPunct(atoms, text, i, c, second);
        kinds[count] = token.kind | flags;
        values[count++] = token.atom;
        i = token.end;
        flags = 0;
        continue;
      }
      if (c === DOT) {
        if (c2 >= 48 && c2 <= 57) {
          let previous = 0;
          let hash = 0;
          do {
            hash = (Math.imul(hash, 31) + c) | 0;
            previous = c;
            c = text.charCodeAt(++i);
          } while (continuesNumber(c, previous));
          kinds[count] = K_NUMBER | flags;
          values[count++] = atoms.slice(text, start, i, hash);
          flags = 0;
          continue;
        }
        const third = c2 === DOT ? afterSplices(text, i + 2) : n;
        const ellipsis = text.charCodeAt(third) === DOT;
        kinds[count] = K_PUNCT | flags;
        values[count++] = ellipsis ? ATOM_ELLIPSIS : (PUNCT1[DOT] ?? 0);
        flags = 0;
        i = ellipsis ? third + 1 : i + 1;
        continue;
      }
      let atom = c2 < 128 ? (PUNCT2[c * 128 + c2] ?? 0) : 0;
      i += 2;
      if (atom === 0) {
        atom = PUNCT1[c] ?? 0;
        i--;
      } else if (c === c2 && (c === LESS || c === GREATER)) {
        let third = i;
        if (text.charCodeAt(third) === BACKSLASH) third = afterSplices(text, third);
        if (text.charCodeAt(third) === EQUAL) {
          atom = c === LESS ? ATOM_SHL_ASSIGN : ATOM_SHR_ASSIGN;
          i = third + 1;
        }
      } else if (c === PERCENT && c2 === COLON && text.charCodeAt(i) === PERCENT && text.charCodeAt(i + 1) === COLON) {
        atom = ATOM_HASHHASH;
        i += 2;
      }
      kinds[count] = K_PUNCT | flags;
      values[count++] = atom;
      flags = 0;
      continue;
    }
    i++;
    // A surrogate pair or any other stray character is one token of its own.
    kinds[count] = K_OTHER | flags;
    values[count++] = atoms.of(text.slice(start, i));
    flags = 0;
  }

  return { count, kind: kinds.slice(0, count), value: values.slice(0, count), offset: offsets.slice(0, count), problems };
}
