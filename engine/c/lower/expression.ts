// Lowering of expressions. `value` gives a scalar as a pure tree over locals; every effect on the way is emitted
// in C's order. Structs are handled by their address.

import { type BinOp, constEval, type CType, type Init, isInteger, type Node, sizeOf, T, TK, type VarSym } from "../types/index.js";
import type { Access, Expr, Signature, ValType } from "../ir/index.js";
import { atomicPlace } from "./atomic.js";
import { lowerBuiltin } from "./builtin.js";
import type { Lowering } from "./function.js";
import { vlaSize } from "./vla.js";
import { addressOfPlace, load, place, type Place, settle, store, truncateToField } from "./place.js";
import { lowerBlockClose, lowerBlockOpen, lowerItems } from "./statement.js";
import { bin, constant, convertValue, cutToBits, i32, i64, isWide, plus, signature, typeOf, un, valType } from "./value-types.js";
import { fromPair, pair, pairCompare, snapshot, toPair, wideOpAssign, wideStep, wideTruth, wideValue } from "./wide.js";

const own: Access = { check: false, visible: false, once: false, site: 0 };

/** Evaluates for effects only. */
export function effect(f: Lowering, n: Node): void {
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

function voidValue(f: Lowering, n: Node): void {
  switch (n.k) {
    case "call":
      call(f, n);
      return;
    case "comma":
      effect(f, n.a);
      effect(f, n.b);
      return;
    case "stmtexpr":
      stmtExpr(f, n);
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
export function value(f: Lowering, n: Node): Expr {
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
      return t === "i32" ? bin("i32.sub", t, i32(0), v) : t === "i64" ? cutToBits(bin("i64.sub", t, i64(0n), v), n.ty) : un(`${t}.neg`, t, v);
    }
    case "bnot": {
      const t = valType(n.ty);
      return cutToBits(bin(`${t}.xor`, t, value(f, n.e), t === "i64" ? i64(-1n) : i32(-1)), n.ty);
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
      const kept = pureLocal(a) ? a : f.temp(a);
      return pointerSum(kept, value(f, n.b), n.b.ty, n.scale, n.minus);
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
      const target = n.b.k === "int" || pl.k === "local" ? pl : settle(f, pl);
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
      return call(f, n);
    case "builtin":
      return lowerBuiltin(f, n);
    case "stmtexpr":
      return stmtExpr(f, n);
    case "label": {
      // The value is the block's number; prune keeps numbers where labels are taken.
      const b = f.label(n.name);
      f.labelsTaken = true;
      f.gotoTargets.add(b);
      return i64(BigInt(b));
    }
    case "vla-size":
      return vlaSize(f, n.of);
  }
}

function pureLocal(e: Expr): boolean {
  return e.k === "i64" || e.k === "sym" || e.k === "frame";
}

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
  return o.cmp === true ? v : cutToBits(v, ty);
}

function binary(f: Lowering, n: Node & { readonly k: "bin" }): Expr {
  const k = constEval(n);
  if (k !== undefined) return constant(k, n.ty);
  if (isWide(n.a.ty)) {
    // Only comparisons come here: their operands are wide, their result is not.
    const a = pair(f, n.a);
    const kept = { lo: f.temp(a.lo), hi: f.temp(a.hi) };
    const b = pair(f, n.b);
    return pairCompare(n.op, kept, { lo: f.temp(b.lo), hi: f.temp(b.hi) }, n.a.ty.signed);
  }
  const a = value(f, n.a);
  if (isWide(n.b.ty)) return arithmetic(n.op, n.a.ty, f.temp(a), pair(f, n.b).lo, T.ulong);
  // The right operand's effects must not change what the left one read.
  const left = simple(n.b) ? a : f.temp(a);
  return arithmetic(n.op, n.a.ty, left, value(f, n.b), n.b.ty);
}

/** An operand whose evaluation has no effect. */
function simple(n: Node): boolean {
  return n.k === "int" || n.k === "float" || n.k === "var" || (n.k === "cast" && simple(n.e)) || (n.k === "addr" && n.e.k === "var");
}

/** A scalar as a condition: an i32, nonzero for true. */
export function truth(f: Lowering, n: Node): Expr {
  if (isWide(n.ty)) return wideTruth(f, n);
  const v = value(f, n);
  const t = typeOf(v);
  if (t === "i32") return v;
  return bin(`${t}.ne`, "i32", v, t === "i64" ? i64(0n) : { k: t, v: 0 });
}

/** Goes to `yes` or `no` by the truth of `n`; ends the current block. */
export function branch(f: Lowering, n: Node, yes: number, no: number): void {
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

function conditional(f: Lowering, n: Node & { readonly k: "cond" }): Expr {
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

function opAssign(f: Lowering, n: Node & { readonly k: "opassign" }): Expr {
  const settled = settle(f, place(f, n.a));
  const right = f.temp(value(f, n.b));
  const pl = atomicPlace(f, settled, n.a);
  const old = load(f, pl);
  let v: Expr;
  if (n.scale > 0 || n.a.ty.kind === TK.Ptr) v = pointerSum(old, right, n.b.ty, n.scale, n.op === "-");
  else if (isWide(n.opType) || isWide(n.a.ty) || isWide(n.b.ty)) v = wideOpAssign(f, n, old, right);
  else v = convertValue(arithmetic(n.op, n.opType, convertValue(old, n.a.ty, n.opType), right, n.b.ty), n.opType, n.a.ty);
  const r = f.temp(v);
  store(f, pl, r);
  return pl.k === "mem" && pl.field !== undefined ? truncateToField(r, pl.field) : r;
}

function incdec(f: Lowering, n: Node & { readonly k: "incdec" }): Expr {
  const pl = atomicPlace(f, settle(f, place(f, n.e)), n.e);
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

function stmtExpr(f: Lowering, n: Node & { readonly k: "stmtexpr" }): Expr {
  const mark = lowerBlockOpen(f);
  lowerItems(f, n.body.body);
  let v: Expr = i32(0);
  if (n.value !== undefined) {
    if (n.ty.kind === TK.Void) effect(f, n.value);
    else if (n.ty.kind === TK.Struct) v = f.temp(aggregateAddress(f, n.value));
    else v = f.temp(value(f, n.value));
  }
  lowerBlockClose(f, mark);
  return v;
}

/** Address of a struct value; a call's or conditional's result gets a slot of its own. */
export function aggregateAddress(f: Lowering, n: Node): Expr {
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

export function copyStruct(f: Lowering, dst: Expr, src: Expr, n: Node): void {
  const size = sizeOf(n.ty);
  if (size > 0) f.emit({ k: "copy", dst, src, size, acc: f.access(n, true, dst.k !== "frame") });
}

function call(f: Lowering, n: Node & { readonly k: "call" }): Expr {
  const direct = n.f.k === "fn" ? n.f.sym : n.f.k === "addr" && n.f.e.k === "fn" ? n.f.e.sym : undefined;
  const ft = direct !== undefined ? direct.type : n.f.ty.base;
  if (ft?.kind !== TK.Func) return i32(0);
  if (direct?.attrs.error === true) return i32(0); // the compiler's own assertion: no code stands for it
  const base = signature(ft);
  const ret = ft.base ?? T.void;
  const ptr = direct === undefined ? f.temp(value(f, n.f)) : undefined;
  const fixed = ft.noProto ? n.args.length : ft.params.length;
  const args: Expr[] = [];
  const va: Expr[] = [];
  let out: Expr | undefined;
  if (ret.kind === TK.Struct) {
    out = { k: "frame", off: f.slot(sizeOf(ret), 16, "") };
    args.push(out);
  }
  const params: ValType[] = ret.kind === TK.Struct ? ["i64"] : [];
  n.args.forEach((a, i) => {
    let v: Expr;
    if (a.ty.kind === TK.Struct) {
      // By value: the callee gets a copy.
      const slot: Expr = { k: "frame", off: f.slot(sizeOf(a.ty), 16, "") };
      const src = f.temp(aggregateAddress(f, a));
      copyStruct(f, slot, src, a);
      v = slot;
    } else v = f.temp(value(f, a));
    if (i < fixed) {
      args.push(v);
      params.push(typeOf(v));
    } else {
      const t = typeOf(v);
      va.push(t === "i32" ? un(a.ty.signed ? "i64.extend_i32_s" : "i64.extend_i32_u", "i64", v) : t === "f32" ? un("f64.promote_f32", "f64", v) : v);
    }
  });
  const sig: Signature = ft.noProto ? { params, result: base.result, variadic: false } : base;
  const i = sig.result === undefined ? -1 : f.local(sig.result);
  const site = f.site(n);
  if (direct !== undefined) {
    const fn = f.cx.target(f.unit.nameOf(direct), direct.link);
    f.emit({ k: "call", i, fn, args, ...(ft.variadic ? { va } : {}), sig, site });
  } else if (ptr !== undefined) f.emit({ k: "call", i, ptr, args, ...(ft.variadic ? { va } : {}), sig, site });
  if (direct?.attrs.noreturn === true) {
    f.end({ k: "unreachable", site });
    f.dead();
  }
  if (out !== undefined) return out;
  // The callee's frame is gone but not yet overwritten.
  if (isWide(ret)) return snapshot(f, { k: "local", i, t: "i64" }, own);
  return sig.result === undefined ? i32(0) : { k: "local", i, t: sig.result };
}

/** Runs the initialiser of an automatic variable. */
export function lowerInit(f: Lowering, sym: VarSym, init: Init): void {
  const aligned = f.vlaBase.get(sym);
  const home = aligned === undefined ? f.home(sym) : undefined;
  if (home !== undefined && "local" in home) {
    const item = init.items[0];
    const v = item === undefined ? constant(0n, sym.type) : value(f, item.value);
    f.emit({ k: "set", i: home.local, v });
    return;
  }
  const at: Expr = home === undefined ? { k: "local", i: aligned ?? 0, t: "i64" } : { k: "frame", off: home.off };
  const whole =
    init.items.length === 1 && init.items[0]?.offset === 0 && init.items[0].type.kind === TK.Struct && sizeOf(init.items[0].type) === sizeOf(sym.type);
  const scalar = sym.type.kind !== TK.Struct && sym.type.kind !== TK.Array;
  if (!whole && !scalar && sizeOf(sym.type) > 0) f.emit({ k: "zero", dst: at, size: sizeOf(sym.type), acc: own });
  for (const item of init.items) {
    if (item.value.k === "str" && item.type.kind === TK.Array) {
      if (item.value.bytes.length > 0)
        f.emit({
          k: "copy",
          dst: plus(at, item.offset),
          src: { k: "sym", sym: f.cx.string(item.value.bytes), off: 0 },
          size: item.value.bytes.length,
          acc: own,
        });
    } else if (item.type.kind === TK.Struct) {
      const src = f.temp(aggregateAddress(f, item.value));
      f.emit({ k: "copy", dst: plus(at, item.offset), src, size: sizeOf(item.type), acc: { ...f.access(item.value, true, false) } });
    } else {
      const pl: Place = { k: "mem", addr: at, off: item.offset, ty: item.type, acc: own, field: item.field };
      const v = f.temp(value(f, item.value));
      store(f, pl, v);
    }
  }
}
