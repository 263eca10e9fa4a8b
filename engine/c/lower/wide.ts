// 128-bit integers, which WebAssembly lacks. A value is the address of 16 bytes in the frame that are written only once;
// arithmetic works on pairs of 64-bit halves. Division, which is rare, is a loop of shifts.

import { type BinOp, constEval, type CType, type Node, T, TK } from "../types/index.js";
import type { Access, Expr } from "../ir/index.js";
import { arithmetic } from "./arithmetic.js";
import { FRAME_ACCESS, type FunctionBuilder } from "./function-builder.js";
import { bin, convertValue, i64, isWide, un } from "./value-types.js";

export interface Pair {
  readonly lo: Expr;
  readonly hi: Expr;
}

const op = (name: string, a: Expr, b: Expr): Expr => bin(`i64.${name}`, "i64", a, b);
const cmp = (name: string, a: Expr, b: Expr): Expr => bin(`i64.${name}`, "i32", a, b);
const extend = (bit: Expr): Expr => un("i64.extend_i32_u", "i64", bit);
const zero = i64(0n);

/** Both halves in locals, so that later effects do not change them. */
function inLocals(f: FunctionBuilder, p: Pair): Pair {
  return { lo: f.temp(p.lo), hi: f.temp(p.hi) };
}

/** Copies 16 bytes to a fresh slot; the result is a value. */
export function snapshot(f: FunctionBuilder, from: Expr, acc: Access): Expr {
  const to: Expr = { k: "frame", off: f.slot(16, 16, "") };
  f.emit({ k: "copy", dst: to, src: from, size: 16, acc });
  return to;
}

function spill(f: FunctionBuilder, p: Pair): Expr {
  const to: Expr = { k: "frame", off: f.slot(16, 16, "") };
  f.emit({ k: "store", m: "i64", addr: to, off: 0, v: p.lo, acc: FRAME_ACCESS });
  f.emit({ k: "store", m: "i64", addr: to, off: 8, v: p.hi, acc: FRAME_ACCESS });
  return to;
}

/** A value of scalar type `ty` as 128 bits, extended by the type's sign. */
export function toPair(f: FunctionBuilder, v: Expr, ty: CType): Pair {
  if (isWide(ty)) {
    const lo = f.local("i64");
    const hi = f.local("i64");
    const at = f.temp(v);
    f.emit({ k: "load", i: lo, t: "i64", m: "i64", addr: at, off: 0, acc: FRAME_ACCESS });
    f.emit({ k: "load", i: hi, t: "i64", m: "i64", addr: at, off: 8, acc: FRAME_ACCESS });
    return { lo: { k: "local", i: lo, t: "i64" }, hi: { k: "local", i: hi, t: "i64" } };
  }
  if (ty.kind === TK.Float) return fromFloat(f, convertValue(v, ty, T.double));
  const lo = f.temp(convertValue(v, ty, ty.signed ? T.long : T.ulong));
  return { lo, hi: ty.signed ? op("shr_s", lo, i64(63n)) : zero };
}

/** 128 bits as a value of scalar type `to`; `signed` is the signedness of the 128 bits. */
export function fromPair(f: FunctionBuilder, p: Pair, to: CType, signed: boolean): Expr {
  if (isWide(to)) return spill(f, p);
  if (to.kind === TK.Bool) return cmp("ne", op("or", p.lo, p.hi), zero);
  if (to.kind === TK.Float) {
    // By magnitude: halves of different sign would cancel each other's digits.
    const s = signed ? f.temp(op("shr_s", p.hi, i64(63n))) : zero;
    const { lo, hi } = signed ? negateIf(f, inLocals(f, p), s) : inLocals(f, p);
    const upper = bin("f64.mul", "f64", un("f64.convert_i64_u", "f64", hi), { k: "f64", v: 2 ** 64 });
    const size = f.temp(bin("f64.add", "f64", upper, un("f64.convert_i64_u", "f64", lo)));
    return convertValue({ k: "select", t: "f64", c: cmp("ne", s, zero), a: un("f64.neg", "f64", size), b: size }, T.double, to);
  }
  return convertValue(p.lo, T.ulong, to);
}

function fromFloat(f: FunctionBuilder, v: Expr): Pair {
  const x = f.temp(v);
  const size = f.temp(un("f64.abs", "f64", x));
  const hi = f.temp(un("i64.trunc_sat_f64_u", "i64", bin("f64.mul", "f64", size, { k: "f64", v: 2 ** -64 })));
  const rest = bin("f64.sub", "f64", size, bin("f64.mul", "f64", un("f64.convert_i64_u", "f64", hi), { k: "f64", v: 2 ** 64 }));
  const p = inLocals(f, { lo: un("i64.trunc_sat_f64_u", "i64", rest), hi });
  const n = negate(p);
  const negative = bin("f64.lt", "i32", x, { k: "f64", v: 0 });
  return { lo: { k: "select", t: "i64", c: negative, a: n.lo, b: p.lo }, hi: { k: "select", t: "i64", c: negative, a: n.hi, b: p.hi } };
}

