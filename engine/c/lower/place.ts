// Objects in C (lvalues) as places: a local, or memory at an address, perhaps a bit-field in it. Reading and
// writing a place is where the checked and visible accesses of the program come from.

import { type CType, type Field, type Node, Q_CONST, sizeOf, T, TK } from "../types/index.js";
import type { Access, Expr } from "../ir/index.js";
import { aggregateAddress, lowerInit, value } from "./expression.js";
import type { Lowering } from "./function.js";
import { bin, i32, i64, isWide, memType, plus, storeType, un, valType } from "./value-types.js";
import { snapshot } from "./wide.js";

export type Place =
  | { readonly k: "local"; readonly i: number; readonly ty: CType }
  | { readonly k: "mem"; readonly addr: Expr; readonly off: number; readonly ty: CType; readonly acc: Access; readonly field: Field | undefined };

/** The place an lvalue node stands for. */
export function place(f: Lowering, n: Node): Place {
  switch (n.k) {
    case "var": {
      const v = n.sym;
      if (v.storage === "auto") {
        const vla = f.vlaBase.get(v);
        if (vla !== undefined) return { k: "mem", addr: { k: "local", i: vla, t: "i64" }, off: 0, ty: n.ty, acc: f.access(n, true, false), field: undefined };
        const home = f.home(v);
        if ("local" in home) return { k: "local", i: home.local, ty: v.type };
        return { k: "mem", addr: { k: "frame", off: home.off }, off: 0, ty: n.ty, acc: f.access(n, false, false), field: undefined };
      }
      if (v.storage === "register") {
        // A global register variable: r13 is the paca of this CPU; the service reads it.
        const i = f.local("i64");
        const name = `__tcs_reg_${v.attrs.asmName.replace(/\W/g, "")}`;
        f.emit({ k: "call", i, fn: f.cx.target(name, name), args: [], sig: { params: [], result: "i64", variadic: false }, site: f.site(n) });
        return { k: "local", i, ty: n.ty };
      }
      return { k: "mem", addr: { k: "sym", sym: v.link, off: 0 }, off: 0, ty: n.ty, acc: f.access(n, false, (v.type.quals & Q_CONST) === 0), field: undefined };
    }
    case "deref": {
      const addr = value(f, n.e);
      return { k: "mem", addr, off: 0, ty: n.ty, acc: f.access(n, true, !ownFrame(addr)), field: undefined };
    }
    case "member": {
      const outer: Place =
        n.e.k === "call" || n.e.k === "cond" || n.e.k === "assign" || n.e.k === "comma" || n.e.k === "stmtexpr" || n.e.k === "builtin"
          ? { k: "mem", addr: aggregateAddress(f, n.e), off: 0, ty: n.e.ty, acc: f.access(n, false, false), field: undefined }
          : place(f, n.e);
      if (outer.k === "local") return outer; // a struct is never in a local
      const off = n.path.reduce((sum, step) => sum + step.offset, outer.off);
      const last = n.path[n.path.length - 1];
      return {
        k: "mem",
        addr: outer.addr,
        off,
        ty: n.ty,
        acc: { ...f.access(n, outer.acc.check, outer.acc.visible), once: outer.acc.once || f.access(n, false, false).once },
        field: last !== undefined && last.width >= 0 ? last : undefined,
      };
    }
    case "compound": {
      const v = n.sym;
      if (v.storage !== "auto") return { k: "mem", addr: { k: "sym", sym: v.link, off: 0 }, off: 0, ty: n.ty, acc: f.access(n, false, true), field: undefined };
      const home = f.home(v);
      if (v.init !== undefined) lowerInit(f, v, v.init);
      return "off" in home
        ? { k: "mem", addr: { k: "frame", off: home.off }, off: 0, ty: n.ty, acc: f.access(n, false, false), field: undefined }
        : { k: "local", i: home.local, ty: n.ty };
    }
    case "str":
      return { k: "mem", addr: { k: "sym", sym: f.cx.string(n.bytes), off: 0 }, off: 0, ty: n.ty, acc: f.access(n, false, false), field: undefined };
    case "fn":
      return {
        k: "mem",
        addr: { k: "sym", sym: f.cx.target(f.unit.nameOf(n.sym), n.sym.link), off: 0 },
        off: 0,
        ty: n.ty,
        acc: f.access(n, true, false),
        field: undefined,
      };
    case "call":
    case "builtin":
    case "stmtexpr":
    case "comma":
    case "assign":
    case "cond":
    case "cast":
      return { k: "mem", addr: aggregateAddress(f, n), off: 0, ty: n.ty, acc: f.access(n, false, false), field: undefined };
    default:
      // The parser lets no other node stand for an object; what it let through all the same has no address.
      f.cannot(`'${n.k}' is used as an object`, n.loc);
      return { k: "mem", addr: i64(0n), off: 0, ty: n.ty, acc: f.access(n, true, false), field: undefined };
  }
}

function ownFrame(e: Expr): boolean {
  return e.k === "frame" || (e.k === "bin" && (ownFrame(e.a) || ownFrame(e.b)));
}

/** 64-bit address of a place in memory. */
export function addressOfPlace(pl: Place): Expr {
  return pl.k === "mem" ? plus(pl.addr, pl.off) : i64(0n);
}

/** A place whose address is computed once, for read-modify-write. */
export function settle(f: Lowering, pl: Place): Place {
  return pl.k === "local" ? pl : { ...pl, addr: f.temp(pl.addr) };
}

export function load(f: Lowering, pl: Place): Expr {
  const t = valType(pl.ty);
  if (pl.k === "local") return { k: "local", i: pl.i, t };
  if (pl.field !== undefined) return loadBits(f, pl, pl.field);
  if (isWide(pl.ty)) return snapshot(f, plus(pl.addr, pl.off), pl.acc);
  const i = f.local(t);
  f.emit({ k: "load", i, t, m: memType(pl.ty), addr: pl.addr, off: pl.off, acc: pl.acc });
  return { k: "local", i, t };
}

export function store(f: Lowering, pl: Place, v: Expr): void {
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

/** The accesses that reach a bit-field: its declared unit, in a packed struct no byte more than its own. */
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

function loadBits(f: Lowering, pl: Place & { readonly k: "mem" }, field: Field): Expr {
  // All bits from the unit's first on, in 64 bits; a wide packed field may end in a ninth byte.
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

function storeBits(f: Lowering, pl0: Place & { readonly k: "mem" }, field: Field, v: Expr): void {
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

/** The value a bit-field gives back after an assignment: cut to its width. */
export function truncateToField(v: Expr, field: Field): Expr {
  const t = valType(field.type);
  const size = t === "i64" ? 64 : 32;
  if (field.width >= size || field.type.kind === TK.Bool) return v;
  const c = (n: number): Expr => (t === "i64" ? i64(BigInt(n)) : i32(n));
  return bin(`${t}.${field.type.signed ? "shr_s" : "shr_u"}`, t, bin(`${t}.shl`, t, v, c(size - field.width)), c(size - field.width));
}
