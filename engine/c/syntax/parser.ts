// Assembles the grammar: the parser's recursive productions are functions of the other files.

import type { BlockStmt, CType, Node } from "../types/index.js";
import { parseTypeName } from "./declarator.js";
import { parseAssign, parseConditional, parseExpr } from "./expression.js";
import type { Grammar, Specs } from "./grammar.js";
import { ParserState } from "./parser-state.js";
import { parseSpecs } from "./specifiers.js";
import { parseBlock } from "./statement.js";

export class CParser extends ParserState implements Grammar {
  expression(): Node {
    return parseExpr(this);
  }
  assignment(): Node {
    return parseAssign(this);
  }
  conditional(): Node {
    return parseConditional(this);
  }
  specifiers(): Specs {
    return parseSpecs(this);
  }
  typeName(): CType {
    return parseTypeName(this);
  }
  compound(): BlockStmt {
    return parseBlock(this);
  }
}