function negate(p: Pair): Pair {
  return { lo: op("sub", zero, p.lo), hi: op("sub", op("sub", zero, p.hi), extend(cmp("ne", p.lo, zero))) };
}

/** Evaluates a node whose type is a 128-bit integer. */
export function pair(f: FunctionBuilder, n: Node): Pair {
  const k = constEval(n);
  if (k !== undefined) return { lo: i64(k), hi: i64(k >> 64n) };
  switch (n.k) {
    case "cast":
      return isWide(n.e.ty) ? pair(f, n.e) : toPair(f, f.value(n.e), n.e.ty);
    case "neg":
      return negate(inLocals(f, pair(f, n.e)));
    case "bnot": {
      const p = pair(f, n.e);
      return { lo: op("xor", p.lo, i64(-1n)), hi: op("xor", p.hi, i64(-1n)) };
    }
    case "bin": {
      const a = inLocals(f, pair(f, n.a));
      return pairArithmetic(f, n.op, a, shiftOrPair(f, n), n.ty.signed);
    }
    default:
      return toPair(f, f.value(n), n.ty);
  }
}

function shiftOrPair(f: FunctionBuilder, n: Node & { readonly k: "bin" }): Pair {
  return isWide(n.b.ty) ? inLocals(f, pair(f, n.b)) : inLocals(f, toPair(f, f.value(n.b), n.b.ty));
}

export function wideValue(f: FunctionBuilder, n: Node): Expr {
  return spill(f, pair(f, n));
}

export function wideTruth(f: FunctionBuilder, n: Node): Expr {
  const p = pair(f, n);
  return cmp("ne", op("or", p.lo, p.hi), zero);
}

/** `a op b`; shifts use only the lower half of `b`. */
export function pairArithmetic(f: FunctionBuilder, name: BinOp, a: Pair, b: Pair, signed: boolean): Pair {
  switch (name) {
    case "+": {
      const lo = f.temp(op("add", a.lo, b.lo));
      return { lo, hi: op("add", op("add", a.hi, b.hi), extend(cmp("lt_u", lo, a.lo))) };
    }
    case "-":
      return { lo: op("sub", a.lo, b.lo), hi: op("sub", op("sub", a.hi, b.hi), extend(cmp("lt_u", a.lo, b.lo))) };
    case "*": {
      const cross = op("add", op("mul", a.lo, b.hi), op("mul", a.hi, b.lo));
      return { lo: op("mul", a.lo, b.lo), hi: op("add", mulHigh(f, a.lo, b.lo), cross) };
    }
    case "/":
    case "%":
      return divide(f, name, a, b, signed);
    case "&":
    case "|":
    case "^": {
      const w = name === "&" ? "and" : name === "|" ? "or" : "xor";
      return { lo: op(w, a.lo, b.lo), hi: op(w, a.hi, b.hi) };
    }
    case "<<":
    case ">>":
      return shift(f, name, a, f.temp(b.lo), signed);
    default:
      return { lo: extend(pairCompare(name, a, b, signed)), hi: zero };
  }
}

/** An i32. */
export function pairCompare(name: BinOp, a: Pair, b: Pair, signed: boolean): Expr {
  if (name === "==" || name === "!=") return cmp(name === "==" ? "eq" : "ne", op("or", op("xor", a.lo, b.lo), op("xor", a.hi, b.hi)), zero);
  const w = { "<": "lt", ">": "gt", "<=": "le", ">=": "ge" }[name as "<"];
  const s = signed ? "s" : "u";
  return { k: "select", t: "i32", c: cmp("eq", a.hi, b.hi), a: cmp(`${w}_u`, a.lo, b.lo), b: cmp(`${w}_${s}`, a.hi, b.hi) };
}

function shift(f: FunctionBuilder, name: "<<" | ">>", a: Pair, n: Expr, signed: boolean): Pair {
  const select = (c: Expr, x: Expr, y: Expr): Expr => ({ k: "select", t: "i64", c, a: x, b: y });
  const far = f.temp(cmp("ne", op("and", n, i64(64n)), zero));
  const none = f.temp(cmp("eq", op("and", n, i64(63n)), zero));
  const back = op("sub", i64(64n), n); // WebAssembly takes shift counts modulo 64
  if (name === "<<") {
    const low = f.temp(op("shl", a.lo, n));
    const high = op("or", op("shl", a.hi, n), select(none, zero, op("shr_u", a.lo, back)));
    return { lo: select(far, zero, low), hi: select(far, low, high) };
  }
  const high = f.temp(op(signed ? "shr_s" : "shr_u", a.hi, n));
  const low = op("or", op("shr_u", a.lo, n), select(none, zero, op("shl", a.hi, back)));
  return { lo: select(far, high, low), hi: select(far, signed ? op("shr_s", a.hi, i64(63n)) : zero, high) };
}

