// The instructions of a function as WebAssembly, one by one, and entering, leaving, saving and restoring its frame. It
// knows no blocks; control structure is in emit-function.ts.

import { CALLS_SIZE, CELL_AT, CELL_PAUSE, CELL_STOPPED, CELL_TICKS, NORMAL } from "./emit-layout.js";
import { CallEmitter } from "./emit-call.js";
import { CSP } from "./emit-expr.js";
import type { SaveSlot } from "./emit-save.js";
import type { Inst } from "./ir.js";
import { Op } from "./wasm.js";

/** Call sites that may stand above a function's own: bodies in the place of calls have no entry that looks. */
const CALLS_SLACK = 64;

export class CodeEmitter extends CallEmitter {
  // ---- frames -----------------------------------------------------------------------------------------------------

  enterFrame(): void {
    if (this.fn.blocks.some((block) => block.code.some((inst) => inst.k === "call"))) {
      // Each thread's stack is aligned to its size.
      this.getLocal(CSP);
      this.i32(CALLS_SIZE - 1);
      this.op("i32.and");
      this.i32(CALLS_SIZE - CALLS_SLACK);
      this.op("i32.ge_u");
      this.overflowIf();
    }
    if (this.save.frameBytes === 0) return;
    this.getGlobal("sp");
    this.i32(this.save.frameBytes);
    this.op("i32.sub");
    this.teeLocal(this.fp);
    this.setGlobal("sp");
    this.getGlobal("sp");
    this.getGlobal("splimit");
    this.op("i32.lt_u");
    this.overflowIf();
  }

  leaveFrame(): void {
    if (this.save.frameBytes === 0) return;
    this.getLocal(this.fp);
    this.i32(this.save.frameBytes);
    this.op("i32.add");
    this.setGlobal("sp");
  }

  private overflowIf(): void {
    this.likely(false);
    this.block(Op.if);
    this.showStack();
    this.i32(this.index);
    this.callHook("overflow");
    this.end();
  }

  /** WebAssembly locals with their places. */
  private saved(): readonly (readonly [local: number, slot: SaveSlot])[] {
    const { locals, va, frame } = this.save;
    return [
      ...locals.map((slot, i) => [this.local(i), slot] as const),
      ...(va === undefined ? [] : [[this.va, va] as const]),
      ...(frame === undefined ? [] : [[this.fp, frame] as const]),
    ];
  }

  saveFrame(): void {
    this.getGlobal("ss");
    this.i32(this.save.bytes);
    this.op("i32.add");
    this.getGlobal("sslimit");
    this.op("i32.gt_u");
    this.overflowIf();
    this.getGlobal("ss");
    this.getLocal(this.bb);
    this.memory("i32.store", 0);
    if (this.context.options.debug) {
      this.getGlobal("ss");
      this.i32(this.index);
      this.memory("i32.store", 4);
    }
    for (const [local, { type, at }] of this.saved()) {
      this.getGlobal("ss");
      this.getLocal(local);
      this.memory(`${type}.store`, at);
    }
    this.addGlobal("ss", this.save.bytes);
  }

  /** A suspended thread goes on: not here. Called with the same signature, the arguments do not matter. */
  resumeInstead(index: number): void {
    this.getGlobal("state");
    this.likely(false);
    this.block(Op.if);
    for (let i = 0; i < this.paramCount; i++) this.getLocal(i);
    this.out.u8(Op.call);
    this.out.u32(this.context.resumingIndex(index));
    this.out.u8(Op.return);
    this.end();
  }

  /** Takes this function's frame off the save stack; the innermost one ends the rewinding. */
  restoreFrame(): void {
    this.addGlobal("ss", -this.save.bytes);
    this.getGlobal("ss");
    this.memory("i32.load", 0);
    this.setLocal(this.bb);
    for (const [local, { type, at }] of this.saved()) {
      this.getGlobal("ss");
      this.memory(`${type}.load`, at);
      this.setLocal(local);
    }
    this.getGlobal("ss");
    this.getGlobal("ssbase");
    this.op("i32.eq");
    this.block(Op.if);
    this.i32(NORMAL);
    this.setGlobal("state");
    this.end();
  }

