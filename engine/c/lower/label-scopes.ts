// Which variables with a cleanup, and which arrays of variable length, are alive at each label: a goto ends the others.
// Labels stand in statement expressions too, and those anywhere in an expression. Lowers nothing.

import type { Node, Stmt, VarSym } from "../types/index.js";

type Alive = readonly VarSym[];

/** By label, in the function with this body. */
export function labelScopes(body: Stmt): ReadonlyMap<number, Alive> {
  const found = new Map<number, Alive>();
  statement(body, []);
  return found;

  /** What is alive behind the statement in its block. */
  function statement(s: Stmt, alive: Alive): Alive {
    switch (s.k) {
      case "decl":
        for (const item of s.sym.init?.items ?? []) expression(item.value, alive);
        return s.sym.attrs.cleanup === undefined ? alive : [...alive, s.sym];
      case "vla":
        return [...alive, s.sym];
      case "block":
        items(s.body, alive);
        return alive;
      case "label":
        found.set(s.name, alive);
        // A declaration may follow a label.
        return statement(s.body, alive);
      case "case":
        return statement(s.body, alive);
      case "if":
        expression(s.c, alive);
        statement(s.a, alive);
        if (s.b !== undefined) statement(s.b, alive);
        return alive;
      case "for": {
        // Its declarations live as long as the loop.
        let inner = alive;
        if (s.init?.k === "block") for (const item of s.init.body) inner = statement(item, inner);
        else if (s.init !== undefined) statement(s.init, alive);
        if (s.c !== undefined) expression(s.c, inner);
        if (s.step !== undefined) expression(s.step, inner);
        statement(s.body, inner);
        return alive;
      }
      case "while":
      case "do":
        expression(s.c, alive);
        statement(s.body, alive);
        return alive;
      case "switch":
        expression(s.e, alive);
        statement(s.body, alive);
        return alive;
      case "expr":
      case "gotoexpr":
        expression(s.e, alive);
        return alive;
      case "return":
        if (s.e !== undefined) expression(s.e, alive);
        return alive;
      case "asm":
        for (const operand of [...s.outs, ...s.ins]) expression(operand.e, alive);
        return alive;
      case "goto":
      case "break":
      case "continue":
      case "empty":
        return alive;
    }
  }

  function items(body: readonly Stmt[], alive: Alive): Alive {
    let inner = alive;
    for (const item of body) inner = statement(item, inner);
    return inner;
  }

  function expression(n: Node, alive: Alive): void {
    switch (n.k) {
      case "stmtexpr": {
        const inner = items(n.body.body, alive);
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
        expression(n.e, alive);
        return;
      case "bin":
      case "ptradd":
      case "ptrdiff":
      case "and":
      case "or":
      case "comma":
      case "assign":
      case "opassign":
        expression(n.a, alive);
        expression(n.b, alive);
        return;
      case "cond":
        expression(n.c, alive);
        if (n.a !== undefined) expression(n.a, alive);
        expression(n.b, alive);
        return;
      case "call":
        expression(n.f, alive);
        for (const a of n.args) expression(a, alive);
        return;
      case "builtin":
        for (const a of n.args) expression(a, alive);
        return;
      case "compound":
        for (const item of n.sym.init?.items ?? []) expression(item.value, alive);
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
