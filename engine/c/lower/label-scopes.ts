// Which variables with a cleanup attribute, and which variable-length arrays, are in scope at each label: a goto leaves the
// scope of the others. Statement expressions, and so labels, may be anywhere in an expression. Must not emit code.

import type { Node, Stmt, VarSym } from "../types/index.js";

type InScope = readonly VarSym[];

/** The variables in scope at each label of a function body. */
export function labelScopes(body: Stmt): ReadonlyMap<number, InScope> {
  const found = new Map<number, InScope>();
  statement(body, []);
  return found;

  /** Returns what is in scope after the statement in its block. */
  function statement(s: Stmt, inScope: InScope): InScope {
    switch (s.k) {
      case "decl":
        for (const item of s.sym.init?.items ?? []) expression(item.value, inScope);
        return s.sym.attrs.cleanup === undefined ? inScope : [...inScope, s.sym];
      case "vla":
        return [...inScope, s.sym];
      case "block":
        items(s.body, inScope);
        return inScope;
      case "label":
        found.set(s.name, inScope);
        // A declaration may follow a label.
        return statement(s.body, inScope);
      case "case":
        return statement(s.body, inScope);
      case "if":
        expression(s.c, inScope);
        statement(s.a, inScope);
        if (s.b !== undefined) statement(s.b, inScope);
        return inScope;
      case "for": {
        // Its declarations are in scope for the whole loop.
        let inner = inScope;
        if (s.init?.k === "block") for (const item of s.init.body) inner = statement(item, inner);
        else if (s.init !== undefined) statement(s.init, inScope);
        if (s.c !== undefined) expression(s.c, inner);
        if (s.step !== undefined) expression(s.step, inner);
        statement(s.body, inner);
        return inScope;
      }
      case "while":
      case "do":
        expression(s.c, inScope);
        statement(s.body, inScope);
        return inScope;
      case "switch":
        expression(s.e, inScope);
        statement(s.body, inScope);
        return inScope;
      case "expr":
      case "gotoexpr":
        expression(s.e, inScope);
        return inScope;
      case "return":
        if (s.e !== undefined) expression(s.e, inScope);
        return inScope;
      case "asm":
        for (const operand of [...s.outs, ...s.ins]) expression(operand.e, inScope);
        return inScope;
      case "goto":
      case "break":
      case "continue":
      case "empty":
        return inScope;
    }
  }

  function items(body: readonly Stmt[], inScope: InScope): InScope {
    let inner = inScope;
    for (const item of body) inner = statement(item, inner);
    return inner;
  }

  function expression(n: Node, inScope: InScope): void {
    switch (n.k) {
      case "stmtexpr": {
        const inner = items(n.body.body, inScope);
        if (n.value !== undefined) expression(n.value, inner);
        return;
      }
      case "deref":
      case "addr":
      case "member":
      case "neg":
      case "bnot":
      case "lnot":
      case "incdec":
      case "cast":
        expression(n.e, inScope);
        return;
      case "bin":
      case "ptradd":
      case "ptrdiff":
      case "and":
      case "or":
      case "comma":
      case "assign":
      case "opassign":
        expression(n.a, inScope);
        expression(n.b, inScope);
        return;
      case "cond":
        expression(n.c, inScope);
        if (n.a !== undefined) expression(n.a, inScope);
        expression(n.b, inScope);
        return;
      case "call":
        expression(n.f, inScope);
        for (const a of n.args) expression(a, inScope);
        return;
      case "builtin":
        for (const a of n.args) expression(a, inScope);
        return;
      case "compound":
        for (const item of n.sym.init?.items ?? []) expression(item.value, inScope);
        return;
      case "int":
      case "float":
      case "str":
      case "var":
      case "fn":
      case "label":
      case "vla-size":
        return;
    }
  }
}
