// What begins at the cursor: an attribute, a type, a declaration. Leaves the cursor where it is.

import { K, kw, Tok } from "../lex/index.js";
import type { ParserState } from "./parser-state.js";

export const wordSet = (words: string): ReadonlySet<number> => new Set(words.split(" ").map(kw));
export const typeWords = wordSet(
  "const __const __const__ volatile __volatile __volatile__ restrict __restrict __restrict__ _Atomic void char short int long signed __signed __signed__ unsigned float double _Bool __int128 __int128_t __uint128_t _Complex struct union enum typeof __typeof __typeof__ typeof_unqual __auto_type __builtin_va_list _Float128 __float128 __ibm128 __ieee128 _Alignas",
);
export const storageWords = wordSet("typedef extern static auto register inline __inline __inline__ _Noreturn _Thread_local __thread");
export const attributeWords = wordSet("__attribute__ __attribute");

export function isTypeStart(p: ParserState, n = 0): boolean {
  if (p.kindAt(n) !== Tok.Ident) return false;
  let at = n;
  while (p.peek(at) === K["__extension__"]) at++;
  const t = p.peek(at);
  if (typeWords.has(t) || attributeWords.has(t)) return true;
  return p.kindAt(at) === Tok.Ident && p.lookup(t)?.kind === "typedef";
}

export function isDeclarationStart(p: ParserState): boolean {
  if (atAttribute(p) && p.at("[")) {
    const save = p.p;
    while (p.at("[")) p.skipGroup();
    const result = isDeclarationStart(p);
    p.p = save;
    return result;
  }
  if (p.kindAt() !== Tok.Ident) return false;
  if (p.tok === K["__extension__"]) {
    const save = p.p;
    while (p.tok === K["__extension__"]) p.p++;
    const result = isDeclarationStart(p);
    p.p = save;
    return result;
  }
  const t = p.tok;
  if (storageWords.has(t) || typeWords.has(t) || t === K["_Static_assert"]) return true;
  if (attributeWords.has(t)) {
    const save = p.p;
    while (attributeWords.has(p.tok)) {
      p.p++;
      p.skipGroup();
    }
    const result = !p.at(";") && isDeclarationStart(p);
    p.p = save;
    return result;
  }
  return p.lookup(t)?.kind === "typedef" && p.peek() !== K[":"];
}

/** Whether an attribute begins at token `n` from the cursor: GNU syntax, or C23 syntax, which gcc accepts in all modes. */
export function atAttribute(p: ParserState, n = 0): boolean {
  const t = p.peek(n);
  return t === K["__attribute__"] || t === K["__attribute"] || (t === K["["] && p.peek(n + 1) === K["["] && p.kindAt(n) === Tok.Punct);
}
