// From C types to the machine's value types: widths, signatures, conversions, memory access kinds.

import type { Expr, MemType, Signature, ValType } from "../ir/index.js";
import { type CType, sizeOf, TK } from "../types/index.js";

/** WebAssembly type of a scalar. */
export function valType(t: CType): ValType {
  if (t.kind === TK.Float) return t.size === 4 ? "f32" : "f64";
  if (t.kind === TK.Ptr || t.kind === TK.Array || t.kind === TK.Func) return "i64";
  return sizeOf(t) > 4 ? "i64" : "i32";
}

/** 128-bit integers have no value type: their value is the address of 16 bytes (see lower/wide.ts). */
export function isWide(t: CType): boolean {
  return t.kind === TK.Int && t.size === 16;
}

export function memType(t: CType): MemType {
  if (t.kind === TK.Float) return t.size === 4 ? "f32" : "f64";
  if (t.kind === TK.Ptr) return "i64";
  switch (sizeOf(t)) {
    case 1:
      return t.signed ? "i8s" : "i8u";
    case 2:
      return t.signed ? "i16s" : "i16u";
    case 4:
      return t.signed ? "i32s" : "i32u";
    default:
      return "i64";
  }
}

/** Structs are passed by address: a hidden first parameter for the result, a pointer to a copy for an argument. */
export function signature(f: CType): Signature {
  const ret = f.base;
  const params: ValType[] = [];
  if (ret?.kind === TK.Struct) params.push("i64");
  for (const t of f.params) params.push(t.kind === TK.Struct ? "i64" : valType(t));
  return { params, result: ret === undefined || ret.kind === TK.Void || ret.kind === TK.Struct ? undefined : valType(ret), variadic: f.variadic };
}

export const i32 = (v: number): Expr => ({ k: "i32", v: v | 0 });
export const i64 = (v: bigint): Expr => ({ k: "i64", v: BigInt.asIntN(64, v) });

export function typeOf(e: Expr): ValType {
  switch (e.k) {
    case "i32":
    case "i64":
    case "f32":
    case "f64":
      return e.k;
    case "sym":
    case "frame":
    case "vaarea":
      return "i64";
    default:
      return e.t;
  }
}

export function bin(op: string, t: ValType, a: Expr, b: Expr): Expr {
  return { k: "bin", op, t, a, b };
}
export function un(op: string, t: ValType, a: Expr): Expr {
  return { k: "un", op, t, a };
}

/** A constant of an integer, pointer or float type. */
export function constant(v: bigint, t: CType): Expr {
  const vt = valType(t);
  if (vt === "i64") return i64(v);
  if (vt === "i32") return i32(Number(BigInt.asIntN(32, v)));
  return { k: vt, v: Number(v) };
}

/** Address plus a constant. */
export function plus(a: Expr, off: number): Expr {
  if (off === 0) return a;
  if (a.k === "sym" || a.k === "frame") return { ...a, off: a.off + off };
  if (a.k === "i64") return i64(a.v + BigInt(off));
  return bin("i64.add", "i64", a, i64(BigInt(off)));
}

/** An i32 value truncated to a type narrower than int. */
function narrow(e: Expr, t: CType): Expr {
  const size = sizeOf(t);
  if (size >= 4) return e;
  if (t.signed) return un(size === 1 ? "i32.extend8_s" : "i32.extend16_s", "i32", e);
  return bin("i32.and", "i32", e, i32(size === 1 ? 0xff : 0xffff));
}

/** A value truncated to the type of a bit-field wider than int. */
export function truncateToBits(e: Expr, t: CType): Expr {
  if (t.bits <= 32) return e;
  const by = i64(BigInt(64 - t.bits));
  return bin(t.signed ? "i64.shr_s" : "i64.shr_u", "i64", bin("i64.shl", "i64", e, by), by);
}

/** Value conversion between scalar types, C11 6.3.1 (integers wrap). */
export function convertValue(e: Expr, from: CType, to: CType): Expr {
  const v = convertIgnoringBits(e, from, to);
  return to.bits > 32 && to !== from ? truncateToBits(v, to) : v;
}

function convertIgnoringBits(e: Expr, from: CType, to: CType): Expr {
  const a = valType(from);
  const b = valType(to);
  if (to.kind === TK.Bool) {
    if (from.kind === TK.Bool) return e;
    return bin(`${a}.ne`, "i32", e, a === "i32" ? i32(0) : a === "i64" ? i64(0n) : { k: a, v: 0 });
  }
  if (to.kind === TK.Float) {
    if (from.kind === TK.Float) return a === b ? e : un(b === "f64" ? "f64.promote_f32" : "f32.demote_f64", b, e);
    return un(`${b}.convert_${a}_${from.signed ? "s" : "u"}`, b, e);
  }
  if (from.kind === TK.Float) {
    const v = un(`${b}.trunc_sat_${a}_${to.signed ? "s" : "u"}`, b, e);
    return b === "i32" ? narrow(v, to) : v;
  }
  if (a === "i32" && b === "i64") {
    if (e.k === "i32") return i64(from.signed ? BigInt(e.v) : BigInt(e.v >>> 0));
    return un(from.signed ? "i64.extend_i32_s" : "i64.extend_i32_u", "i64", e);
  }
  if (a === "i64" && b === "i32") {
    const v = e.k === "i64" ? i32(Number(BigInt.asIntN(32, e.v))) : un("i32.wrap_i64", "i32", e);
    return narrow(v, to);
  }
  // Unchanged unless the new type cannot hold all values of the old type.
  if (b === "i32" && (sizeOf(to) < sizeOf(from) || (sizeOf(to) === sizeOf(from) && to.signed !== from.signed) || (from.signed && !to.signed)))
    return narrow(e, to);
  return e;
}

export function storeType(t: CType): "i8u" | "i16u" | "i32u" | "i64" | "f32" | "f64" {
  if (t.kind === TK.Float) return t.size === 4 ? "f32" : "f64";
  const size = t.kind === TK.Ptr ? 8 : sizeOf(t);
  return size === 1 ? "i8u" : size === 2 ? "i16u" : size === 4 ? "i32u" : "i64";
}
