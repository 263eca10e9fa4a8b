// Lowering of expressions. `value` returns a scalar as a pure tree over locals and emits every effect in C's order.
// Structs are handled by address.

import { constEval, isInteger, type Node, sizeOf, T, TK } from "../types/index.js";
import type { Expr } from "../ir/index.js";
import { arithmetic, pointerSum } from "./arithmetic.js";
import { atomicPlace } from "./atomic.js";
import { lowerBuiltin } from "./builtin.js";
import { lowerCall } from "./call.js";
import type { FunctionBuilder } from "./function-builder.js";
import { place } from "./lvalue.js";
import { addressOfPlace, copyStruct, load, withFixedAddress, store, truncateToField } from "./place.js";
import { bin, constant, convertValue, truncateToBits, i32, i64, isWide, plus, typeOf, un, valType } from "./value-types.js";
import { vlaSize } from "./vla.js";
import { fromPair, pair, pairCompare, toPair, wideOpAssign, wideStep, wideTruth, wideValue } from "./wide.js";

/** Evaluates an expression for its effects only. */
export function effect(f: FunctionBuilder, n: Node): void {
  if (n.ty.kind === TK.Struct) {
    if (n.k !== "var") aggregateAddress(f, n);
    return;
  }
  if (n.k === "incdec") {
    incdec(f, { ...n, post: false });
    return;
  }
  if (n.k === "cast" && n.ty.kind === TK.Void) {
    effect(f, n.e);
    return;
  }
  if (n.ty.kind === TK.Void) voidValue(f, n);
  else value(f, n);
}

function voidValue(f: FunctionBuilder, n: Node): void {
  switch (n.k) {
    case "call":
      lowerCall(f, n);
      return;
    case "comma":
      effect(f, n.a);
      effect(f, n.b);
      return;
    case "stmtexpr":
      f.statementExpression(n);
      return;
    case "builtin":
      lowerBuiltin(f, n);
      return;
    case "cond": {
      const c = constEval(n.c);
      if (c !== undefined) {
        effect(f, c !== 0n ? (n.a ?? n.c) : n.b);
        return;
      }
      const [a, b, end] = [f.block(), f.block(), f.block()];
      branch(f, n.c, a, b);
      f.start(a);
      if (n.a !== undefined) effect(f, n.a);
      f.jump(end);
      f.start(b);
      effect(f, n.b);
      f.jump(end);
      f.start(end);
      return;
    }
    case "cast":
      effect(f, n.e);
      return;
    case "deref":
      value(f, n.e);
      return;
    default:
      return;
  }
}

/** A scalar's value. */
export function value(f: FunctionBuilder, n: Node): Expr {
  if (isWide(n.ty) && (n.k === "int" || n.k === "neg" || n.k === "bnot" || n.k === "bin" || n.k === "cast")) return wideValue(f, n);
  switch (n.k) {
    case "int":
      return constant(n.v, n.ty);
    case "float": {
      const t = valType(n.ty);
      return t === "f32" ? { k: "f32", v: Math.fround(n.v) } : { k: "f64", v: n.v };
    }
    case "var":
    case "deref":
    case "member":
    case "compound":
    case "str":
    case "fn":
      if (n.ty.kind === TK.Func || n.ty.kind === TK.Array) return addressOfPlace(place(f, n));
      if (n.ty.kind === TK.Struct) return aggregateAddress(f, n);
      if (n.ty.kind === TK.Void) {
        voidValue(f, n);
        return i32(0);
      }
      return load(f, place(f, n));
    case "addr":
      return addressOfPlace(place(f, n.e));
    case "neg": {
      const t = valType(n.ty);
      const v = value(f, n.e);
      return t === "i32" ? bin("i32.sub", t, i32(0), v) : t === "i64" ? truncateToBits(bin("i64.sub", t, i64(0n), v), n.ty) : un(`${t}.neg`, t, v);
    }
    case "bnot": {
      const t = valType(n.ty);
      return truncateToBits(bin(`${t}.xor`, t, value(f, n.e), t === "i64" ? i64(-1n) : i32(-1)), n.ty);
    }
    case "lnot": {
      const k = constEval(n);
      if (k !== undefined) return i32(Number(k));
      return un("i32.eqz", "i32", truth(f, n.e));
    }
    case "bin":
      return binary(f, n);
    case "ptradd": {
      const a = value(f, n.a);
      const base = isConstantAddress(a) ? a : f.temp(a);
      return pointerSum(base, value(f, n.b), n.b.ty, n.scale, n.minus);
    }
    case "ptrdiff": {
      const a = f.temp(value(f, n.a));
      const d = bin("i64.sub", "i64", a, value(f, n.b));
      return n.scale === 1 ? d : bin("i64.div_s", "i64", d, i64(BigInt(Math.max(1, n.scale))));
    }
    case "and":
    case "or": {
      const k = constEval(n);
      if (k !== undefined) return i32(Number(k));
      const r = f.local("i32");
      const [yes, no, end] = [f.block(), f.block(), f.block()];
      branch(f, n, yes, no);
      f.start(yes);
      f.emit({ k: "set", i: r, v: i32(1) });
      f.jump(end);
      f.start(no);
      f.emit({ k: "set", i: r, v: i32(0) });
      f.jump(end);
      f.start(end);
      return { k: "local", i: r, t: "i32" };
    }
    case "cond":
      return conditional(f, n);
    case "comma":
      effect(f, n.a);
      return value(f, n.b);
    case "assign": {
      if (n.ty.kind === TK.Struct) return aggregateAddress(f, n);
      const pl = place(f, n.a);
      const target = n.b.k === "int" || pl.k === "local" ? pl : withFixedAddress(f, pl);
      const v = f.temp(value(f, n.b));
      store(f, target, v);
      return target.k === "mem" && target.field !== undefined ? truncateToField(v, target.field) : v;
    }
    case "opassign":
      return opAssign(f, n);
    case "incdec":
      return incdec(f, n);
    case "cast": {
      if (n.ty.kind === TK.Void) {
        effect(f, n.e);
        return i32(0);
      }
      if (isWide(n.e.ty)) return fromPair(f, pair(f, n.e), n.ty, n.e.ty.signed);
      return convertValue(value(f, n.e), n.e.ty, n.ty);
    }
    case "call":
      return lowerCall(f, n);
    case "builtin":
      return lowerBuiltin(f, n);
    case "stmtexpr":
      return f.statementExpression(n);
    case "label": {
      // The value is the block's number, which prune keeps in a function that uses labels as values.
      const b = f.label(n.name);
      f.labelsTaken = true;
      f.gotoTargets.add(b);
      return i64(BigInt(b));
    }
    case "vla-size":
      return vlaSize(f, n.of);
  }
}

