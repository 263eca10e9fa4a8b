// The productions that recurse across files: expressions contain types and blocks, declarations contain expressions.
// A file of the grammar calls these through the parser and imports only files before it in the order lookahead,
// attributes, declarator, tags, specifiers, initializer, declaration, builtin, expression, statement.

import type { Attrs, BlockStmt, CType, Node } from "../types/index.js";
import type { ParserState } from "./parser-state.js";

/** Declaration specifiers, shared by all declarators of a declaration. */
export interface Specs {
  readonly type: CType;
  readonly storage: "" | "typedef" | "extern" | "static" | "register";
  readonly inline: boolean;
  readonly auto: boolean; // __auto_type
  readonly attrs: Attrs;
}

/** Each parses at the cursor and moves it to the token after the construct. */
export interface Grammar {
  /** C11 6.5.17: with commas. */
  expression(): Node;
  /** C11 6.5.16. */
  assignment(): Node;
  /** C11 6.5.15; also the syntax of constant expressions. */
  conditional(): Node;
  /** C11 6.7. */
  specifiers(): Specs;
  /** C11 6.7.7. */
  typeName(): CType;
  /** A compound statement, C11 6.8.2. */
  compound(): BlockStmt;
}

/** The argument of all parse functions: the parser's state, and the productions of later files. */
export interface Parser extends ParserState, Grammar {}
