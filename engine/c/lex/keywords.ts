// Atoms of the keywords and punctuators that the parser compares with: one number identifies a token.

import { fixed } from "./tokens.js";

const words = [
  ..."( ) [ ] { } ; , : ? . -> ... = += -= *= /= %= <<= >>= &= |= ^= ++ -- + - * / % << >> < > <= >= == != & | ^ ~ ! && || #".split(" "),
  ..."if else while do for switch case default break continue return goto sizeof".split(" "),
  ..."typedef extern static auto register inline __inline __inline__ _Noreturn _Thread_local __thread".split(" "),
  ..."const __const __const__ volatile __volatile volatile__ __volatile__ restrict __restrict __restrict__ _Atomic".split(" "),
  ..."void char short int long signed __signed __signed__ unsigned float double _Bool __int128 __int128_t __uint128_t _Complex __complex__".split(" "),
  ..."struct union enum typeof __typeof __typeof__ typeof_unqual __auto_type __builtin_va_list _Float128 __float128 __ibm128 __ieee128".split(" "),
  ..."__attribute__ __attribute __extension__ _Alignas _Alignof __alignof __alignof__ alignof _Static_assert _Generic asm __asm __asm__ __label__".split(" "),
  ..."__func__ __FUNCTION__ __PRETTY_FUNCTION__ __pragma_pack __real__ __imag__ push pop".split(" "),
] as const;

/** `K["("]` is the atom of `(`. Every name used must be in the list above. */
export const K: Readonly<Record<string, number>> = Object.fromEntries(words.map((w) => [w, fixed(w)]));

export function kw(word: string): number {
  const atom = K[word];
  if (atom === undefined) throw new Error(`not a keyword of the parser: ${word}`);
  return atom;
}