function isConstantAddress(e: Expr): boolean {
  return e.k === "i64" || e.k === "sym" || e.k === "frame";
}

function binary(f: FunctionBuilder, n: Node & { readonly k: "bin" }): Expr {
  const k = constEval(n);
  if (k !== undefined) return constant(k, n.ty);
  if (isWide(n.a.ty)) {
    // A comparison: its operands are wide, its result is not.
    const a = pair(f, n.a);
    const left = { lo: f.temp(a.lo), hi: f.temp(a.hi) };
    const b = pair(f, n.b);
    return pairCompare(n.op, left, { lo: f.temp(b.lo), hi: f.temp(b.hi) }, n.a.ty.signed);
  }
  const a = value(f, n.a);
  if (isWide(n.b.ty)) return arithmetic(n.op, n.a.ty, f.temp(a), pair(f, n.b).lo, T.ulong);
  // The right operand's effects must not change what the left one read.
  const left = hasNoEffect(n.b) ? a : f.temp(a);
  return arithmetic(n.op, n.a.ty, left, value(f, n.b), n.b.ty);
}

/** An operand whose evaluation has no effect. */
function hasNoEffect(n: Node): boolean {
  return n.k === "int" || n.k === "float" || n.k === "var" || (n.k === "cast" && hasNoEffect(n.e)) || (n.k === "addr" && n.e.k === "var");
}

/** A scalar as a condition: an i32, nonzero for true. */
export function truth(f: FunctionBuilder, n: Node): Expr {
  if (isWide(n.ty)) return wideTruth(f, n);
  const v = value(f, n);
  const t = typeOf(v);
  if (t === "i32") return v;
  return bin(`${t}.ne`, "i32", v, t === "i64" ? i64(0n) : { k: t, v: 0 });
}

/** Ends the current block: jumps to `yes` if `n` is true, else to `no`. */
export function branch(f: FunctionBuilder, n: Node, yes: number, no: number): void {
  const k = constEval(n);
  if (k !== undefined) {
    f.jump(k !== 0n ? yes : no);
    return;
  }
  if (n.k === "and") {
    const mid = f.block();
    branch(f, n.a, mid, no);
    f.start(mid);
    branch(f, n.b, yes, no);
    return;
  }
  if (n.k === "or") {
    const mid = f.block();
    branch(f, n.a, yes, mid);
    f.start(mid);
    branch(f, n.b, yes, no);
    return;
  }
  if (n.k === "lnot") {
    branch(f, n.e, no, yes);
    return;
  }
  if (n.k === "cast" && isInteger(n.ty) && isInteger(n.e.ty) && (sizeOf(n.ty) >= sizeOf(n.e.ty) || n.ty.kind === TK.Bool)) {
    branch(f, n.e, yes, no);
    return;
  }
  const c = truth(f, n);
  f.end({ k: "if", c, then: yes, else: no });
}

