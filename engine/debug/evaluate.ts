// Evaluates C expressions in a stopped machine, read-only: walks the typed tree of the compiler's parser. Assignments and
// calls are refused with a message.

import { type BinOp, type CType, isInteger, type Node, T, TK, type VarSym, wrap } from "../c/types/index.js";
import type { LinkUnit } from "../c/link/index.js";
import { PpCache, preprocess } from "../c/preprocess/index.js";
import { treeOf } from "../tree/index.js";
import { fail, ok, type Result } from "../base/index.js";
import type { Value, Values } from "./values.js";

export interface Surroundings {
  readonly of: LinkUnit;
  readonly values: Values;
  /** Variables in scope: copies, each with its place, or why it has none. */
  readonly locals: ReadonlyMap<VarSym, Value | string>;
  /** Address of a global or function; 0 if the program has none of that name. */
  address(symbol: string): bigint;
}

class Refused extends Error {}

/** The message of an error is one line. */
export function evaluate(text: string, around: Surroundings): Result<Value> {
  const { tokens, diagnostics } = preprocess({
    tree: treeOf({ "<expression>": text }),
    main: "<expression>",
    includePaths: [],
    forcedIncludes: [],
    defines: [],
    predefined: "",
    supplied: { get: () => undefined },
    cache: new PpCache(around.of.unit.atoms),
  });
  const bad = diagnostics.find((d) => d.severity === "error");
  if (bad !== undefined) return fail({ code: "expression", message: bad.message });
  const node = around.of.unit.expression(tokens, [...around.locals.keys()]);
  if (!("k" in node)) return fail({ code: "expression", message: node.message });
  try {
    return ok(value(node, around));
  } catch (e) {
    if (!(e instanceof Refused)) throw e;
    return fail({ code: "expression", message: e.message });
  }
}

function refuse(why: string): never {
  throw new Refused(why);
}

function place(v: Value): bigint {
  return v.k === "place" ? v.address : refuse("no address: the value is in a register");
}

function scalar(type: CType, v: bigint | number): Value {
  return { k: "scalar", type, v: typeof v === "bigint" && (isInteger(type) || type.kind === TK.Ptr) ? wrap(v, type) : v };
}

function numberOf(n: Node, around: Surroundings): bigint | number {
  const v = value(n, around);
  if (v.type.kind === TK.Array || v.type.kind === TK.Func) return place(v);
  const read = around.values.number(v);
  if (read !== undefined) return read;
  return refuse(v.k === "place" ? `not readable: ${around.values.trouble(v.address, 1) || "not a number"}` : "not a number");
}

function integer(n: Node, around: Surroundings): bigint {
  const v = numberOf(n, around);
  return typeof v === "bigint" ? v : refuse("an integer or pointer is required here");
}

function value(n: Node, around: Surroundings): Value {
  switch (n.k) {
    case "int":
      return scalar(n.ty, n.v);
    case "float":
      return scalar(n.ty, n.v);
    case "var": {
      const local = around.locals.get(n.sym);
      if (typeof local === "string") return refuse(local);
      if (local !== undefined) return local;
      const address = around.address(n.sym.link);
      return address === 0n ? refuse("not in the program: no code that runs uses this variable") : { k: "place", type: n.ty, address };
    }
    case "fn": {
      const address = around.address(n.sym.link);
      return address === 0n ? refuse("not in the program: no code that runs calls this function") : { k: "place", type: n.ty, address };
    }
    case "deref":
      return { k: "place", type: n.ty, address: BigInt.asUintN(64, integer(n.e, around)) };
    case "addr":
      return scalar(n.ty, place(value(n.e, around)));
    case "member": {
      const base = place(value(n.e, around));
      const field = n.path[n.path.length - 1];
      const address = base + BigInt(n.path.reduce((sum, f) => sum + f.offset, 0));
      return { k: "place", type: field?.type ?? n.ty, address, ...(field === undefined || field.width < 0 ? {} : { field }) };
    }
    case "neg": {
      const v = numberOf(n.e, around);
      return scalar(n.ty, typeof v === "bigint" ? -v : -v);
    }
    case "bnot":
      return scalar(n.ty, ~integer(n.e, around));
    case "lnot":
      return scalar(n.ty, isZero(numberOf(n.e, around)) ? 1n : 0n);
    case "and":
      return scalar(n.ty, !isZero(numberOf(n.a, around)) && !isZero(numberOf(n.b, around)) ? 1n : 0n);
    case "or":
      return scalar(n.ty, !isZero(numberOf(n.a, around)) || !isZero(numberOf(n.b, around)) ? 1n : 0n);
    case "cond": {
      const chosen = isZero(numberOf(n.c, around)) ? n.b : (n.a ?? n.c);
      return value(chosen, around);
    }
    case "comma":
      return value(n.b, around);
    case "cast": {
      if (n.ty.kind === TK.Void) return refuse("a void expression has no value");
      const v = numberOf(n.e, around);
      if (n.ty.kind === TK.Float) return { k: "scalar", type: n.ty, v: n.ty.size === 4 ? Math.fround(Number(v)) : Number(v) };
      return scalar(n.ty, typeof v === "bigint" ? v : Number.isFinite(v) ? BigInt(Math.trunc(v)) : 0n);
    }
    case "ptradd": {
      const by = integer(n.b, around) * BigInt(n.scale);
      const from = integer(n.a, around);
      return scalar(n.ty, n.minus ? from - by : from + by);
    }
    case "ptrdiff":
      return scalar(n.ty, n.scale === 0 ? 0n : BigInt.asIntN(64, integer(n.a, around) - integer(n.b, around)) / BigInt(n.scale));
    case "bin":
      return scalar(n.ty, arithmetic(n.op, numberOf(n.a, around), numberOf(n.b, around)));
    case "assign":
    case "opassign":
    case "incdec":
      return refuse("assignment is not supported: a recorded run is read-only");
    case "call":
      return refuse("function calls are not supported: a recorded run is read-only");
    case "str":
    case "builtin":
    case "stmtexpr":
    case "compound":
    case "label":
    case "vla-size":
      return refuse("this kind of expression is not supported");
  }
}

function isZero(v: bigint | number): boolean {
  return v === 0n || v === 0;
}

function arithmetic(op: BinOp, a: bigint | number, b: bigint | number): bigint | number {
  switch (op) {
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
      return a === b ? 0n : 1n;
    default:
      return typeof a === "bigint" && typeof b === "bigint" ? integers(op, a, b) : floats(op, Number(a), Number(b));
  }
}

function integers(op: BinOp, a: bigint, b: bigint): bigint {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return b === 0n ? refuse("division by zero") : a / b;
    case "%":
      return b === 0n ? refuse("division by zero") : a % b;
    case "<<":
      return b < 0n || b > 127n ? refuse("shift count exceeds the width of the type") : a << b;
    case ">>":
      return b < 0n || b > 127n ? refuse("shift count exceeds the width of the type") : a >> b;
    case "&":
      return a & b;
    case "|":
      return a | b;
    case "^":
      return a ^ b;
    default:
      return refuse("this operator is not supported");
  }
}

function floats(op: BinOp, a: number, b: number): number {
  switch (op) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    default:
      return refuse("integers are required here");
  }
}

/** Type of numeric addresses. */
export const ADDRESS_TYPE = T.ulong;