/** Upper 64 bits of an unsigned 64 by 64 product. */
export function mulHigh(f: FunctionBuilder, x: Expr, y: Expr): Expr {
  const m = i64(0xffffffffn);
  const s = i64(32n);
  const [xl, xh] = [f.temp(op("and", x, m)), f.temp(op("shr_u", x, s))];
  const [yl, yh] = [f.temp(op("and", y, m)), f.temp(op("shr_u", y, s))];
  const ll = f.temp(op("mul", xl, yl));
  const mid = f.temp(op("add", op("mul", xh, yl), op("shr_u", ll, s)));
  const cross = f.temp(op("add", op("mul", xl, yh), op("and", mid, m)));
  return op("add", op("add", op("mul", xh, yh), op("shr_u", mid, s)), op("shr_u", cross, s));
}

/** `p` if `s` is 0, -p if it is -1. */
function negateIf(f: FunctionBuilder, p: Pair, s: Expr): Pair {
  const lo = f.temp(op("sub", op("xor", p.lo, s), s));
  return inLocals(f, { lo, hi: op("add", op("xor", p.hi, s), extend(bin("i32.and", "i32", cmp("ne", s, zero), cmp("eq", lo, zero)))) });
}

function divide(f: FunctionBuilder, name: "/" | "%", a: Pair, b: Pair, signed: boolean): Pair {
  const sign = (p: Pair): Expr => f.temp(op("shr_s", p.hi, i64(63n)));
  const [sa, sb] = signed ? [sign(a), sign(b)] : [zero, zero];
  const { quotient, rest } = divideUnsigned(f, signed ? negateIf(f, a, sa) : a, signed ? negateIf(f, b, sb) : b);
  if (!signed) return name === "/" ? quotient : rest;
  return name === "/" ? negateIf(f, quotient, f.temp(op("xor", sa, sb))) : negateIf(f, rest, sa);
}

/** Schoolbook division, a bit at a time. */
function divideUnsigned(f: FunctionBuilder, a: Pair, b: Pair): { readonly quotient: Pair; readonly rest: Pair } {
  const local = (v: Expr): { readonly get: Expr; readonly set: (v: Expr) => void } => {
    const i = f.local("i64");
    const set = (e: Expr): void => {
      f.emit({ k: "set", i, v: e });
    };
    set(v);
    return { get: { k: "local", i, t: "i64" }, set };
  };
  // A zero divisor is reported at this 64-bit division, the only one here.
  f.temp(op("div_u", zero, op("or", b.lo, b.hi)));
  const divisor = { lo: local(b.lo).get, hi: local(b.hi).get };
  const [nl, nh, rl, rh, left] = [local(a.lo), local(a.hi), local(zero), local(zero), local(i64(128n))];
  const [loop, sub, next, end] = [f.block(), f.block(), f.block(), f.block()];
  f.jump(loop);
  f.start(loop);
  const one = i64(1n);
  const top = i64(63n);
  const over = f.temp(op("shr_u", rh.get, top));
  rh.set(op("or", op("shl", rh.get, one), op("shr_u", rl.get, top)));
  rl.set(op("or", op("shl", rl.get, one), op("shr_u", nh.get, top)));
  nh.set(op("or", op("shl", nh.get, one), op("shr_u", nl.get, top)));
  nl.set(op("shl", nl.get, one));
  const fits = pairCompare(">=", { lo: rl.get, hi: rh.get }, divisor, false);
  f.end({ k: "if", c: bin("i32.or", "i32", cmp("ne", over, zero), fits), then: sub, else: next });
  f.start(sub);
  const borrow = f.temp(extend(cmp("lt_u", rl.get, divisor.lo)));
  rl.set(op("sub", rl.get, divisor.lo));
  rh.set(op("sub", op("sub", rh.get, divisor.hi), borrow));
  nl.set(op("or", nl.get, one));
  f.jump(next);
  f.start(next);
  left.set(op("sub", left.get, one));
  f.end({ k: "if", c: cmp("ne", left.get, zero), then: loop, else: end });
  f.start(end);
  return { quotient: { lo: nl.get, hi: nh.get }, rest: { lo: rl.get, hi: rh.get } };
}

/** The new value of a compound assignment that involves 128 bits, in the type of the left side. */
export function wideOpAssign(f: FunctionBuilder, n: Node & { readonly k: "opassign" }, old: Expr, right: Expr): Expr {
  const a = inLocals(f, toPair(f, old, n.a.ty));
  const b = inLocals(f, toPair(f, right, n.b.ty));
  if (!isWide(n.opType)) {
    // The operation itself is narrower (a float's, or a shift by a 128-bit count).
    const narrow = arithmetic(
      n.op,
      n.opType,
      fromPair(f, a, n.opType, n.a.ty.signed),
      n.opType.kind === TK.Float ? right : b.lo,
      n.opType.kind === TK.Float ? n.b.ty : T.ulong,
    );
    return fromPair(f, toPair(f, narrow, n.opType), n.a.ty, n.opType.signed);
  }
  return fromPair(f, pairArithmetic(f, n.op, a, b, n.opType.signed), n.a.ty, n.opType.signed);
}

/** ++ and --. */
export function wideStep(f: FunctionBuilder, old: Expr, ty: CType, delta: number): Expr {
  const a = inLocals(f, toPair(f, old, ty));
  return spill(f, pairArithmetic(f, "+", a, { lo: i64(BigInt(delta)), hi: i64(delta < 0 ? -1n : 0n) }, false));
}