function conditional(f: FunctionBuilder, n: Node & { readonly k: "cond" }): Expr {
  if (n.ty.kind === TK.Struct) return aggregateAddress(f, n);
  if (n.ty.kind === TK.Void) {
    voidValue(f, n);
    return i32(0);
  }
  const k = constEval(n.c);
  if (k !== undefined && (k !== 0n ? n.a !== undefined : true)) return value(f, k !== 0n ? (n.a ?? n.c) : n.b);
  const t = valType(n.ty);
  const r = f.local(t);
  const [a, b, end] = [f.block(), f.block(), f.block()];
  if (n.a === undefined) {
    const c = f.temp(value(f, n.c));
    const ct = typeOf(c);
    const wide = isWide(n.c.ty) || isWide(n.ty);
    if (isWide(n.c.ty)) {
      const p = toPair(f, c, n.c.ty);
      f.end({ k: "if", c: bin("i64.ne", "i32", bin("i64.or", "i64", p.lo, p.hi), i64(0n)), then: a, else: b });
    } else f.end({ k: "if", c: ct === "i32" ? c : bin(`${ct}.ne`, "i32", c, ct === "i64" ? i64(0n) : { k: ct, v: 0 }), then: a, else: b });
    f.start(a);
    f.emit({ k: "set", i: r, v: wide ? fromPair(f, toPair(f, c, n.c.ty), n.ty, n.c.ty.signed) : convertValue(c, n.c.ty, n.ty) });
  } else {
    branch(f, n.c, a, b);
    f.start(a);
    const v = value(f, n.a);
    f.emit({ k: "set", i: r, v });
  }
  f.jump(end);
  f.start(b);
  const v = value(f, n.b);
  f.emit({ k: "set", i: r, v });
  f.jump(end);
  f.start(end);
  return { k: "local", i: r, t };
}

function opAssign(f: FunctionBuilder, n: Node & { readonly k: "opassign" }): Expr {
  const fixed = withFixedAddress(f, place(f, n.a));
  const right = f.temp(value(f, n.b));
  const pl = atomicPlace(f, fixed, n.a);
  const old = load(f, pl);
  let v: Expr;
  if (n.scale > 0 || n.a.ty.kind === TK.Ptr) v = pointerSum(old, right, n.b.ty, n.scale, n.op === "-");
  else if (isWide(n.opType) || isWide(n.a.ty) || isWide(n.b.ty)) v = wideOpAssign(f, n, old, right);
  else v = convertValue(arithmetic(n.op, n.opType, convertValue(old, n.a.ty, n.opType), right, n.b.ty), n.opType, n.a.ty);
  const r = f.temp(v);
  store(f, pl, r);
  return pl.k === "mem" && pl.field !== undefined ? truncateToField(r, pl.field) : r;
}

function incdec(f: FunctionBuilder, n: Node & { readonly k: "incdec" }): Expr {
  const pl = atomicPlace(f, withFixedAddress(f, place(f, n.e)), n.e);
  const old = n.post ? f.temp(load(f, pl)) : load(f, pl);
  const t = valType(n.e.ty);
  let v: Expr;
  if (n.e.ty.kind === TK.Ptr) v = plus(old, n.delta * n.scale);
  else if (isWide(n.e.ty)) v = wideStep(f, old, n.e.ty, n.delta);
  else if (n.e.ty.kind === TK.Bool) v = n.delta > 0 ? i32(1) : un("i32.eqz", "i32", old);
  else if (t === "f32" || t === "f64") v = bin(`${t}.add`, t, old, { k: t, v: n.delta });
  else v = convertValue(bin(`${t}.add`, t, old, t === "i64" ? i64(BigInt(n.delta)) : i32(n.delta)), t === "i64" ? n.e.ty : T.int, n.e.ty);
  const r = f.temp(v);
  store(f, pl, r);
  if (n.post) return old;
  return pl.k === "mem" && pl.field !== undefined ? truncateToField(r, pl.field) : r;
}

/** Address of a struct value; the result of a call has its own slot. */
export function aggregateAddress(f: FunctionBuilder, n: Node): Expr {
  switch (n.k) {
    case "call":
    case "stmtexpr":
    case "builtin":
      return value(f, n);
    case "comma":
      effect(f, n.a);
      return aggregateAddress(f, n.b);
    case "assign": {
      const dst = f.temp(addressOfPlace(place(f, n.a)));
      const src = f.temp(aggregateAddress(f, n.b));
      copyStruct(f, dst, src, n);
      return dst;
    }
    case "cond": {
      const r = f.local("i64");
      const [a, b, end] = [f.block(), f.block(), f.block()];
      branch(f, n.c, a, b);
      f.start(a);
      const x = aggregateAddress(f, n.a ?? n.c);
      f.emit({ k: "set", i: r, v: x });
      f.jump(end);
      f.start(b);
      const y = aggregateAddress(f, n.b);
      f.emit({ k: "set", i: r, v: y });
      f.jump(end);
      f.start(end);
      return { k: "local", i: r, t: "i64" };
    }
    case "cast":
      return aggregateAddress(f, n.e);
    default:
      return addressOfPlace(place(f, n));
  }
}
