// Places, where C objects are: a local, or memory at an address, perhaps a bit-field in it. Loads and stores of places are
// the program's checked and visible accesses.

import { type CType, type Field, type Node, sizeOf, T, TK } from "../types/index.js";
import type { Access, Expr } from "../ir/index.js";
import type { FunctionBuilder } from "./function-builder.js";
import { bin, i32, i64, isWide, memType, plus, storeType, un, valType } from "./value-types.js";
import { snapshot } from "./wide.js";

export type Place =
  | { readonly k: "local"; readonly i: number; readonly ty: CType }
  | { readonly k: "mem"; readonly addr: Expr; readonly off: number; readonly ty: CType; readonly acc: Access; readonly field: Field | undefined };

/** 64-bit address of a place in memory. */
export function addressOfPlace(pl: Place): Expr {
  return pl.k === "mem" ? plus(pl.addr, pl.off) : i64(0n);
}

/** A place whose address is computed once, for read-modify-write. */
export function withFixedAddress(f: FunctionBuilder, pl: Place): Place {
  return pl.k === "local" ? pl : { ...pl, addr: f.temp(pl.addr) };
}

export function load(f: FunctionBuilder, pl: Place): Expr {
  const t = valType(pl.ty);
  if (pl.k === "local") return { k: "local", i: pl.i, t };
  if (pl.field !== undefined) return loadBits(f, pl, pl.field);
  if (isWide(pl.ty)) return snapshot(f, plus(pl.addr, pl.off), pl.acc);
  const i = f.local(t);
  f.emit({ k: "load", i, t, m: memType(pl.ty), addr: pl.addr, off: pl.off, acc: pl.acc });
  return { k: "local", i, t };
}

export function store(f: FunctionBuilder, pl: Place, v: Expr): void {
  if (pl.k === "local") {
    f.emit({ k: "set", i: pl.i, v });
    return;
  }
  if (pl.field !== undefined) {
    storeBits(f, pl, pl.field, v);
    return;
  }
  if (isWide(pl.ty)) {
    f.emit({ k: "copy", dst: plus(pl.addr, pl.off), src: v, size: 16, acc: pl.acc });
    return;
  }
  f.emit({ k: "store", m: storeType(pl.ty), addr: pl.addr, off: pl.off, v, acc: pl.acc });
}

/** The accesses that cover a bit-field: its declared unit, in a packed struct only its own bytes. */
function pieces(field: Field): readonly { readonly off: number; readonly size: 1 | 2 | 4 | 8; readonly lo: number }[] {
  const unit = sizeOf(field.type) as 1 | 2 | 4 | 8;
  if (!field.tight && field.bit + field.width <= unit * 8 && field.offset % unit === 0) return [{ off: 0, size: unit, lo: 0 }];
  const first = Math.floor(field.bit / 8);
  const count = Math.ceil((field.bit + field.width) / 8) - first;
  if (field.bit + field.width <= 64 && (count === 1 || count === 2 || count === 4 || count === 8)) return [{ off: first, size: count, lo: first * 8 }];
  const out: { off: number; size: 1; lo: number }[] = [];
  for (let b = Math.floor(field.bit / 8); b * 8 < field.bit + field.width; b++) out.push({ off: b, size: 1, lo: b * 8 });
  return out;
}

const unsignedOf: Readonly<Record<number, CType>> = { 1: T.uchar, 2: T.ushort, 4: T.uint, 8: T.ulong };

function loadBits(f: FunctionBuilder, pl: Place & { readonly k: "mem" }, field: Field): Expr {
  // All bits from the unit's first bit, in 64 bits; a wide packed field may extend into a ninth byte.
  let all: Expr | undefined;
  let ninth: Expr | undefined;
  for (const piece of pieces(field)) {
    const ty = unsignedOf[piece.size] ?? T.ulong;
    const i = f.local("i64");
    f.emit({ k: "load", i, t: "i64", m: memType(ty), addr: pl.addr, off: pl.off + piece.off, acc: pl.acc });
    const part: Expr = { k: "local", i, t: "i64" };
    if (piece.lo === 64) {
      ninth = part;
      continue;
    }
    const placed = piece.lo === 0 ? part : bin("i64.shl", "i64", part, i64(BigInt(piece.lo)));
    all = all === undefined ? placed : bin("i64.or", "i64", all, placed);
  }
  const raw = all ?? i64(0n);
  if (ninth !== undefined) {
    const low = bin("i64.shr_u", "i64", raw, i64(BigInt(field.bit)));
    const v = bin("i64.or", "i64", low, bin("i64.shl", "i64", ninth, i64(BigInt(64 - field.bit))));
    const spare = i64(BigInt(64 - field.width));
    return bin(field.type.signed ? "i64.shr_s" : "i64.shr_u", "i64", bin("i64.shl", "i64", v, spare), spare);
  }
  const left = bin("i64.shl", "i64", raw, i64(BigInt(64 - field.bit - field.width)));
  const v = bin(field.type.signed ? "i64.shr_s" : "i64.shr_u", "i64", left, i64(BigInt(64 - field.width)));
  return valType(field.type) === "i32" ? un("i32.wrap_i64", "i32", v) : v;
}

function storeBits(f: FunctionBuilder, pl0: Place & { readonly k: "mem" }, field: Field, v: Expr): void {
  const pl = { ...pl0, addr: f.temp(pl0.addr) };
  const wide = f.temp(valType(field.type) === "i32" ? un("i64.extend_i32_u", "i64", v) : v);
  const mask = ((1n << BigInt(field.width)) - 1n) << BigInt(field.bit);
  const bits = f.temp(bin("i64.and", "i64", bin("i64.shl", "i64", wide, i64(BigInt(field.bit))), i64(mask)));
  for (const piece of pieces(field)) {
    const ty = unsignedOf[piece.size] ?? T.ulong;
    const i = f.local("i64");
    f.emit({ k: "load", i, t: "i64", m: memType(ty), addr: pl.addr, off: pl.off + piece.off, acc: pl.acc });
    const part = mask >> BigInt(piece.lo);
    const keep = bin("i64.and", "i64", { k: "local", i, t: "i64" }, i64(~part));
    const set =
      piece.lo === 64
        ? bin("i64.and", "i64", bin("i64.shr_u", "i64", wide, i64(BigInt(64 - field.bit))), i64(part))
        : piece.lo === 0
          ? bits
          : bin("i64.shr_u", "i64", bits, i64(BigInt(piece.lo)));
    const all = bin("i64.or", "i64", keep, set);
    f.emit({ k: "store", m: storeType(ty), addr: pl.addr, off: pl.off + piece.off, v: piece.size === 8 ? all : un("i32.wrap_i64", "i32", all), acc: pl.acc });
  }
}

/** The value of an assignment to a bit-field: truncated to its width. */
export function truncateToField(v: Expr, field: Field): Expr {
  const t = valType(field.type);
  const size = t === "i64" ? 64 : 32;
  if (field.width >= size || field.type.kind === TK.Bool) return v;
  const c = (n: number): Expr => (t === "i64" ? i64(BigInt(n)) : i32(n));
  return bin(`${t}.${field.type.signed ? "shr_s" : "shr_u"}`, t, bin(`${t}.shl`, t, v, c(size - field.width)), c(size - field.width));
}

export function copyStruct(f: FunctionBuilder, dst: Expr, src: Expr, n: Node): void {
  const size = sizeOf(n.ty);
  if (size > 0) f.emit({ k: "copy", dst, src, size, acc: f.access(n, true, dst.k !== "frame") });
}
