// From characters to preprocessing tokens, and the numbering of locations in source text.
// Must not depend on macros, directives or the kernel.

export type { Diagnostic, Severity } from "./diagnostic.js";
export { K, kw } from "./keywords.js";
export { type LexProblem, lexText } from "./lexer.js";
export * from "./pp-token.js";
export { PRECEDENCE } from "./precedence.js";
export { closedLiteral } from "./slow-token.js";
export { SourceMap } from "./source-map.js";
export { Atoms, fixed, Tok, type TokenBlock, type TokenStream, tokenText } from "./tokens.js";
