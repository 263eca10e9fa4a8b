// The encoding of a preprocessing token: kind and flags in one number, its spelling as an atom, its location. A file's
// arrays have only the low byte of the flags; macro bodies and expansions use records of three numbers.

export const K_EOF = 0;
export const K_IDENT = 1;
export const K_NUMBER = 2;
export const K_CHAR = 3;
export const K_STRING = 4;
export const K_PUNCT = 5;
/** A stray character, or a literal without its closing quote (up to the end of the line). */
export const K_OTHER = 6;
/** No token: it carries the white space of what was replaced, which only `#` needs. */
export const K_PAD = 7;
/** A parameter in a macro's body; its value is the parameter's number from 0. */
export const K_ARG = 8;
/** `__VA_OPT__(` in a body, and its closing parenthesis. */
export const K_VAOPT = 9;
export const K_VAEND = 10;
export const K_MASK = 15;

/** White space precedes the token. */
export const F_SPACE = 0x10;
/** First token of a line. */
export const F_BOL = 0x20;
/** An identifier read while its macro was being expanded: never expanded later (C11 6.10.3.4p2). */
export const F_NOEXPAND = 0x40;
/** `##` follows in the body. */
export const F_PASTE = 0x80;
/** `#` precedes this parameter. */
export const F_STRINGIFY = 0x100;
/** On K_PAD: it replaces a token, whose white space is F_SPACE. Without F_SOURCE it only separates its neighbours. */
export const F_SOURCE = 0x200;
/** Read from the text of a file, not from a macro's body. */
export const F_FILE = 0x400;

/** Numbers per token record: kind and flags, value, location of the spelling. */
export const STRIDE = 3;

/** Kinds of directives. */
export const D_NONE = 0; // a lone `#`
export const D_IF = 1;
export const D_IFDEF = 2;
export const D_IFNDEF = 3;
export const D_ELIF = 4;
export const D_ELIFDEF = 5;
export const D_ELIFNDEF = 6;
export const D_ELSE = 7;
export const D_ENDIF = 8;
export const D_DEFINE = 9;
export const D_UNDEF = 10;
export const D_INCLUDE = 11;
export const D_INCLUDE_NEXT = 12;
export const D_PRAGMA = 13;
export const D_ERROR = 14;
export const D_WARNING = 15;
export const D_LINE = 16;
export const D_IGNORED = 17; // #ident, #sccs, #assert, #unassert
export const D_UNKNOWN = 18;

/** Value of `dirNext` if no conditional follows. */
export const NO_DIRECTIVE = -1;
/** Value of `dirNext` for an #else, #elif or #endif without an #if. */
export const STRAY_DIRECTIVE = -2;
