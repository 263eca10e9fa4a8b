// Lowering of statements to blocks and jumps: loops, switch, goto, and cleanup of variables wherever a scope is left.

import type { Expr } from "../ir/index.js";
import { constEval, type Node, type Stmt, T, TK, type VarSym } from "../types/index.js";
import { aggregateAddress, branch, effect, value } from "./expression.js";
import type { FunctionBuilder } from "./function-builder.js";
import { lowerInit } from "./initializer.js";
import { place } from "./lvalue.js";
import { copyStruct, store } from "./place.js";
import { convertValue, i32 } from "./value-types.js";
import { fixSizes, lowerVla } from "./vla.js";

export function lowerStatement(f: FunctionBuilder, s: Stmt): void {
  switch (s.k) {
    case "block": {
      const mark = openBlock(f);
      lowerItems(f, s.body);
      closeBlock(f, mark);
      return;
    }
    case "expr":
      f.line(s.loc, s.end);
      effect(f, s.e);
      return;
    case "decl":
      fixSizes(f, s.sym.type);
      if (s.sym.init !== undefined) {
        f.line(s.loc, s.end);
        lowerInit(f, s.sym, s.sym.init);
      }
      if (s.sym.attrs.cleanup !== undefined) f.cleanups.push({ sym: s.sym });
      return;
    case "vla":
      f.line(s.loc, s.end);
      lowerVla(f, s.sym);
      return;
    case "if": {
      f.line(s.loc, s.end);
      const k = constEval(s.c);
      if (k !== undefined) {
        // The dead branch is lowered only if a label makes it reachable.
        const [live, deadBranch] = k !== 0n ? [s.a, s.b] : [s.b, s.a];
        if (live !== undefined) lowerStatement(f, live);
        if (deadBranch !== undefined && hasLabel(deadBranch)) {
          const end = f.block();
          f.jump(end);
          f.dead();
          lowerStatement(f, deadBranch);
          f.jump(end);
          f.start(end);
        }
        return;
      }
      const [a, b, end] = [f.block(), f.block(), f.block()];
      branch(f, s.c, a, s.b === undefined ? end : b);
      f.start(a);
      lowerStatement(f, s.a);
      f.jump(end);
      if (s.b !== undefined) {
        f.start(b);
        lowerStatement(f, s.b);
        f.jump(end);
      }
      f.start(end);
      return;
    }
    case "while":
    case "do":
    case "for":
      lowerLoop(f, s);
      return;
    case "switch":
      lowerSwitch(f, s);
      return;
    case "case": {
      const b = f.caseBlocks.get(s.label);
      if (b !== undefined) {
        f.jump(b);
        f.start(b);
      }
      lowerStatement(f, s.body);
      return;
    }
    case "label": {
      const b = f.label(s.name);
      f.jump(b);
      f.start(b);
      lowerStatement(f, s.body);
      return;
    }
    case "goto": {
      f.line(s.loc);
      const keep = f.labelCleanups.get(s.name) ?? [];
      runCleanups(f, (sym) => !keep.includes(sym));
      f.jump(f.label(s.name));
      f.dead();
      return;
    }
    case "gotoexpr": {
      f.line(s.loc, s.end);
      const v = value(f, s.e);
      f.labelsTaken = true;
      // The targets are all labels whose address the function takes: known once the whole body is lowered.
      const to = { k: "goto" as const, v, to: [] as number[] };
      f.end(to);
      f.computedGotos.push(to.to);
      f.dead();
      return;
    }
    case "break":
    case "continue": {
      f.line(s.loc);
      const loop = [...f.loops].reverse().find((l) => s.k === "break" || l.cont >= 0);
      if (loop === undefined) {
        f.cannot(`'${s.k}' outside a loop`, s.loc);
        return;
      }
      const kept = f.cleanups.slice(0, loop.cleanups).map((c) => c.sym);
      runCleanups(f, (sym) => !kept.includes(sym));
      f.jump(s.k === "break" ? loop.brk : loop.cont);
      f.dead();
      return;
    }
    case "return":
      lowerReturn(f, s);
      return;
    case "asm":
      lowerAsm(f, s);
      return;
    case "empty":
      return;
  }
}

export function lowerItems(f: FunctionBuilder, items: readonly Stmt[]): void {
  for (const s of items) lowerStatement(f, s);
}
export function openBlock(f: FunctionBuilder): number {
  return f.cleanups.length;
}
export function closeBlock(f: FunctionBuilder, mark: number): void {
  const kept = f.cleanups.slice(0, mark).map((c) => c.sym);
  runCleanups(f, (sym) => !kept.includes(sym));
  f.cleanups.length = mark;
}

/** Calls __attribute__((cleanup)) functions of the variables that go out of scope, last declared first. */
function runCleanups(f: FunctionBuilder, leaving: (sym: VarSym) => boolean): void {
  for (let i = f.cleanups.length - 1; i >= 0; i--) {
    const sym = f.cleanups[i]?.sym;
    const sp = sym === undefined ? undefined : f.vlaStack.get(sym);
    if (sym !== undefined && sp !== undefined && leaving(sym)) f.emit({ k: "sp", i: sp, set: true });
    const fn = sym?.attrs.cleanup;
    if (sym === undefined || fn === undefined || !leaving(sym)) continue;
    const home = f.home(sym);
    if (!("off" in home)) continue;
    const name = f.unit.nameOf(fn);
    f.emit({
      k: "call",
      i: -1,
      fn: f.cx.target(name, fn.link),
      args: [{ k: "frame", off: home.off }],
      sig: { params: ["i64"], result: undefined, variadic: false },
      site: f.site({ loc: sym.loc }),
    });
  }
}

