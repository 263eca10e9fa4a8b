// Initializers of automatic variables and compound literals.

import { type Init, sizeOf, TK, type VarSym } from "../types/index.js";
import type { Expr } from "../ir/index.js";
import { FRAME_ACCESS, type FunctionBuilder } from "./function-builder.js";
import { type Place, store } from "./place.js";
import { constant, plus } from "./value-types.js";

/** Emits the initialization of an automatic variable. */
export function lowerInit(f: FunctionBuilder, sym: VarSym, init: Init): void {
  const aligned = f.vlaBase.get(sym);
  const home = aligned === undefined ? f.home(sym) : undefined;
  if (home !== undefined && "local" in home) {
    const item = init.items[0];
    const v = item === undefined ? constant(0n, sym.type) : f.value(item.value);
    f.emit({ k: "set", i: home.local, v });
    return;
  }
  const at: Expr = home === undefined ? { k: "local", i: aligned ?? 0, t: "i64" } : { k: "frame", off: home.off };
  const isStructCopy =
    init.items.length === 1 && init.items[0]?.offset === 0 && init.items[0].type.kind === TK.Struct && sizeOf(init.items[0].type) === sizeOf(sym.type);
  const scalar = sym.type.kind !== TK.Struct && sym.type.kind !== TK.Array;
  if (!isStructCopy && !scalar && sizeOf(sym.type) > 0) f.emit({ k: "zero", dst: at, size: sizeOf(sym.type), acc: FRAME_ACCESS });
  for (const item of init.items) {
    if (item.value.k === "str" && item.type.kind === TK.Array) {
      if (item.value.bytes.length > 0)
        f.emit({
          k: "copy",
          dst: plus(at, item.offset),
          src: { k: "sym", sym: f.cx.string(item.value.bytes), off: 0 },
          size: item.value.bytes.length,
          acc: FRAME_ACCESS,
        });
    } else if (item.type.kind === TK.Struct) {
      const src = f.temp(f.aggregateAddress(item.value));
      f.emit({ k: "copy", dst: plus(at, item.offset), src, size: sizeOf(item.type), acc: { ...f.access(item.value, true, false) } });
    } else {
      const pl: Place = { k: "mem", addr: at, off: item.offset, ty: item.type, acc: FRAME_ACCESS, field: item.field };
      const v = f.temp(f.value(item.value));
      store(f, pl, v);
    }
  }
}
