// Emits the instructions of a function one by one, and the code that enters, leaves, saves and restores its frame. Must not
// know blocks; control structure is in function.ts.

import { ALLOCA_LEFT, ALLOCA_RIGHT, CALLS_SIZE, CELL_AT, CELL_PAUSE, CELL_STOPPED, CELL_TICKS, NORMAL, SHADOW_FRESH } from "./layout.js";
import { CallEmitter } from "./call.js";
import { CSP } from "./expression.js";
import { ALLOCA_REDZONE, redzonesOf } from "./redzones.js";
import type { SaveSlot } from "./save-area.js";
import { type Expr, type Inst, SHADOW_BASE } from "../ir/index.js";
import { Op } from "./wasm.js";

/** Call sites that inlined bodies may push above a function's own: only a function's entry checks for overflow. */
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
    this.frameShadow((byte) => byte);
  }

  leaveFrame(): void {
    if (this.save.frameBytes === 0) return;
    const { grows } = redzonesOf(this.fn);
    if (grows) this.openStack(() => this.getLocal(this.fp));
    this.frameShadow(() => SHADOW_FRESH);
    this.getLocal(this.fp);
    this.i32(this.save.frameBytes);
    this.op("i32.add");
    this.setGlobal("sp");
  }

  /** Writes the shadow of the frame's redzones; `as` maps each byte to its value in memory. */
  private frameShadow(as: (byte: number) => number): void {
    const base = SHADOW_BASE + this.save.vaBytes / 8;
    for (const { at, bytes } of redzonesOf(this.fn).chunks) {
      for (let i = 0; i < bytes.length;) {
        const size = bytes.length - i >= 8 ? 8 : bytes.length - i >= 4 ? 4 : bytes.length - i >= 2 ? 2 : 1;
        let value = 0n;
        for (let j = size - 1; j >= 0; j--) value = (value << 8n) | BigInt(as(bytes[i + j] ?? 0));
        this.getLocal(this.fp);
        this.shadowOf();
        if (size === 8) this.i64(BigInt.asIntN(64, value));
        else this.i32(Number(BigInt.asIntN(32, value)));
        this.memory(size === 8 ? "i64.store" : size === 4 ? "i32.store" : size === 2 ? "i32.store16" : "i32.store8", base + at + i);
        i += size;
      }
    }
  }

  /** Makes memory from the stack's end up to an offset accessible again: allocations there are released. */
  private openStack(to: () => void): void {
    this.getGlobal("sp");
    this.shadowOf();
    this.i32(SHADOW_BASE);
    this.op("i32.add");
    this.i32(SHADOW_FRESH);
    to();
    this.getGlobal("sp");
    this.op("i32.sub");
    this.shadowOf();
    this.bulkFill();
  }

  /** Allocates memory on the stack between redzones; its address is stored in local `to`. */
  private alloca(size: Expr, align: number, to: number): void {
    // A size larger than the stack is an overflow; smaller sizes cannot wrap.
    this.expr(size);
    this.setLocal(this.wide);
    this.getLocal(this.wide);
    this.getGlobal("sp");
    this.getGlobal("splimit");
    this.op("i32.sub");
    this.op("i64.extend_i32_s");
    this.op("i64.gt_u");
    this.overflowIf();
    const left = Math.max(ALLOCA_REDZONE, align);
    this.getGlobal("sp");
    this.getLocal(this.wide);
    this.op("i32.wrap_i64");
    this.op("i32.sub");
    this.i32(left + ALLOCA_REDZONE);
    this.op("i32.sub");
    this.i32(-Math.max(16, align));
    this.op("i32.and");
    this.teeLocal(this.narrow);
    this.getGlobal("splimit");
    this.op("i32.lt_s");
    this.overflowIf();
    this.fillShadow(0, ALLOCA_RIGHT ^ SHADOW_FRESH, () => {
      this.getGlobal("sp");
      this.getLocal(this.narrow);
      this.op("i32.sub");
    });
    this.fillShadow(0, ALLOCA_LEFT ^ SHADOW_FRESH, () => {
      this.i32(left);
    });
    const bytes = (): void => {
      this.getLocal(this.wide);
      this.op("i32.wrap_i64");
    };
    this.fillShadow(left, SHADOW_FRESH, bytes);
    // The last granule may be accessible only in part.
    bytes();
    this.i32(7);
    this.op("i32.and");
    this.block(Op.if);
    this.getLocal(this.narrow);
    bytes();
    this.op("i32.add");
    this.shadowOf();
    bytes();
    this.i32(7);
    this.op("i32.and");
    this.i32(SHADOW_FRESH);
    this.op("i32.xor");
    this.memory("i32.store8", SHADOW_BASE + left / 8);
    this.end();
    this.getLocal(this.narrow);
    this.setGlobal("sp");
    this.getLocal(this.narrow);
    this.i32(left);
    this.op("i32.add");
    this.tagged();
    this.setLocal(this.local(to));
  }

  /** Shadow of `bytes` from local `narrow` + `offset` on. */
  private fillShadow(offset: number, byte: number, bytes: () => void): void {
    this.getLocal(this.narrow);
    this.shadowOf();
    this.i32(SHADOW_BASE + offset / 8);
    this.op("i32.add");
    this.i32(byte);
    bytes();
    this.shadowOf();
    this.bulkFill();
  }

  /** Converts an offset or size to granules. */
  private shadowOf(): void {
    this.i32(3);
    this.op("i32.shr_u");
  }

  private overflowIf(): void {
    this.likely(false);
    this.block(Op.if);
    this.showStack();
    this.i32(this.index);
    this.callHook("overflow");
    this.end();
  }

  /** WebAssembly locals with their positions in the save area. */
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

  /** A suspended thread continues in the resuming body, which has the same signature and ignores the arguments. */
  continueIfResuming(index: number): void {
    this.getGlobal("state");
    this.likely(false);
    this.block(Op.if);
    for (let i = 0; i < this.paramCount; i++) this.getLocal(i);
    this.out.u8(Op.call);
    this.out.u32(this.context.resumingIndex(index));
    this.out.u8(Op.return);
    this.end();
  }

  /** Pops this function's frame off the save stack; the innermost frame ends the rewinding. */
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

  /** Counts a tick at a position (see CELL_AT) and leaves on the stack whether it must query the host about stopping. */
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

  /** A stopped thread has reached the position where it stopped. */
  clearStopped(): void {
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
    this.i32(this.context.reasonIndex(why));
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
      case "alloca":
        this.countPending();
        this.alloca(inst.size, inst.align, inst.i);
        return;
      case "sp":
        if (inst.set) {
          this.openStack(() => this.getLocal(this.local(inst.i)));
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
