// Atomic operations: GCC's builtins, and read-modify-write of _Atomic objects. Each is one visible operation, and no other
// thread runs until it is done; a sequentially consistent machine needs no more.

import { type CType, type Node, Q_ATOMIC, sizeOf, T, TK } from "../types/index.js";
import type { Access, Expr } from "../ir/index.js";
import type { FunctionBuilder } from "./function-builder.js";
import type { Place } from "./place.js";
import { bin, convertValue, i32, i64, memType, storeType, valType } from "./value-types.js";

/** Kinds of visible operations as the machine numbers them (tcs.h). */
const READ = 0;
const WRITE = 1;
const ATOMIC = 2;

function visibleOperation(f: FunctionBuilder, addr: Expr, size: number, kind: number, n: Node): void {
  const sig = { params: ["i64", "i64", "i32"] as const, result: undefined, variadic: false };
  f.emit({ k: "call", i: -1, fn: "__tcs_visible", args: [addr, i64(BigInt(size)), i32(kind)], sig, site: f.site(n) });
}

/** The place of a read-modify-write. If the object is _Atomic, its one visible operation is emitted first. */
export function atomicPlace(f: FunctionBuilder, pl: Place, n: Node): Place {
  if (pl.k !== "mem" || (n.ty.quals & Q_ATOMIC) === 0 || !pl.acc.visible) return pl;
  const addr = f.temp(pl.off === 0 ? pl.addr : bin("i64.add", "i64", pl.addr, i64(BigInt(pl.off))));
  visibleOperation(f, addr, sizeOf(pl.ty), ATOMIC, n);
  return { ...pl, addr, off: 0, acc: { ...pl.acc, visible: false } };
}

export function lowerAtomic(f: FunctionBuilder, n: Node & { readonly k: "builtin" }): Expr {
  const [pointer, second, third] = n.args;
  if (pointer === undefined) return i32(0);
  // test_and_set and clear work on a byte, whatever their pointer points to.
  const base = pointer.ty.base ?? T.uchar;
  const object = second?.k === "int" && second.ty === T.uchar ? T.uchar : base;
  const size = sizeOf(object);
  const t = valType(object);
  const addr = f.temp(f.value(pointer));
  const b = second === undefined ? undefined : f.temp(f.value(second));
  const c = third === undefined ? undefined : f.temp(f.value(third));
  const acc: Access = { check: true, visible: false, once: true, site: f.site(n) };
  const read = (from: Expr): Expr => {
    const i = f.local(t);
    f.emit({ k: "load", i, t, m: memType(object), addr: from, off: 0, acc });
    return { k: "local", i, t };
  };
  const write = (to: Expr, v: Expr): void => {
    f.emit({ k: "store", m: storeType(object), addr: to, off: 0, v, acc });
  };
  const name = n.name.slice("atomic-".length);
  visibleOperation(f, addr, size, name === "load" ? READ : name === "store" ? WRITE : ATOMIC, n);
  if (name === "store") {
    write(addr, b ?? i32(0));
    return i32(0);
  }
  const old = read(addr);
  if (name === "load") return old;
  if (name === "exchange") {
    write(addr, b ?? i32(0));
    return n.ty.kind === TK.Bool ? bin(`${t}.ne`, "i32", old, t === "i64" ? i64(0n) : i32(0)) : old;
  }
  if (name.startsWith("compare")) return compare(f, n, { addr, old, expected: b ?? i32(0), desired: c ?? i32(0), t, read, write });
  const [result, op = "add"] = name.split("-");
  const updated = f.temp(combined(op, t, object, old, b ?? i32(0)));
  write(addr, updated);
  return result === "new" ? updated : old;
}

interface Comparison {
  readonly addr: Expr;
  readonly old: Expr;
  /** The expected value, or the address that holds it and receives the value found. */
  readonly expected: Expr;
  readonly desired: Expr;
  readonly t: "i32" | "i64" | "f32" | "f64";
  readonly read: (from: Expr) => Expr;
  readonly write: (to: Expr, v: Expr) => void;
}

function compare(f: FunctionBuilder, n: Node & { readonly k: "builtin" }, { addr, old, expected, desired, t, read, write }: Comparison): Expr {
  const inMemory = n.name === "atomic-compare-pointer";
  const same = f.temp(bin(`${t}.eq`, "i32", old, inMemory ? read(expected) : expected));
  const [yes, no, end] = [f.block(), f.block(), f.block()];
  f.end({ k: "if", c: same, then: yes, else: no });
  f.start(yes);
  write(addr, desired);
  f.jump(end);
  f.start(no);
  if (inMemory) write(expected, old);
  f.jump(end);
  f.start(end);
  return n.ty.kind === TK.Bool ? same : old;
}

function combined(op: string, t: "i32" | "i64" | "f32" | "f64", object: CType, old: Expr, by: Expr): Expr {
  const ones = t === "i64" ? i64(-1n) : i32(-1);
  const result = op === "nand" ? bin(`${t}.xor`, t, bin(`${t}.and`, t, old, by), ones) : bin(`${t}.${op}`, t, old, by);
  return t === "i32" ? convertValue(result, T.int, object) : result;
}
