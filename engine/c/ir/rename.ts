// Copies of expressions and instructions with other locals. Must not depend on what the locals are.

import type { Expr, Inst } from "./ir.js";

type Rename = (local: number) => number;

export function mapExpr(e: Expr, rename: Rename): Expr {
  switch (e.k) {
    case "local":
      return { k: "local", i: rename(e.i), t: e.t };
    case "un":
      return { ...e, a: mapExpr(e.a, rename) };
    case "bin":
      return { ...e, a: mapExpr(e.a, rename), b: mapExpr(e.b, rename) };
    case "select":
      return { ...e, c: mapExpr(e.c, rename), a: mapExpr(e.a, rename), b: mapExpr(e.b, rename) };
    case "i32":
    case "i64":
    case "f32":
    case "f64":
    case "sym":
    case "frame":
    case "vaarea":
      return e;
  }
}

/** `result` maps the local that the instruction writes, if it differs from the mapping of those it reads. */
export function mapInst(inst: Inst, rename: Rename, result: Rename = rename): Inst {
  const of = (e: Expr): Expr => mapExpr(e, rename);
  switch (inst.k) {
    case "set":
      return { k: "set", v: of(inst.v), i: result(inst.i) };
    case "load":
      return { ...inst, addr: of(inst.addr), i: result(inst.i) };
    case "store":
      return { ...inst, addr: of(inst.addr), v: of(inst.v) };
    case "copy":
      return { ...inst, dst: of(inst.dst), src: of(inst.src) };
    case "zero":
      return { ...inst, dst: of(inst.dst) };
    case "call":
      return {
        ...inst,
        args: inst.args.map(of),
        ...(inst.ptr === undefined ? {} : { ptr: of(inst.ptr) }),
        ...(inst.va === undefined ? {} : { va: inst.va.map(of) }),
        i: inst.i < 0 ? inst.i : result(inst.i),
      };
    case "alloca":
      return { ...inst, size: of(inst.size), i: result(inst.i) };
    case "sp":
      return { ...inst, i: inst.set ? rename(inst.i) : result(inst.i) };
    case "line":
    case "cannot":
      return inst;
  }
}
