// Function calls: struct arguments and results through copies in the caller's frame, variable arguments in 8-byte slots.

import { type Node, sizeOf, T, TK } from "../types/index.js";
import type { Expr, Signature, ValType } from "../ir/index.js";
import { FRAME_ACCESS, type FunctionBuilder } from "./function-builder.js";
import { copyStruct } from "./place.js";
import { i32, isWide, signature, typeOf, un } from "./value-types.js";
import { snapshot } from "./wide.js";

export function lowerCall(f: FunctionBuilder, n: Node & { readonly k: "call" }): Expr {
  const direct = n.f.k === "fn" ? n.f.sym : n.f.k === "addr" && n.f.e.k === "fn" ? n.f.e.sym : undefined;
  const ft = direct !== undefined ? direct.type : n.f.ty.base;
  if (ft?.kind !== TK.Func) return i32(0);
  if (direct?.attrs.error === true) return i32(0); // a compile-time assertion: it has no code
  const base = signature(ft);
  const ret = ft.base ?? T.void;
  const ptr = direct === undefined ? f.temp(f.value(n.f)) : undefined;
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
      // By value: the callee receives a copy.
      const slot: Expr = { k: "frame", off: f.slot(sizeOf(a.ty), 16, "") };
      const src = f.temp(f.aggregateAddress(a));
      copyStruct(f, slot, src, a);
      v = slot;
    } else v = f.temp(f.value(a));
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
  // The callee's frame is released but not yet overwritten.
  if (isWide(ret)) return snapshot(f, { k: "local", i, t: "i64" }, FRAME_ACCESS);
  return sig.result === undefined ? i32(0) : { k: "local", i, t: sig.result };
}
