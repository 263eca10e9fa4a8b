// Tokens that need more lookahead than one character: literals, words and punctuators broken by splices, the ends of
// comments. Each function gets the text and a position and returns where the token ends.
import type { Atoms } from "./tokens.js";
import { afterSplices, BACKSLASH, continues, continuesNumber, CR, DOT, NL, PUNCT1, PUNCT2, QUOTE, SLASH, SPACE } from "./chars.js";
import { K_CHAR, K_IDENT, K_NUMBER, K_OTHER, K_PUNCT, K_STRING } from "./pp-token.js";

export interface SlowToken {
  readonly kind: number;
  readonly atom: number;
  /** Index after the token. */
  readonly end: number;
}

/** End of a `//` comment: the first newline that is not spliced. */
export function lineCommentEnd(text: string, from: number): number {
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

/** End of the comment opened before `from`, or -1. `spliced`: the text may have a splice between `*` and `/`. */
export function blockCommentEnd(text: string, from: number, spliced: boolean): number {
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

/** The token begins at `start` (with its prefix), its opening quote is at `open`. K_OTHER if its line does not close it. */
export function literal(atoms: Atoms, text: string, start: number, open: number, quote: number): SlowToken {
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
      return { kind: K_OTHER, atom: atoms.of((parts?.join("") ?? "") + text.slice(piece, end)), end: at };
    }
    if (c === BACKSLASH) {
      const next = afterSplices(text, at);
      if (next !== at) {
        (parts ??= []).push(text.slice(piece, at));
        at = piece = next;
        continue;
      }
      // An escape; a splice may precede the escaped character.
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
  return { kind: quote === QUOTE ? K_STRING : K_CHAR, atom: atoms.of((parts?.join("") ?? "") + text.slice(piece, at)), end: at };
}

/**
 * `R"tag( ... )tag"`, in which escapes and splices have no effect; undefined if it is not closed. `endless` has the tags
 * known to be unclosed: searching for each of them again would take quadratic time.
 */
export function rawString(atoms: Atoms, text: string, start: number, open: number, endless: Set<string>): SlowToken | undefined {
  const tag = /^"([^\s\\()"]{0,16})\(/.exec(text.slice(open, open + 18))?.[1];
  if (tag === undefined || endless.has(tag)) return undefined;
  const close = text.indexOf(`)${tag}"`, open + tag.length + 2);
  if (close < 0) {
    endless.add(tag);
    return undefined;
  }
  const end = close + tag.length + 2;
  return { kind: K_STRING, atom: atoms.of(text.slice(start, end)), end };
}

/** An identifier or number with a splice at `end`; it may continue after the splice. */
export function splicedWord(atoms: Atoms, text: string, start: number, end: number, kind: number): SlowToken {
  const parts: string[] = [text.slice(start, end)];
  let previous = text.charCodeAt(end - 1);
  for (;;) {
    const from = afterSplices(text, end);
    let to = from;
    for (let c = text.charCodeAt(to); kind === K_IDENT ? continues(c) : continuesNumber(c, previous); c = text.charCodeAt(++to)) previous = c;
    // A splice that no character of the word follows is white space.
    if (from === end || to === from) break;
    parts.push(text.slice(from, to));
    end = to;
  }
  return { kind, atom: atoms.of(parts.join("")), end };
}

/** A punctuator (or a number that begins with a dot): first character `first`, second character after a splice, at `second`. */
export function splicedPunct(atoms: Atoms, text: string, start: number, first: number, second: number): SlowToken {
  const c2 = text.charCodeAt(second);
  let spelling = String.fromCharCode(first);
  let end = start + 1;
  if (first === DOT && c2 >= 48 && c2 <= 57) {
    let at = second;
    let previous = first;
    for (let c = c2; continuesNumber(c, previous); c = text.charCodeAt(at)) {
      spelling += text.charAt(at);
      previous = c;
      end = at + 1;
      at = afterSplices(text, end);
    }
    return { kind: K_NUMBER, atom: atoms.of(spelling), end };
  }
  const third = afterSplices(text, second + 1);
  const pair = c2 < 128 ? (PUNCT2[first * 128 + c2] ?? 0) : 0;
  const triple = spelling + text.charAt(second) + text.charAt(third);
  if (triple === "..." || triple === "<<=" || triple === ">>=") return { kind: K_PUNCT, atom: atoms.of(triple), end: third + 1 };
  return pair !== 0 ? { kind: K_PUNCT, atom: pair, end: second + 1 } : { kind: K_PUNCT, atom: PUNCT1[first] ?? 0, end };
}

/** Closes an unterminated literal; undefined if the text is not a literal. */
export function closedLiteral(text: string): { readonly text: string; readonly quote: string } | undefined {
  const quote = /^(?:u8|[LuU])?(["'])/.exec(text.slice(0, 3))?.[1];
  if (quote === undefined) return undefined;
  let backslashes = 0;
  while (text.charCodeAt(text.length - 1 - backslashes) === BACKSLASH) backslashes++;
  // A backslash at the end would escape the added quote.
  return { text: (backslashes % 2 === 1 ? text.slice(0, -1) : text) + quote, quote };
}
