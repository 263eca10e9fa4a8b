// Lowering of the builtins that are neither evaluated by the parser nor calls of library functions.

import { type CType, type Node, sizeOf, T, TK } from "../types/index.js";
import type { Access, Expr } from "../ir/index.js";
import { lowerAtomic } from "./atomic.js";
import type { FunctionBuilder } from "./function-builder.js";
import { bin, convertValue, i32, i64, isWide, memType, plus, storeType, un, valType } from "./value-types.js";
import { mulHigh } from "./wide.js";

export function lowerBuiltin(f: FunctionBuilder, n: Node & { readonly k: "builtin" }): Expr {
  const first = n.args[0];
  const name = n.name.replace(/^(clz|ctz|popcount|parity|ffs|clrsb)l*$/, "$1");
  const arg = (): Expr => (first === undefined ? i32(0) : f.value(first));
  const wide = first !== undefined && sizeOf(first.ty) === 8;
  const t = wide ? "i64" : "i32";
  const toInt = (e: Expr): Expr => (wide ? un("i32.wrap_i64", "i32", e) : e);
  const c = (v: number): Expr => (wide ? i64(BigInt(v)) : i32(v));
  if (name.startsWith("atomic-")) return lowerAtomic(f, n);
  switch (name) {
    case "fence":
      return i32(0);
    case "signbit":
      return un("i32.wrap_i64", "i32", bin("i64.shr_u", "i64", un("i64.reinterpret_f64", "i64", arg()), i64(63n)));
    case "clz":
    case "ctz":
    case "popcount":
      return toInt(un(`${t}.${name === "popcount" ? "popcnt" : name}`, t, arg()));
    case "parity":
      return toInt(bin(`${t}.and`, t, un(`${t}.popcnt`, t, arg()), c(1)));
    case "ffs": {
      const v = f.temp(arg());
      const pos = toInt(bin(`${t}.add`, t, un(`${t}.ctz`, t, v), c(1)));
      return { k: "select", t: "i32", c: un(`${t}.eqz`, "i32", v), a: i32(0), b: pos };
    }
    case "clrsb": {
      const v = f.temp(arg());
      const x = bin(`${t}.xor`, t, v, bin(`${t}.shr_s`, t, v, c(wide ? 63 : 31)));
      return toInt(bin(`${t}.sub`, t, un(`${t}.clz`, t, x), c(1)));
    }
    case "bswap16": {
      const v = f.temp(arg());
      return bin("i32.or", "i32", bin("i32.and", "i32", bin("i32.shl", "i32", v, i32(8)), i32(0xff00)), bin("i32.shr_u", "i32", v, i32(8)));
    }
    case "bswap32":
      return swap32(f, arg());
    case "bswap64": {
      const v = f.temp(arg());
      const lo = swap32(f, un("i32.wrap_i64", "i32", v));
      const hi = swap32(f, un("i32.wrap_i64", "i32", bin("i64.shr_u", "i64", v, i64(32n))));
      return bin("i64.or", "i64", bin("i64.shl", "i64", un("i64.extend_i32_u", "i64", lo), i64(32n)), un("i64.extend_i32_u", "i64", hi));
    }
    case "add_overflow":
    case "sub_overflow":
    case "mul_overflow":
      return overflow(f, n, name.slice(0, 3) as "add" | "sub" | "mul");
    case "unreachable":
    case "trap":
      f.end({ k: "unreachable", site: f.site(n) });
      f.dead();
      return i32(0);
    case "prefetch":
      arg();
      return i32(0);
    case "alloca": {
      const i = f.local("i64");
      f.slot(8, 8, ""); // leaving the frame releases the bytes
      f.emit({ k: "alloca", i, size: f.temp(arg()), align: 16 });
      return { k: "local", i, t: "i64" };
    }
    case "return_address":
    case "frame_address":
      return { k: "frame", off: 0 };
    case "fabs":
    case "fabsf":
      return un(`${valType(n.ty)}.abs`, valType(n.ty), arg());
    case "sqrt":
    case "sqrtf":
      return un(`${valType(n.ty)}.sqrt`, valType(n.ty), arg());
    case "va_start":
      f.emit({ k: "store", m: "i64", addr: arg(), off: 0, v: { k: "vaarea" }, acc: memory(f, n) });
      return i32(0);
    case "va_end":
      return i32(0);
    case "va_copy": {
      const dst = f.temp(arg());
      const src = n.args[1] === undefined ? i64(0n) : f.value(n.args[1]);
      f.emit({ k: "store", m: "i64", addr: dst, off: 0, v: src, acc: memory(f, n) });
      return i32(0);
    }
    case "va_arg": {
      // va_list points into an area of 8-byte slots (ELFv2: char *).
      const list = f.temp(arg());
      const ty = n.arg ?? T.int;
      const p = f.local("i64");
      f.emit({ k: "load", i: p, t: "i64", m: "i64", addr: list, off: 0, acc: memory(f, n) });
      const at: Expr = { k: "local", i: p, t: "i64" };
      f.emit({ k: "store", m: "i64", addr: list, off: 0, v: plus(at, 8), acc: memory(f, n) });
      if (ty.kind === TK.Struct || isWide(ty)) {
        // The slot holds the address of the caller's copy.
        const s = f.local("i64");
        f.emit({ k: "load", i: s, t: "i64", m: "i64", addr: at, off: 0, acc: memory(f, n) });
        return { k: "local", i: s, t: "i64" };
      }
      const i = f.local(valType(ty));
      f.emit({ k: "load", i, t: valType(ty), m: memType(ty), addr: at, off: 0, acc: memory(f, n) });
      return { k: "local", i, t: valType(ty) };
    }
    case "to-union": {
      const off = f.slot(Math.max(8, sizeOf(n.ty)), 16, "");
      const v = arg();
      if (first !== undefined)
        f.emit({ k: "store", m: storeType(first.ty), addr: { k: "frame", off }, off: 0, v, acc: { check: false, visible: false, once: false, site: 0 } });
      return { k: "frame", off };
    }
    case "ppc_get_timebase":
    case "darn":
      f.cannot(`__builtin_${n.name}`, n.loc);
      return i64(0n);
    default:
      f.cannot(`__builtin_${n.name} is not supported`, n.loc);
      return valType(n.ty) === "i64" ? i64(0n) : i32(0);
  }
}

