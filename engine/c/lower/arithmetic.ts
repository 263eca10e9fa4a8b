// Integer, float and pointer arithmetic on values that are already lowered.

import { type BinOp, type CType, T, TK } from "../types/index.js";
import type { Expr } from "../ir/index.js";
import { bin, convertValue, truncateToBits, i64, plus, valType } from "./value-types.js";

export function pointerSum(a: Expr, b: Expr, bt: CType, scale: number, minus: boolean): Expr {
  const index = convertValue(b, bt, T.long);
  if (index.k === "i64") return plus(a, Number(BigInt.asIntN(64, (minus ? -index.v : index.v) * BigInt(scale))));
  const bytes = scale === 1 ? index : bin("i64.mul", "i64", index, i64(BigInt(scale)));
  return bin(minus ? "i64.sub" : "i64.add", "i64", a, bytes);
}

const ops: Readonly<Record<BinOp, { readonly i: string; readonly u?: string; readonly f?: string; readonly cmp?: boolean }>> = {
  "+": { i: "add", f: "add" },
  "-": { i: "sub", f: "sub" },
  "*": { i: "mul", f: "mul" },
  "/": { i: "div_s", u: "div_u", f: "div" },
  "%": { i: "rem_s", u: "rem_u" },
  "<<": { i: "shl" },
  ">>": { i: "shr_s", u: "shr_u" },
  "&": { i: "and" },
  "|": { i: "or" },
  "^": { i: "xor" },
  "<": { i: "lt_s", u: "lt_u", f: "lt", cmp: true },
  ">": { i: "gt_s", u: "gt_u", f: "gt", cmp: true },
  "<=": { i: "le_s", u: "le_u", f: "le", cmp: true },
  ">=": { i: "ge_s", u: "ge_u", f: "ge", cmp: true },
  "==": { i: "eq", f: "eq", cmp: true },
  "!=": { i: "ne", f: "ne", cmp: true },
};

/** `a op b` on operands of type `ty` (for shifts the left operand's). */
export function arithmetic(op: BinOp, ty: CType, a: Expr, b0: Expr, bt: CType): Expr {
  const t = valType(ty);
  const o = ops[op];
  const name = t === "f32" || t === "f64" ? (o.f ?? o.i) : ty.signed && ty.kind !== TK.Ptr ? o.i : (o.u ?? o.i);
  const b = op === "<<" || op === ">>" ? convertValue(b0, bt, t === "i64" ? T.ulong : T.uint) : b0;
  const v = bin(`${t}.${name}`, o.cmp === true ? "i32" : t, a, b);
  return o.cmp === true ? v : truncateToBits(v, ty);
}
