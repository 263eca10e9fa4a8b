// Variable-length arrays (C11 6.7.6.2): the declaration computes the size and allocates the bytes on the stack; leaving the
// scope releases them. Must not depend on the stack's layout.

import { type CType, isVla, type Node, sizeOf, T, TK, type VarSym } from "../types/index.js";
import type { Expr } from "../ir/index.js";
import type { FunctionBuilder } from "./function-builder.js";
import { bin, convertValue, i64 } from "./value-types.js";

/** The length expression that the parser left in the type. */
function lengthOf(t: CType): Node | undefined {
  const { vla } = t;
  return typeof vla === "object" && vla !== null && "k" in vla ? (vla as Node) : undefined;
}

/** Size in bytes, an i64. */
export function vlaSize(f: FunctionBuilder, t: CType): Expr {
  const known = f.vlaSizes.get(t);
  if (known !== undefined) return { k: "local", i: known, t: "i64" };
  if (t.kind !== TK.Array || t.base === undefined || !isVla(t)) return i64(BigInt(sizeOf(t)));
  const length = lengthOf(t);
  const count = length === undefined ? i64(BigInt(Math.max(0, t.len))) : f.temp(convertValue(f.value(length), length.ty, T.long));
  return f.temp(bin("i64.mul", "i64", count, vlaSize(f, t.base)));
}

/** Computes the sizes in a declared type once: later changes of the variables in it have no effect. */
export function fixSizes(f: FunctionBuilder, t: CType): void {
  if (t.base === undefined || (t.kind !== TK.Array && t.kind !== TK.Ptr)) return;
  fixSizes(f, t.base);
  if (!isVla(t)) return;
  const size = vlaSize(f, t);
  const i = f.vlaSizes.get(t) ?? f.local("i64");
  f.emit({ k: "set", i, v: size });
  f.vlaSizes.set(t, i);
}

/** Lowers the declaration of a variable-length array. */
export function lowerVla(f: FunctionBuilder, sym: VarSym): void {
  // A type reused through typeof keeps the size from its first declaration.
  const owner = f.vlaOwner.get(sym.type) ?? sym;
  f.vlaOwner.set(sym.type, owner);
  if (owner === sym) {
    f.vlaSizes.delete(sym.type);
    fixSizes(f, sym.type);
  }
  const sp = f.vlaStack.get(sym) ?? f.local("i32");
  const base = f.vlaBase.get(sym) ?? f.local("i64");
  f.slot(8, 8, ""); // leaving the frame releases the bytes
  f.emit({ k: "sp", i: sp, set: false });
  f.emit({ k: "alloca", i: base, size: vlaSize(f, sym.type), align: Math.max(16, sym.attrs.align) });
  f.vlaStack.set(sym, sp);
  f.vlaBase.set(sym, base);
  f.cleanups.push({ sym });
}