  burnFuel(): void {
    const { debug } = this.context.options;
    if (debug) {
      this.loadCell(CELL_STOPPED);
      this.op("i32.eqz");
      this.block(Op.if);
    }
    this.getGlobal("fuel");
    this.i32(1);
    this.op("i32.sub");
    this.teeLocal(this.narrow);
    this.setGlobal("fuel");
    this.getLocal(this.narrow);
    this.i32(0);
    this.op("i32.lt_s");
    this.likely(false);
    this.block(Op.if);
    this.showStack();
    this.callHook("fuel");
    this.end();
    if (debug) this.end();
  }

  // ---- debug build ------------------------------------------------------------------------------------------------

  private loadCell(cell: number): void {
    this.i32(cell);
    this.memory("i32.load", 0);
  }

  /** Counts a tick at a place (see CELL_AT) and leaves on the stack whether it asks to stop. */
  tick(place: number): void {
    this.i32(CELL_TICKS);
    this.loadCell(CELL_TICKS);
    this.i32(1);
    this.op("i32.add");
    this.memory("i32.store", 0);
    this.i32(CELL_AT);
    this.i32(place);
    this.memory("i32.store", 0);
    this.loadCell(CELL_TICKS);
    this.loadCell(CELL_PAUSE);
    this.op("i32.gt_u");
  }

  /** A stopped thread is where it was. */
  backAgain(): void {
    this.i32(CELL_STOPPED);
    this.i32(0);
    this.memory("i32.store", 0);
  }

  // ---- leaving the module -----------------------------------------------------------------------------------------

  preempted(): void {
    this.writePending();
    this.showStack();
    this.callHook("preempt");
  }
  unreachable(site: number): void {
    this.mark(site);
    this.showStack();
    this.i32(site);
    this.callHook("unreachable");
    this.out.u8(Op.unreachable);
  }
  protected cannot(why: string, site: number): void {
    this.mark(site);
    this.showStack();
    this.i32(site);
    this.i32(this.context.whyIndex(why));
    this.callHook("cannot");
    this.out.u8(Op.unreachable);
  }

  // ---- instructions -----------------------------------------------------------------------------------------------

  inst(inst: Inst): void {
    switch (inst.k) {
      case "set":
        this.exprAs(inst.v, this.typeOfLocal(inst.i));
        this.setLocal(this.local(inst.i));
        return;
      case "load":
        this.load(inst);
        return;
      case "store":
        this.store(inst);
        return;
      case "copy":
        this.copy(inst);
        return;
      case "zero":
        this.clear(inst);
        return;
      case "call":
        this.countPending();
        this.call(inst, () => undefined);
        return;
      case "alloca": {
        this.countPending();
        // More than the stack has is an overflow; the rest cannot wrap.
        this.expr(inst.size);
        this.setLocal(this.wide);
        this.getLocal(this.wide);
        this.getGlobal("sp");
        this.getGlobal("splimit");
        this.op("i32.sub");
        this.op("i64.extend_i32_s");
        this.op("i64.gt_u");
        this.overflowIf();
        this.getGlobal("sp");
        this.getLocal(this.wide);
        this.op("i32.wrap_i64");
        this.op("i32.sub");
        this.i32(-Math.max(16, inst.align));
        this.op("i32.and");
        this.teeLocal(this.narrow);
        this.setGlobal("sp");
        this.getGlobal("sp");
        this.getGlobal("splimit");
        this.op("i32.lt_s");
        this.overflowIf();
        this.getLocal(this.narrow);
        this.tagged();
        this.setLocal(this.local(inst.i));
        return;
      }
      case "sp":
        if (inst.set) {
          this.getLocal(this.local(inst.i));
          this.setGlobal("sp");
        } else {
          this.getGlobal("sp");
          this.setLocal(this.local(inst.i));
        }
        return;
      case "line":
        this.countLine(inst.cov);
        return;
      case "cannot":
        this.countPending();
        this.cannot(inst.why, inst.site);
        return;
    }
  }
}
