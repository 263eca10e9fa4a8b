// The lexer's tables: character classes, punctuators by their characters, literal prefixes; and line splices.
import { fixed } from "./tokens.js";

export const C_OTHER = 0;
export const C_SPACE = 1;
export const C_NEWLINE = 2;
export const C_IDENT = 3;
export const C_DIGIT = 4;
export const C_PUNCT = 5;
export const C_QUOTE = 6;
export const C_BACKSLASH = 7;

export const CLASS = new Uint8Array(128);
export const PUNCT1 = new Int32Array(128);
/** Index: first character * 128 + second. */
export const PUNCT2 = new Int32Array(128 * 128);
/** Prefixes of literals, by atom: 1 plain, 2 raw. */
export const PREFIX = new Map<number, 1 | 2>();

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
    PUNCT1[c] = fixed(ch);
  }
}
for (const two of ["->", "++", "--", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "*=", "/=", "%=", "+=", "-=", "&=", "^=", "|=", "##"])
  PUNCT2[two.charCodeAt(0) * 128 + two.charCodeAt(1)] = fixed(two);
for (const [digraph, primary] of [
  ["<:", "["],
  [":>", "]"],
  ["<%", "{"],
  ["%>", "}"],
  ["%:", "#"],
] as const)
  PUNCT2[digraph.charCodeAt(0) * 128 + digraph.charCodeAt(1)] = fixed(primary);
for (const prefix of ["L", "u", "U", "u8"]) PREFIX.set(fixed(prefix), 1);
for (const prefix of ["R", "LR", "uR", "UR", "u8R"]) PREFIX.set(fixed(prefix), 2);

export const ATOM_ELLIPSIS = fixed("...");
export const ATOM_SHL_ASSIGN = fixed("<<=");
export const ATOM_SHR_ASSIGN = fixed(">>=");
export const ATOM_HASHHASH = fixed("##");

export const NL = 10;
export const CR = 13;
export const SPACE = 32;
export const QUOTE = 34;
export const PERCENT = 37;
export const STAR = 42;
export const DOT = 46;
export const SLASH = 47;
export const COLON = 58;
export const LESS = 60;
export const EQUAL = 61;
export const GREATER = 62;
export const BACKSLASH = 92;

/** 1 for characters that continue an identifier. */
export const CONTINUES = new Uint8Array(128);
for (let c = 0; c < 128; c++) if (CLASS[c] === C_IDENT || CLASS[c] === C_DIGIT) CONTINUES[c] = 1;

/** Identifier characters outside ASCII: all except the blanks and marks that editors insert. */
export function wideIdent(c: number): boolean {
  return c > 0xa0 && c !== 0xfeff && c !== 0xfffd && !(c >= 0x2000 && c <= 0x206f) && c !== 0x3000;
}
export function continues(c: number): boolean {
  return c < 128 ? CONTINUES[c] === 1 : wideIdent(c);
}
export function continuesNumber(c: number, previous: number): boolean {
  if (continues(c) || c === DOT) return true;
  // 6.4.8: a sign after the letter of an exponent belongs to the number.
  return (c === 43 || c === 45) && (previous === 101 || previous === 69 || previous === 112 || previous === 80);
}

/** Index after the splices (backslash, blanks, newline) at `i`; `i` itself if there are none. */
export function afterSplices(text: string, i: number): number {
  for (;;) {
    if (text.charCodeAt(i) !== BACKSLASH) return i;
    let j = i + 1;
    let c = text.charCodeAt(j);
    while (c === SPACE || c === 9 || c === CR) c = text.charCodeAt(++j);
    if (c !== NL) return i;
    i = j + 1;
  }
}
