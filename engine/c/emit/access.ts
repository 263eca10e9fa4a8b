// Memory accesses: the check of each address against range and shadow, and the counts of visible operations and lines.
// Counts are exact wherever the machine can read them; between such points they are accumulated at compile time.

import { ACCESS_PENDING, ACCESS_PLAIN, ACCESS_READ, ACCESS_WRITE, covAt, FIRST_LINE, MAX_LINES, SHADOW_FRESH } from "./layout.js";
import { ExprEmitter, loadOp, memSize, storeOp, TAG64, typeOf } from "./expression.js";
import { type Access, type Expr, type Inst, MEMORY_SIZE, SHADOW_BASE, TAG_MASK } from "../ir/index.js";
import { redzonesOf, withinVariable } from "./redzones.js";
import { Op } from "./wasm.js";

/** Address bits that must equal TAG64: all but the tag's free bits and an offset inside memory. */
const RANGE_MASK = BigInt.asIntN(64, (BigInt(TAG_MASK) << 32n) | (0x1_0000_0000n - BigInt(MEMORY_SIZE)));

/** Counts that are still to be emitted. */
export interface Counts {
  readonly pending: number;
  readonly firstLine: number;
  readonly lineCount: number;
}
export const NO_COUNTS: Counts = { pending: 0, firstLine: 0, lineCount: 0 };

export class AccessEmitter extends ExprEmitter {
  /** Consecutive lines reached and not counted yet: their number, from this line on. */
  private firstLine = 0;
  private lineCount = 0;

  /** Leaves an i32 memory offset on the stack and returns the static offset to add to it. */
  protected place(addr: Expr, off: number, size: number, kind: number, acc: Access): number {
    if (addr.k === "frame" && this.save.vaBytes + addr.off + off >= 0 && (!acc.check || this.inFrame(addr.off + off, size))) {
      this.getLocal(this.fp);
      return this.save.vaBytes + addr.off + off;
    }
    if (addr.k === "sym") {
      const global = this.context.globalSize(addr.sym);
      const at = addr.off + off;
      if (global !== undefined && at >= 0 && at + size <= global.size && !(kind === ACCESS_WRITE && global.readonly)) {
        this.i32(Number(BigInt.asIntN(32, this.context.program.address(addr.sym) + BigInt(at))));
        return 0;
      }
    }
    this.expr(addr);
    if (off !== 0) {
      this.i64(BigInt(off));
      this.op("i64.add");
    }
    if (!acc.check) {
      this.op("i32.wrap_i64");
      return 0;
    }
    this.setLocal(this.wide);
    this.block(Op.block);
    this.block(Op.block);
    // In range and aligned: one shadow byte decides.
    this.getLocal(this.wide);
    this.i64(RANGE_MASK | BigInt(size - 1));
    this.op("i64.and");
    this.i64(TAG64);
    this.op("i64.ne");
    this.likely(false);
    this.out.u8(Op.brIf);
    this.out.u32(0);
    this.getLocal(this.wide);
    this.op("i32.wrap_i64");
    this.i32(3);
    this.op("i32.shr_u");
    this.memory("i32.load8_u", SHADOW_BASE);
    this.i32(SHADOW_FRESH);
    this.op("i32.eq");
    this.likely(true);
    this.out.u8(Op.brIf);
    this.out.u32(1);
    this.end();
    this.check(acc.site, kind, () => {
      this.getLocal(this.wide);
      this.i32(size);
    });
    this.end();
    this.getLocal(this.wide);
    this.op("i32.wrap_i64");
    return 0;
  }

  /** A running thread's own frame is accessible, except for redzones. */
  private inFrame(off: number, size: number): boolean {
    if (redzonesOf(this.fn).chunks.length > 0) return withinVariable(this.fn.frameVars, off, size);
    return off >= 0 && off + size <= this.fn.frameSize;
  }

  /** i64 address into `scratch`, checked over `size` bytes. */
  protected range(addr: Expr, size: number, kind: number, acc: Access, scratch: number): void {
    this.expr(addr);
    this.setLocal(scratch);
    if (!acc.check || size === 0 || (addr.k === "frame" && this.inFrame(addr.off, size))) return;
    this.check(acc.site, kind, () => {
      this.getLocal(scratch);
      this.i32(size);
    });
  }

  /** Calls the shared check; `range` writes address and size. */
  protected check(site: number, kind: number, range: () => void): void {
    this.mark(site);
    this.pushSites(this.via);
    this.passStack(this.via.length);
    range();
    this.i32(kind + ACCESS_PENDING * this.pending);
    this.i32(this.firstLine * FIRST_LINE + this.lineCount);
    this.i32(site);
    this.out.u8(Op.call);
    this.out.u32(this.context.checkIndex);
  }

  // ---- counting ---------------------------------------------------------------------------------------------------