function memory(f: FunctionBuilder, n: Node): Access {
  return { check: true, visible: false, once: false, site: f.site(n) };
}

function swap32(f: FunctionBuilder, e: Expr): Expr {
  const v = f.temp(e);
  const odd = bin("i32.and", "i32", bin("i32.rotl", "i32", v, i32(8)), i32(0x00ff00ff));
  const even = bin("i32.and", "i32", bin("i32.rotr", "i32", v, i32(8)), i32(0xff00ff00 | 0));
  return bin("i32.or", "i32", odd, even);
}

/** The checked arithmetic builtins: computed as if with infinite precision, stored in the target's type. */
function overflow(f: FunctionBuilder, n: Node & { readonly k: "builtin" }, op: "add" | "sub" | "mul"): Expr {
  const a = n.args[0];
  const b = n.args[1];
  const ty = n.arg ?? T.int;
  if (a === undefined || b === undefined) return i32(0);
  const x = f.temp(f.value(a));
  const y = f.temp(f.value(b));
  const ptr = n.args[2] === undefined ? undefined : f.temp(f.value(n.args[2]));
  const put = (v: Expr): void => {
    if (ptr !== undefined)
      f.emit({ k: "store", m: storeType(ty), addr: ptr, off: 0, v, acc: { check: true, visible: ptr.k !== "frame", once: false, site: f.site(n) } });
  };
  if (sizeOf(a.ty) <= 4 && sizeOf(b.ty) <= 4 && sizeOf(ty) <= 4) {
    // 64 bits hold the exact result of 32-bit operands (unsigned products as unsigned).
    const exact = f.temp(bin(`i64.${op}`, "i64", convertValue(x, a.ty, T.long), convertValue(y, b.ty, T.long)));
    const cut = f.temp(convertValue(exact, T.long, ty));
    put(cut);
    const back = convertValue(cut, ty, T.long);
    const over = bin("i64.ne", "i32", exact, back);
    if (op === "mul" && !a.ty.signed && !b.ty.signed && !ty.signed) return over;
    return over;
  }
  // 64-bit operands: each combination of signedness has its own overflow condition.
  const X = f.temp(convertValue(x, a.ty, a.ty.signed ? T.long : T.ulong));
  const Y = f.temp(convertValue(y, b.ty, b.ty.signed ? T.long : T.ulong));
  const r = f.temp(bin(`i64.${op}`, "i64", X, Y));
  const cut = f.temp(convertValue(r, T.ulong, ty));
  put(cut);
  return wideOverflow(f, op, X, a.ty.signed, Y, b.ty.signed, r, cut, ty);
}

/** 1 where the infinite-precision result of a 64-bit operation does not fit `ty`. */
function wideOverflow(f: FunctionBuilder, op: "add" | "sub" | "mul", x: Expr, xs: boolean, y: Expr, ys: boolean, r: Expr, cut: Expr, ty: CType): Expr {
  // High word of the 128-bit result, from sign words of the operands; which must be the extension of `cut`.
  const sign = (v: Expr, s: boolean): Expr => (s ? bin("i64.shr_s", "i64", v, i64(63n)) : i64(0n));
  let hi: Expr;
  if (op === "add") {
    const carry = un("i64.extend_i32_u", "i64", bin("i64.lt_u", "i32", r, x));
    hi = bin("i64.add", "i64", bin("i64.add", "i64", sign(x, xs), sign(y, ys)), carry);
  } else if (op === "sub") {
    const borrow = un("i64.extend_i32_u", "i64", bin("i64.lt_u", "i32", x, y));
    hi = bin("i64.sub", "i64", bin("i64.sub", "i64", sign(x, xs), sign(y, ys)), borrow);
  } else {
    hi = mulHigh(f, x, y);
    if (xs) hi = bin("i64.sub", "i64", f.temp(hi), bin("i64.and", "i64", sign(x, true), y));
    if (ys) hi = bin("i64.sub", "i64", f.temp(hi), bin("i64.and", "i64", sign(y, true), x));
  }
  const back = f.temp(convertValue(cut, ty, ty.signed ? T.long : T.ulong));
  const expected = sign(back, ty.signed);
  return bin("i32.or", "i32", bin("i64.ne", "i32", hi, expected), bin("i64.ne", "i32", r, back));
}
