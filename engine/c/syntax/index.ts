// From tokens to typed syntax trees: declarations, statements, expressions, one translation unit at a time.
// Must not depend on the IR.

export { DeclNames } from "./file-scope.js";
export { sameTokens, Unit } from "./unit.js";
