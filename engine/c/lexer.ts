// One file's text to typed arrays of preprocessing tokens (C11 5.1.1.2 phases 2 and 3), once per content. Never
// throws and never reads a character more than a bounded number of times. Knows nothing of macros; pp-structure.ts
// finds the directives afterwards.
import { atoms } from "./tokens.js";
import { internSlice } from "./pp-interner.js";
import { F_BOL, F_SPACE, K_CHAR, K_IDENT, K_NUMBER, K_OTHER, K_PUNCT, K_STRING } from "./pp-token.js";

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

const C_OTHER = 0;
const C_SPACE = 1;
const C_NEWLINE = 2;
const C_IDENT = 3;
const C_DIGIT = 4;
const C_PUNCT = 5;
const C_QUOTE = 6;
const C_BACKSLASH = 7;

const CLASS = new Uint8Array(128);
const PUNCT1 = new Int32Array(128);
/** Index: first character * 128 + second. */
const PUNCT2 = new Int32Array(128 * 128);
/** Prefixes of literals, by atom: 1 plain, 2 raw. */
const PREFIX = new Map<number, 1 | 2>();

for (let c = 0; c < 128; c++) {
  const ch = String.fromCharCode(c);
  if (/[A-Za-z_$]/.test(ch)) CLASS[c] = C_IDENT;
  else if (/[0-9]/.test(ch)) CLASS[c] = C_DIGIT;
  else if (/[ \t\v\f\0]/.test(ch)) CLASS[c] = C_SPACE;
  else if (/[\r\n]/.test(ch)) CLASS[c] = C_NEWLINE;
  else if (/["']/.test(ch)) CLASS[c] = C_QUOTE;
  else if (ch === "\\") CLASS[c] = C_BACKSLASH;
  else if ("[](){}.&*+-~!/%<>^|?:;=,#".includes(ch)) {
    CLASS[c] = C_PUNCT;
    PUNCT1[c] = atoms.of(ch);
  }
}
for (const two of ["->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "##"])
  PUNCT2[two.charCodeAt(0) * 128 + two.charCodeAt(1)] = atoms.of(two);
for (const [digraph, meant] of [
  ["<:", "["],
  [":>", "]"],
  ["<%", "{"],
  ["%>", "}"],
  ["%:", "#"],
] as const)
  PUNCT2[digraph.charCodeAt(0) * 128 + digraph.charCodeAt(1)] = atoms.of(meant);
for (const prefix of ["L", "u", "U", "u8"]) PREFIX.set(atoms.of(prefix), 1);
for (const prefix of ["R", "LR", "uR", "UR", "u8R"]) PREFIX.set(atoms.of(prefix), 2);

const ATOM_ELLIPSIS = atoms.of("...");
const ATOM_SHL_ASSIGN = atoms.of("<<=");
const ATOM_SHR_ASSIGN = atoms.of(">>=");
const ATOM_HASHHASH = atoms.of("##");

const NL = 10;
const CR = 13;
const SPACE = 32;
const QUOTE = 34;
const PERCENT = 37;
const STAR = 42;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const LESS = 60;
const EQUAL = 61;
const GREATER = 62;
const BACKSLASH = 92;

/** 1 for characters that go on an identifier. */
const CONTINUES = new Uint8Array(128);
for (let c = 0; c < 128; c++) if (CLASS[c] === C_IDENT || CLASS[c] === C_DIGIT) CONTINUES[c] = 1;

/** Identifier characters outside ASCII: all but the blanks and marks that editors smuggle in. */
function wideIdent(c: number): boolean {
  return c > 0xa0 && c !== 0xfeff && c !== 0xfffd && !(c >= 0x2000 && c <= 0x206f) && c !== 0x3000;
}
function continues(c: number): boolean {
  return c < 128 ? CONTINUES[c] === 1 : wideIdent(c);
}
function continuesNumber(c: number, previous: number): boolean {
  if (continues(c) || c === DOT) return true;
  // 6.4.8: a sign belongs to a number after an exponent's letter.
  return (c === 43 || c === 45) && (previous === 101 || previous === 69 || previous === 112 || previous === 80);
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

/** Index after the splices (backslash, blanks, newline) that stand at `i`; `i` itself if there is none. */
function afterSplices(text: string, i: number): number {
  for (;;) {
    if (text.charCodeAt(i) !== BACKSLASH) return i;
    let j = i + 1;
    let c = text.charCodeAt(j);
    while (c === SPACE || c === 9 || c === CR) c = text.charCodeAt(++j);
    if (c !== NL) return i;
    i = j + 1;
  }
}

/** End of a `//` comment: the newline that no backslash hides. */
function lineCommentEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    let back = end - 1;
    while (back >= from && (text.charCodeAt(back) === CR || text.charCodeAt(back) === SPACE || text.charCodeAt(back) === 9)) back--;
    if (back < from || text.charCodeAt(back) !== BACKSLASH) return end;
    at = end + 1;
  }
}

/** End of the comment opened before `from`, or -1. `spliced`: a splice may stand between `*` and `/` in this text. */
function blockCommentEnd(text: string, from: number, spliced: boolean): number {
  if (!spliced) {
    const end = text.indexOf("*/", from);
    return end < 0 ? -1 : end + 2;
  }
  for (let at = text.indexOf("*", from); at >= 0; at = text.indexOf("*", at + 1)) {
    const next = afterSplices(text, at + 1);
    if (text.charCodeAt(next) === SLASH) return next + 1;
  }
  return -1;
}

/** Ends every text with a newline that no splice takes away: the loops below stop there. Offsets stay the same. */
function closed(source: string): string {
  const before = source.charCodeAt(source.length - 2);
  const plain = source.endsWith("\n") && before !== BACKSLASH && before !== SPACE && before !== 9 && before !== CR;
  return plain ? source : `${source}\n\n`;
}

export function lexText(source: string): LexedTokens {
  const text = closed(source);
  const problems: LexProblem[] = [];
  const n = text.length;
  const spliced = text.includes("*\\");
  /** Tags of raw strings that were looked for in vain; looking again each time would take quadratic time. */
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
      let end: number;
      let atom: number;
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
      end = i;
      if (c === BACKSLASH && afterSplices(text, i) !== i) {
        // The token may go on after a splice: collect it piece by piece.
        const parts: string[] = [text.slice(start, i)];
        let previous = text.charCodeAt(i - 1);
        for (;;) {
          const from = afterSplices(text, i);
          let to = from;
          for (c = text.charCodeAt(to); kind === K_IDENT ? continues(c) : continuesNumber(c, previous); c = text.charCodeAt(++to)) previous = c;
          if (to === from) {
            // Nothing followed: leave the splice to the white space it belongs to.
            break;
          }
          parts.push(text.slice(from, to));
          i = to;
          end = to;
          if (text.charCodeAt(i) !== BACKSLASH || afterSplices(text, i) === i) break;
        }
        atom = atoms.of(parts.join(""));
        c = text.charCodeAt(i);
      } else atom = internSlice(text, start, end, hash);
      if (kind === K_IDENT && (c === QUOTE || c === 39) && end - start <= 3) {
        const prefix = PREFIX.get(atom);
        if (prefix === 1 || (prefix === 2 && c === QUOTE)) {
          if (prefix === 2) i = rawString(i);
          else i = literal(start, i, c);
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
      i = literal(start, i, c);
      flags = 0;
      continue;
    }
    if (cls === C_PUNCT) {
      const c2 = text.charCodeAt(i + 1);
      if (c2 === BACKSLASH) {
        const second = afterSplices(text, i + 1);
        if (second !== i + 1) {
          i = splicedPunct(i, c, second);
          continue;
        }
      }
      if (c === SLASH) {
        if (c2 === STAR) {
          i = closeComment(start, i + 2);
          continue;
        }
        if (c2 === SLASH) {
          i = lineCommentEnd(text, i + 2);
          flags |= F_SPACE;
          continue;
        }
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
          values[count++] = internSlice(text, start, i, hash);
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

  /** The token begins at `start` (with its prefix), its opening quote is at `open`. Returns the index after it. */
  function literal(start: number, open: number, quote: number): number {
    let at = open + 1;
    let parts: string[] | undefined;
    let piece = start;
    for (;;) {
      const c = text.charCodeAt(at);
      if (c === quote) {
        at++;
        break;
      }
      if (c === NL) {
        const end = text.charCodeAt(at - 1) === CR ? at - 1 : at;
        kinds[count] = K_OTHER | flags;
        values[count++] = atoms.of((parts?.join("") ?? "") + text.slice(piece, end));
        return at;
      }
      if (c === BACKSLASH) {
        const next = afterSplices(text, at);
        if (next !== at) {
          (parts ??= []).push(text.slice(piece, at));
          at = piece = next;
          continue;
        }
        // An escape; the escaped character may itself stand after a splice.
        const escaped = afterSplices(text, at + 1);
        if (escaped !== at + 1) {
          (parts ??= []).push(text.slice(piece, at + 1));
          piece = escaped;
        }
        at = text.charCodeAt(escaped) === NL ? escaped : escaped + 1;
        continue;
      }
      at++;
    }
    kinds[count] = (quote === QUOTE ? K_STRING : K_CHAR) | flags;
    values[count++] = atoms.of((parts?.join("") ?? "") + text.slice(piece, at));
    return at;
  }

  /** `R"tag( … )tag"`, in which no escape and no splice counts. */
  function rawString(open: number): number {
    const start = offsets[count] ?? 0;
    const tag = /^"([^\s\\()"]{0,16})\(/.exec(text.slice(open, open + 18))?.[1];
    if (tag !== undefined && !endless.has(tag)) {
      const end = text.indexOf(`)${tag}"`, open + tag.length + 2);
      if (end >= 0) {
        const after = end + tag.length + 2;
        kinds[count] = K_STRING | flags;
        values[count++] = atoms.of(text.slice(start, after));
        return after;
      }
      endless.add(tag);
    }
    problems.push({ code: "lex-raw-string", message: "raw string has no end", offset: start });
    return literal(start, open, QUOTE);
  }

  function closeComment(start: number, from: number): number {
    const end = blockCommentEnd(text, from, spliced);
    flags |= F_SPACE;
    if (end >= 0) return end;
    problems.push({ code: "lex-comment", message: "comment has no end", offset: start });
    return n;
  }

  /** A punctuator or comment with a splice after its first character: rare, so by trying the longest first. */
  function splicedPunct(start: number, first: number, second: number): number {
    const c2 = text.charCodeAt(second);
    if (first === SLASH && c2 === STAR) return closeComment(start, second + 1);
    if (first === SLASH && c2 === SLASH) {
      flags |= F_SPACE;
      return lineCommentEnd(text, second + 1);
    }
    let spelling = String.fromCharCode(first);
    let end = start + 1;
    const third = afterSplices(text, second + 1);
    const pair = c2 < 128 ? (PUNCT2[first * 128 + c2] ?? 0) : 0;
    const triple = spelling + text.charAt(second) + text.charAt(third);
    if (first === DOT && c2 >= 48 && c2 <= 57) {
      let at = second;
      let previous = first;
      for (let c = c2; continuesNumber(c, previous); c = text.charCodeAt(at)) {
        spelling += text.charAt(at);
        previous = c;
        end = at + 1;
        at = afterSplices(text, end);
      }
      kinds[count] = K_NUMBER | flags;
      values[count++] = atoms.of(spelling);
      flags = 0;
      return end;
    }
    let atom = PUNCT1[first] ?? 0;
    if (triple === "..." || triple === "<<=" || triple === ">>=") {
      atom = atoms.of(triple);
      end = third + 1;
    } else if (pair !== 0) {
      atom = pair;
      end = second + 1;
    }
    kinds[count] = K_PUNCT | flags;
    values[count++] = atom;
    flags = 0;
    return end;
  }
}