/** A statement expression (GCC extension): its value is that of the last statement. */
export function statementExpression(f: FunctionBuilder, n: Node & { readonly k: "stmtexpr" }): Expr {
  const mark = openBlock(f);
  lowerItems(f, n.body.body);
  let v: Expr = i32(0);
  if (n.value !== undefined) {
    if (n.ty.kind === TK.Void) effect(f, n.value);
    else if (n.ty.kind === TK.Struct) v = f.temp(aggregateAddress(f, n.value));
    else v = f.temp(value(f, n.value));
  }
  closeBlock(f, mark);
  return v;
}

function lowerReturn(f: FunctionBuilder, { e, loc, end }: Stmt & { readonly k: "return" }): void {
  f.line(loc, end);
  if (e === undefined) {
    runCleanups(f, () => true);
    f.end({ k: "ret" });
  } else if (e.ty.kind === TK.Void) {
    effect(f, e);
    runCleanups(f, () => true);
    f.end({ k: "ret" });
  } else if (e.ty.kind === TK.Struct) {
    const src = f.temp(aggregateAddress(f, e));
    copyStruct(f, { k: "local", i: f.sret, t: "i64" }, src, e);
    runCleanups(f, () => true);
    f.end({ k: "ret" });
  } else {
    const v = value(f, e);
    const result = f.cleanups.length > 0 ? f.temp(v) : v;
    runCleanups(f, () => true);
    f.end({ k: "ret", v: result });
  }
  f.dead();
}

function lowerLoop(f: FunctionBuilder, s: Stmt & { readonly k: "while" | "do" | "for" }): void {
  const mark = openBlock(f);
  if (s.k === "for" && s.init !== undefined) {
    // Its declarations are in scope for the whole loop, so the block opens no scope.
    if (s.init.k === "block") lowerItems(f, s.init.body);
    else lowerStatement(f, s.init);
  }
  const [test, body, next, end] = [f.block(), f.block(), f.block(), f.block()];
  f.jump(s.k === "do" ? body : test);
  if (s.k !== "do") {
    f.start(test);
    f.line(s.loc, s.end);
    if (s.c === undefined) f.jump(body);
    else branch(f, s.c, body, end);
  }
  f.loops.push({ brk: end, cont: s.k === "while" ? test : next, cleanups: f.cleanups.length });
  f.start(body);
  lowerStatement(f, s.body);
  f.loops.pop();
  if (s.k === "while") f.jump(test);
  else {
    f.jump(next);
    f.start(next);
    if (s.k === "do") branch(f, s.c, body, end);
    else {
      if (s.step !== undefined) effect(f, s.step);
      f.jump(test);
    }
  }
  f.start(end);
  closeBlock(f, mark);
}

function lowerSwitch(f: FunctionBuilder, s: Stmt & { readonly k: "switch" }): void {
  f.line(s.loc, s.end);
  const e = value(f, s.e);
  const v = f.temp(convertValue(e, s.e.ty, s.e.ty.signed ? T.long : T.ulong));
  const end = f.block();
  const lo: bigint[] = [];
  const hi: bigint[] = [];
  const to: number[] = [];
  let otherwise = end;
  for (const label of s.cases) {
    const b = f.block();
    f.caseBlocks.set(label, b);
    if (label.lo === undefined) otherwise = b;
    else {
      lo.push(BigInt.asIntN(64, label.lo));
      hi.push(BigInt.asIntN(64, label.hi ?? label.lo));
      to.push(b);
    }
  }
  f.end({ k: "switch", v, lo, hi, to, otherwise });
  f.dead();
  f.loops.push({ brk: end, cont: -1, cleanups: f.cleanups.length });
  lowerStatement(f, s.body);
  f.loops.pop();
  f.jump(end);
  f.start(end);
}

/** Barriers and hints: no-ops in a sequentially consistent machine. */
const barrier = /^(sync|lwsync|eieio|isync|hwsync|nop|ptesync|or (\d+),\s*\2,\s*\2|miso|msync)?$/;

function isBarrier(template: string): boolean {
  return template
    .replace(/\/\*.*?\*\//g, "")
    .split(/[\n;]/)
    .every((line) => {
      const t = line.replace(/#.*/, "").trim();
      return t.startsWith(".") || /^\d+:$/.test(t) || barrier.test(t.replace(/^\d+:\s*/, "").replace(/\s+/g, " "));
    });
}

function lowerAsm(f: FunctionBuilder, s: Stmt & { readonly k: "asm" }): void {
  if (!isBarrier(s.template)) {
    f.line(s.loc);
    f.cannot(`inline assembly: ${s.template.trim().split(/[\n;]/)[0]?.trim() ?? ""}`, s.loc);
    return;
  }
  // A no-op: an input tied to an output by its number becomes the output's value.
  for (const input of s.ins) {
    const n = /^%?(\d+)$/.exec(input.constraint.trim());
    const out = n === null ? undefined : s.outs[Number(n[1])];
    if (out === undefined || out.e.ty.kind === TK.Struct || input.e.ty.kind === TK.Struct) continue;
    const v = f.temp(value(f, input.e));
    const pl = place(f, out.e);
    store(f, pl, convertValue(v, input.e.ty, out.e.ty));
  }
}

/** Whether a statement can be entered from outside: it holds a label or a case of an outer switch. */
function hasLabel(s: Stmt): boolean {
  switch (s.k) {
    case "label":
    case "case":
      return true;
    case "block":
      return s.body.some(hasLabel);
    case "if":
      return hasLabel(s.a) || (s.b !== undefined && hasLabel(s.b));
    case "while":
    case "do":
    case "for":
    case "switch":
      return hasLabel(s.body);
    default:
      return false;
  }
}