  countVisible(inst: Inst): void {
    if (this.context.options.trace) this.traceVisible(inst);
    this.pending++;
    // If each may be the last one before a switch, each is counted.
    const { trace, preemptible, debug } = this.context.options;
    if (trace || preemptible || debug) this.countPending();
  }

  countLine(cov: number): void {
    this.cov = cov;
    if (this.lineCount === MAX_LINES || cov !== this.firstLine + this.lineCount) {
      this.writeLines();
      this.firstLine = cov;
      this.lineCount = 0;
    }
    this.lineCount++;
  }

  /** To be called before control leaves straight-line code: a call, or a branch to a target with other predecessors. */
  countPending(): void {
    this.writePending();
    this.pending = 0;
    this.lineCount = 0;
  }

  /** Emits the counts on a path that does not return here; on the other path they remain pending. */
  protected writePending(): void {
    this.writeLines();
    if (this.pending > 0) this.addGlobal("ops", this.pending);
  }

  /** The pending counts, for code that is reached only from here. */
  get counts(): Counts {
    return { pending: this.pending, firstLine: this.firstLine, lineCount: this.lineCount };
  }
  set counts({ pending, firstLine, lineCount }: Counts) {
    this.pending = pending;
    this.firstLine = firstLine;
    this.lineCount = lineCount;
  }

  private writeLines(): void {
    if (this.lineCount === 0) return;
    const at = covAt(this.firstLine, this.lineCount);
    this.i32(at);
    this.i32(at);
    this.memory("i32.load", 0);
    this.i32(1);
    this.op("i32.add");
    this.memory("i32.store", 0);
  }

  private traceVisible(inst: Inst): void {
    this.showStack();
    const report = (addr: Expr, off: number, size: number, kind: number, site: number): void => {
      this.expr(addr);
      if (off !== 0) {
        this.i64(BigInt(off));
        this.op("i64.add");
      }
      this.i32(size);
      this.i32(kind);
      this.i32(site);
      this.callHook("visible");
    };
    const plain = "acc" in inst && !inst.acc.once ? ACCESS_PLAIN : 0;
    switch (inst.k) {
      case "load":
        report(inst.addr, inst.off, memSize(inst.m), ACCESS_READ | plain, inst.acc.site);
        return;
      case "store":
        report(inst.addr, inst.off, memSize(inst.m), ACCESS_WRITE | plain, inst.acc.site);
        return;
      case "copy":
        report(inst.src, 0, inst.size, ACCESS_READ | plain, inst.acc.site);
        report(inst.dst, 0, inst.size, ACCESS_WRITE | plain, inst.acc.site);
        return;
      case "zero":
        report(inst.dst, 0, inst.size, ACCESS_WRITE | plain, inst.acc.site);
        return;
      case "call": {
        const [addr, size, kind] = inst.args;
        if (addr === undefined || size === undefined || kind === undefined) return;
        this.exprAs(addr, "i64");
        this.exprAs(size, "i32");
        this.exprAs(kind, "i32");
        this.i32(inst.site);
        this.callHook("visible");
        return;
      }
      case "set":
      case "alloca":
      case "sp":
      case "line":
      case "cannot":
        return;
    }
  }

  /** Leaves on the stack whether the visible operation just counted is past the limit. */
  overLimit(): void {
    this.getGlobal("ops");
    this.getGlobal("limit");
    this.op("i32.gt_s");
  }

  // ---- instructions -----------------------------------------------------------------------------------------------

  protected load(inst: Inst & { readonly k: "load" }): void {
    const offset = this.place(inst.addr, inst.off, memSize(inst.m), ACCESS_READ, inst.acc);
    this.memory(loadOp(inst.m, inst.t), offset);
    this.setLocal(this.local(inst.i));
  }

  protected store(inst: Inst & { readonly k: "store" }): void {
    const offset = this.place(inst.addr, inst.off, memSize(inst.m), ACCESS_WRITE, inst.acc);
    this.expr(inst.v);
    this.memory(storeOp(inst.m, typeOf(inst.v)), offset);
  }

  protected copy(inst: Inst & { readonly k: "copy" }): void {
    this.range(inst.src, inst.size, ACCESS_READ, inst.acc, this.wide2);
    this.range(inst.dst, inst.size, ACCESS_WRITE, inst.acc, this.wide);
    this.getLocal(this.wide);
    this.op("i32.wrap_i64");
    this.getLocal(this.wide2);
    this.op("i32.wrap_i64");
    this.i32(inst.size);
    this.bulkCopy();
  }

  protected clear(inst: Inst & { readonly k: "zero" }): void {
    this.range(inst.dst, inst.size, ACCESS_WRITE, inst.acc, this.wide);
    this.getLocal(this.wide);
    this.op("i32.wrap_i64");
    this.i32(0);
    this.i32(inst.size);
    this.bulkFill();
  }
}
