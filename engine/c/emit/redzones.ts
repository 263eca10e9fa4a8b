// Redzones of a stack frame, placed as by KASAN: which variables are accessed other than by name, and the shadow of the frame
// during the call. Lowering has reserved the room; a frame without such variables costs nothing.

import { memSize } from "./expression.js";
import { SHADOW_FRESH, STACK_LEFT, STACK_MID, STACK_RIGHT } from "./layout.js";
import { eachLeaf, type Expr, type FrameVar, type Inst, type IrFunction, type Term } from "../ir/index.js";

/** Shadow bytes that are not "accessible", as stored in memory: `bytes` from granule `at` of the frame's variables on. */
export interface ShadowChunk {
  readonly at: number;
  readonly bytes: Uint8Array;
}

export interface Redzones {
  readonly chunks: readonly ShadowChunk[];
  /** The function allocates memory on the stack in addition to its frame. */
  readonly grows: boolean;
}

const GRANULE = 8;
/** Bytes on each side of alloca() objects and variable-length arrays. */
export const ALLOCA_REDZONE = 32;

const known = new WeakMap<IrFunction["blocks"], Redzones>();

export function redzonesOf(fn: IrFunction): Redzones {
  const before = known.get(fn.blocks);
  if (before !== undefined) return before;
  const grows = fn.blocks.some((block) => block.code.some((inst) => inst.k === "alloca"));
  const redzones = { chunks: chunksOf(fn), grows };
  known.set(fn.blocks, redzones);
  return redzones;
}

/** Whether the bytes are within one variable. */
export function withinVariable(vars: readonly FrameVar[], off: number, size: number): boolean {
  return vars.some((v) => off >= v.off && off + size <= v.off + v.size);
}

/** The ranges of the frame's shadow that are not all accessible. Close ranges are merged: a store covers eight bytes. */
function chunksOf(fn: IrFunction): readonly ShadowChunk[] {
  const exposed = exposedVariables(fn);
  if (exposed.size === 0) return [];
  const vars = [...fn.frameVars].sort((a, b) => a.off - b.off);
  const shadow = new Uint8Array(fn.frameSize / GRANULE);
  let first = true;
  vars.forEach((v, i) => {
    if (!exposed.has(v)) return;
    const last = vars[i - 1];
    const next = vars[i + 1];
    const end = v.off + v.size;
    if (last === undefined || !exposed.has(last))
      shadow.fill(first ? STACK_LEFT : STACK_MID, granules(last === undefined ? 0 : last.off + last.size), v.off / GRANULE);
    first = false;
    if (v.size % GRANULE !== 0) shadow[Math.floor(end / GRANULE)] = v.size % GRANULE;
    shadow.fill(next === undefined ? STACK_RIGHT : STACK_MID, granules(end), next === undefined ? shadow.length : next.off / GRANULE);
  });
  const chunks: ShadowChunk[] = [];
  for (let at = 0; at < shadow.length; at++) {
    if (shadow[at] === 0) continue;
    let end = at + 1;
    for (let i = end; i < shadow.length && i < end + GRANULE; i++) if (shadow[i] !== 0) end = i + 1;
    chunks.push({ at, bytes: shadow.slice(at, end).map((byte) => byte ^ SHADOW_FRESH) });
    at = end;
  }
  return chunks;
}

function granules(bytes: number): number {
  return Math.ceil(bytes / GRANULE);
}

/** Variables with room for redzones whose address is computed with, stored or passed on. */
function exposedVariables(fn: IrFunction): ReadonlySet<FrameVar> {
  const vars = fn.frameVars;
  const exposed = new Set<FrameVar>();
  if (!vars.some((v) => v.guarded)) return exposed;
  /** An address between two variables may have left either of them. */
  const expose = (off: number): void => {
    let owner: FrameVar | undefined;
    let next: FrameVar | undefined;
    for (const v of vars) {
      if (v.off <= off && (owner === undefined || v.off > owner.off)) owner = v;
      if (v.off > off && (next === undefined || v.off < next.off)) next = v;
    }
    if (owner?.guarded === true) exposed.add(owner);
    if (next?.guarded === true && (owner === undefined || off >= owner.off + owner.size)) exposed.add(next);
  };
  const value = (e: Expr): void => {
    eachLeaf(e, (leaf) => {
      if (leaf.k === "frame") expose(leaf.off);
    });
  };
  /** An access by name stays within one variable. */
  const access = (addr: Expr, off: number, size: number): void => {
    if (addr.k !== "frame") value(addr);
    else if (!withinVariable(vars, addr.off + off, size)) expose(addr.off + off);
  };
  const inst = (i: Inst): void => {
    switch (i.k) {
      case "set":
        value(i.v);
        return;
      case "load":
        access(i.addr, i.off, memSize(i.m));
        return;
      case "store":
        access(i.addr, i.off, memSize(i.m));
        value(i.v);
        return;
      case "copy":
        access(i.src, 0, i.size);
        access(i.dst, 0, i.size);
        return;
      case "zero":
        access(i.dst, 0, i.size);
        return;
      case "call":
        if (i.ptr !== undefined) value(i.ptr);
        i.args.forEach(value);
        i.va?.forEach(value);
        return;
      case "alloca":
        value(i.size);
        return;
      case "sp":
      case "line":
      case "cannot":
        return;
    }
  };
  const term = (t: Term): void => {
    if (t.k === "if") value(t.c);
    else if (t.k === "switch" || t.k === "goto") value(t.v);
    else if (t.k === "ret" && t.v !== undefined) value(t.v);
  };
  for (const block of fn.blocks) {
    block.code.forEach(inst);
    term(block.term);
  }
  return exposed;
}
