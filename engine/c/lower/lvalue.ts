// Lvalues: from an expression that designates an object to the object's place.

import { type Node, Q_CONST } from "../types/index.js";
import type { Expr } from "../ir/index.js";
import type { FunctionBuilder } from "./function-builder.js";
import { lowerInit } from "./initializer.js";
import type { Place } from "./place.js";
import { i64 } from "./value-types.js";

/** The place that an lvalue node designates. */
export function place(f: FunctionBuilder, n: Node): Place {
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
        // A global register variable: r13 is the paca of this CPU, which a service reads.
        const i = f.local("i64");
        const name = `__tcs_reg_${v.attrs.asmName.replace(/\W/g, "")}`;
        f.emit({ k: "call", i, fn: f.cx.target(name, name), args: [], sig: { params: [], result: "i64", variadic: false }, site: f.site(n) });
        return { k: "local", i, ty: n.ty };
      }
      return { k: "mem", addr: { k: "sym", sym: v.link, off: 0 }, off: 0, ty: n.ty, acc: f.access(n, false, (v.type.quals & Q_CONST) === 0), field: undefined };
    }
    case "deref": {
      const addr = f.value(n.e);
      return { k: "mem", addr, off: 0, ty: n.ty, acc: f.access(n, true, !ownFrame(addr)), field: undefined };
    }
    case "member": {
      const outer: Place =
        n.e.k === "call" || n.e.k === "cond" || n.e.k === "assign" || n.e.k === "comma" || n.e.k === "stmtexpr" || n.e.k === "builtin"
          ? { k: "mem", addr: f.aggregateAddress(n.e), off: 0, ty: n.e.ty, acc: f.access(n, false, false), field: undefined }
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
      return { k: "mem", addr: f.aggregateAddress(n), off: 0, ty: n.ty, acc: f.access(n, false, false), field: undefined };
    default:
      // The parser accepts no other node as an object; this is its error.
      f.cannot(`'${n.k}' is used as an object`, n.loc);
      return { k: "mem", addr: i64(0n), off: 0, ty: n.ty, acc: f.access(n, true, false), field: undefined };
  }
}

function ownFrame(e: Expr): boolean {
  return e.k === "frame" || (e.k === "bin" && (ownFrame(e.a) || ownFrame(e.b)));
}
