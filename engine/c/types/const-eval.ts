// Integer constant expressions (C11 6.6), with gcc's extensions: the discarded operand of && || ?: need not be constant,
// and the address of a member of an object at a constant address is constant (the old offsetof).

import type { Node } from "./ast.js";
import { type CType, isInteger, sizeOf, TK } from "./types.js";

/** Reduces `v` to the width and sign of an integer or pointer type. */
export function wrap(v: bigint, t: CType): bigint {
  if (t.kind === TK.Bool) return v === 0n ? 0n : 1n;
  const bits = t.kind === TK.Ptr ? 64 : t.bits > 32 ? t.bits : sizeOf(t) * 8;
  return t.signed ? BigInt.asIntN(bits, v) : BigInt.asUintN(bits, v);
}

/** The value of an integer (or integer-valued pointer) constant expression, or undefined if it is not constant. */
export function constEval(n: Node): bigint | undefined {
  switch (n.k) {
    case "int":
      return n.v;
    case "cast": {
      if (n.e.ty.kind === TK.Float) {
        const f = constFloat(n.e);
        return f !== undefined && isInteger(n.ty) && Number.isFinite(f)
          ? wrap(n.ty.kind === TK.Bool ? (f === 0 ? 0n : 1n) : BigInt(Math.trunc(f)), n.ty)
          : undefined;
      }
      if (!isInteger(n.ty) && n.ty.kind !== TK.Ptr) return undefined;
      const v = constEval(n.e);
      return v === undefined ? undefined : wrap(v, n.ty);
    }
    case "neg": {
      const v = isInteger(n.ty) ? constEval(n.e) : undefined;
      return v === undefined ? undefined : wrap(-v, n.ty);
    }
    case "bnot": {
      const v = constEval(n.e);
      return v === undefined ? undefined : wrap(~v, n.ty);
    }
    case "lnot": {
      const v = constEval(n.e);
      if (v !== undefined) return v === 0n ? 1n : 0n;
      return n.e.k === "str" ? 0n : undefined;
    }
    case "and": {
      const a = constEval(n.a);
      if (a === 0n) return 0n;
      const b = constEval(n.b);
      return a === undefined || b === undefined ? undefined : b === 0n ? 0n : 1n;
    }
    case "or": {
      const a = constEval(n.a);
      if (a !== undefined && a !== 0n) return 1n;
      const b = constEval(n.b);
      return a === undefined || b === undefined ? undefined : b === 0n ? 0n : 1n;
    }
    case "cond": {
      const c = constEval(n.c);
      if (c === undefined) return undefined;
      const chosen = c !== 0n ? (n.a ?? n.c) : n.b;
      const v = constEval(chosen);
      return v === undefined || !(isInteger(n.ty) || n.ty.kind === TK.Ptr) ? undefined : wrap(v, n.ty);
    }
    case "bin":
      return binary(n);
    case "ptradd": {
      const a = constEval(n.a);
      const b = constEval(n.b);
      if (a === undefined || b === undefined) return undefined;
      return wrap(n.minus ? a - b * BigInt(n.scale) : a + b * BigInt(n.scale), n.ty);
    }
    case "ptrdiff": {
      const a = constEval(n.a);
      const b = constEval(n.b);
      return a === undefined || b === undefined || n.scale === 0 ? undefined : wrap(BigInt.asIntN(64, a - b) / BigInt(n.scale), n.ty);
    }
    case "addr":
      return constPlace(n.e);
    case "stmtexpr": {
      // ({ constant; }) as kernel macros write it.
      const only = n.body.body.length === 1 && n.value !== undefined ? n.value : undefined;
      return only === undefined ? undefined : constEval(only);
    }
    default:
      return undefined;
  }
}

/** Address of an lvalue at a constant integer address. */
function constPlace(n: Node): bigint | undefined {
  if (n.k === "deref") return constEval(n.e);
  if (n.k === "member") {
    const base = constPlace(n.e);
    return base === undefined ? undefined : base + BigInt(n.path.reduce((sum, f) => sum + f.offset, 0));
  }
  return undefined;
}

function binary(n: Node & { readonly k: "bin" }): bigint | undefined {
  if (n.a.ty.kind === TK.Float) {
    const x = constFloat(n.a);
    const y = constFloat(n.b);
    if (x === undefined || y === undefined) return undefined;
    const r = { "<": x < y, ">": x > y, "<=": x <= y, ">=": x >= y, "==": x === y, "!=": x !== y }[n.op as "<"] as boolean | undefined;
    return r === undefined ? undefined : r ? 1n : 0n;
  }
  const a = constEval(n.a);
  if (a === undefined) return undefined;
  const b = constEval(n.b);
  if (b === undefined) return undefined;
  switch (n.op) {
    case "+":
      return wrap(a + b, n.ty);
    case "-":
      return wrap(a - b, n.ty);
    case "*":
      return wrap(a * b, n.ty);
    case "/":
      return b === 0n ? undefined : wrap(a / b, n.ty);
    case "%":
      return b === 0n ? undefined : wrap(a % b, n.ty);
    case "<<":
      return b < 0n || b > 127n ? undefined : wrap(a << b, n.ty);
    case ">>":
      return b < 0n || b > 127n ? undefined : wrap(a >> b, n.ty);
    case "&":
      return wrap(a & b, n.ty);
    case "|":
      return wrap(a | b, n.ty);
    case "^":
      return wrap(a ^ b, n.ty);
    case "<":
      return a < b ? 1n : 0n;
    case ">":
      return a > b ? 1n : 0n;
    case "<=":
      return a <= b ? 1n : 0n;
    case ">=":
      return a >= b ? 1n : 0n;
    case "==":
      return a === b ? 1n : 0n;
    case "!=":
      return a !== b ? 1n : 0n;
  }
}

/** The value of a floating constant expression, or undefined. */
export function constFloat(n: Node): number | undefined {
  switch (n.k) {
    case "float":
      return n.v;
    case "int":
      return Number(n.v);
    case "cast": {
      const v = n.e.ty.kind === TK.Float ? constFloat(n.e) : constEval(n.e);
      if (v === undefined || n.ty.kind !== TK.Float) return undefined;
      return n.ty.size === 4 ? Math.fround(Number(v)) : Number(v);
    }
    case "neg": {
      const v = constFloat(n.e);
      return v === undefined ? undefined : -v;
    }
    case "bin": {
      const x = constFloat(n.a);
      const y = constFloat(n.b);
      if (x === undefined || y === undefined) return undefined;
      const r = n.op === "+" ? x + y : n.op === "-" ? x - y : n.op === "*" ? x * y : n.op === "/" ? x / y : undefined;
      return r === undefined ? undefined : n.ty.size === 4 ? Math.fround(r) : r;
    }
    default:
      return undefined;
  }
}
