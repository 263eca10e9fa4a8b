// Traversal of a lowered function: every symbol it references, and relinking with other numbers for its sites, lines and
// strings. Must not depend on units or on what symbols are.

import { eachLeaf, type Expr, type Inst, type IrFunction, type Signature, type Term } from "./ir.js";

/** Visits every symbol a function references; for calls with the signature. */
export function walk(f: IrFunction, ref: (sym: string, sig?: Signature) => void): void {
  const see = (leaf: Expr): void => {
    if (leaf.k === "sym") ref(leaf.sym);
  };
  const expr = (e: Expr): void => {
    eachLeaf(e, see);
  };
  for (const b of f.blocks) {
    for (const i of b.code) {
      switch (i.k) {
        case "set":
          expr(i.v);
          break;
        case "load":
          expr(i.addr);
          break;
        case "store":
          expr(i.addr);
          expr(i.v);
          break;
        case "copy":
          expr(i.dst);
          expr(i.src);
          break;
        case "zero":
          expr(i.dst);
          break;
        case "alloca":
          expr(i.size);
          break;
        case "call":
          if (i.fn !== undefined) ref(i.fn, i.sig);
          if (i.ptr !== undefined) expr(i.ptr);
          i.args.forEach(expr);
          i.va?.forEach(expr);
          break;
        default:
          break;
      }
    }
    const t = b.term;
    if (t.k === "if") expr(t.c);
    else if (t.k === "switch" || t.k === "goto") expr(t.v);
    else if (t.k === "ret" && t.v !== undefined) expr(t.v);
  }
}

/** The function with its own numbers of sites, lines and strings replaced by the program's. */
export function relink(f: IrFunction, sites: readonly number[], lines: readonly number[], strings: readonly string[]): IrFunction {
  const site = (s: number): number => sites[s] ?? 0;
  const expr = (e: Expr): Expr => {
    switch (e.k) {
      case "sym":
        return e.sym.startsWith(".str") && !e.sym.startsWith(".string") ? { ...e, sym: strings[Number(e.sym.slice(4))] ?? e.sym } : e;
      case "un": {
        const a = expr(e.a);
        return a === e.a ? e : { ...e, a };
      }
      case "bin": {
        const a = expr(e.a);
        const b = expr(e.b);
        return a === e.a && b === e.b ? e : { ...e, a, b };
      }
      case "select": {
        const c = expr(e.c);
        const a = expr(e.a);
        const b = expr(e.b);
        return c === e.c && a === e.a && b === e.b ? e : { ...e, c, a, b };
      }
      default:
        return e;
    }
  };
  const inst = (i: Inst): Inst => {
    switch (i.k) {
      case "set":
        return { ...i, v: expr(i.v) };
      case "load":
        return { ...i, addr: expr(i.addr), acc: { ...i.acc, site: site(i.acc.site) } };
      case "store":
        return { ...i, addr: expr(i.addr), v: expr(i.v), acc: { ...i.acc, site: site(i.acc.site) } };
      case "copy":
        return { ...i, dst: expr(i.dst), src: expr(i.src), acc: { ...i.acc, site: site(i.acc.site) } };
      case "zero":
        return { ...i, dst: expr(i.dst), acc: { ...i.acc, site: site(i.acc.site) } };
      case "call":
        return {
          ...i,
          ...(i.ptr === undefined ? {} : { ptr: expr(i.ptr) }),
          args: i.args.map(expr),
          ...(i.va === undefined ? {} : { va: i.va.map(expr) }),
          site: site(i.site),
        };
      case "alloca":
        return { ...i, size: expr(i.size) };
      case "sp":
        return i;
      case "line":
        return { k: "line", cov: lines[i.cov] ?? 0 };
      case "cannot":
        return { ...i, site: site(i.site) };
    }
  };
  const term = (t: Term): Term => {
    switch (t.k) {
      case "if":
        return { ...t, c: expr(t.c) };
      case "switch":
      case "goto":
        return { ...t, v: expr(t.v) };
      case "ret":
        return t.v === undefined ? t : { k: "ret", v: expr(t.v) };
      case "unreachable":
        return { ...t, site: site(t.site) };
      case "jump":
        return t;
    }
  };
  return { ...f, blocks: f.blocks.map((b) => ({ code: b.code.map(inst), term: term(b.term) })) };
}
