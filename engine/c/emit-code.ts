// Expressions and single instructions of a function as WebAssembly: checked memory accesses, calls with the
// call-site stack, saving and restoring a frame. It knows no blocks; control structure is in emit-function.ts.

import {
  ACCESS_PLAIN,
  ACCESS_READ,
  ACCESS_WRITE,
  CELL_CPU,
  CELL_NCPUS,
  CELL_RESULT,
  CELL_SELF,
  COV_BASE,
  NORMAL,
  NS_PER_OP,
  SHADOW_FRESH,
  SIG_BASE,
  WAITERS_BASE,
  WAITERS_SIZE,
  globalIndex,
  type GlobalName,
  type HookName,
} from "./emit-layout.js";
import { writeLocals, type FunctionBody } from "./emit-body.js";
import type { Access, Expr, Inst, IrFunction, MemType, Program, Signature, ValType } from "./ir.js";
import { MEMORY_SIZE, SHADOW_BASE, TAG_LINEAR, TAG_MASK, TEXT_BASE } from "./target.js";
import { BULK_COPY, BULK_FILL, ByteWriter, Op, SATURATING, VOID_BLOCK, opcode } from "./wasm.js";

/** What a function's emission needs to know of the module. */
export interface ModuleContext {
  readonly program: Program;
  readonly options: { readonly preemptible: boolean; readonly trace: boolean };
  readonly suspends: Uint8Array;
  functionIndex(symbol: string): number | undefined;
  /** Index in the order of Program.assumed. */
  assumedIndex(symbol: string): number | undefined;
  importIndex(intrinsic: string): number | undefined;
  hookIndex(hook: HookName): number;
  /** The shared function check(address, size, kind, site). */
  readonly checkIndex: number;
  typeIndex(sig: Signature): number;
  whyIndex(why: string): number;
  /** The global that covers the symbol, for accesses that need no check. */
  globalSize(symbol: string): { readonly size: number; readonly readonly: boolean } | undefined;
}

type Call = Inst & { readonly k: "call" };

const TAG64 = BigInt.asIntN(64, BigInt(TAG_LINEAR) << 32n);
/** Address bits that must equal TAG64: all but the tag's free bits and an offset inside memory. */
const RANGE_MASK = BigInt.asIntN(64, (BigInt(TAG_MASK) << 32n) | (0x1_0000_0000n - BigInt(MEMORY_SIZE)));
const TEXT64 = BigInt.asIntN(64, (BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE));

export function memSize(m: MemType): number {
  switch (m) {
    case "i8s":
    case "i8u":
      return 1;
    case "i16s":
    case "i16u":
      return 2;
    case "i32s":
    case "i32u":
    case "f32":
      return 4;
    case "i64":
    case "f64":
      return 8;
  }
}

export function typeOf(expr: Expr): ValType {
  switch (expr.k) {
    case "i32":
    case "i64":
    case "f32":
    case "f64":
      return expr.k;
    case "local":
    case "un":
    case "bin":
    case "select":
      return expr.t;
    case "sym":
    case "frame":
    case "vaarea":
      return "i64";
  }
}

function valSize(type: ValType): number {
  return type === "i64" || type === "f64" ? 8 : 4;
}

export class CodeEmitter {
  readonly out = new ByteWriter(4096);
  /** Blocks opened here and not yet closed, for branches that the control structure makes from inside them. */
  extraDepth = 0;
  /** Local that says at which piece to go on. */
  readonly bb: number;
  /** Scratch locals: i64 and i32. */
  readonly wide: number;
  private readonly wide2: number;
  private readonly narrow: number;
  private readonly narrow2: number;
  private readonly fp: number;
  private readonly va: number;
  private readonly extra: ValType[] = [];
  private readonly localBase: number;
  private readonly vaBytes: number;
  private readonly frameBytes: number;
  private readonly hasCalls: boolean;
  private readonly sites: number[] = [];
  private readonly saved: readonly { readonly local: number; readonly type: ValType; readonly at: number }[];
  private readonly saveBytes: number;
  private cov = -1;
  /** Call sites that the instruction being written stands for, outermost first. */
  via: readonly number[] = [];

  constructor(
    private readonly context: ModuleContext,
    private readonly fn: IrFunction,
    private readonly index: number,
  ) {
    const params = fn.sig.params.length;
    const hidden = fn.sig.variadic ? 1 : 0;
    this.localBase = hidden;
    this.va = params;
    const first = fn.locals.length + hidden;
    const extra = (type: ValType): number => {
      this.extra.push(type);
      return first + this.extra.length - 1;
    };
    this.fp = extra("i32");
    this.bb = extra("i32");
    this.narrow = extra("i32");
    this.narrow2 = extra("i32");
    this.wide = extra("i64");
    this.wide2 = extra("i64");
    let slots = 0;
    let hasCalls = false;
    for (const block of fn.blocks) {
      for (const inst of block.code) {
        if (inst.k !== "call") continue;
        hasCalls = true;
        slots = Math.max(slots, inst.va?.length ?? 0);
      }
    }
    this.hasCalls = hasCalls;
    this.vaBytes = (slots * 8 + 15) & ~15;
    this.frameBytes = (fn.frameSize + this.vaBytes + 15) & ~15;
    const saved: { local: number; type: ValType; at: number }[] = [];
    let at = 8; // the resume number stands first
    const save = (local: number, type: ValType): void => {
      saved.push({ local, type, at });
      at += valSize(type);
    };
    fn.locals.forEach((type, i) => {
      save(this.local(i), type);
    });
    if (hidden === 1) save(this.va, "i32");
    if (this.frameBytes > 0) save(this.fp, "i32");
    this.saved = saved;
    this.saveBytes = (at + 7) & ~7;
  }

  // ---- plumbing ---------------------------------------------------------------------------------------------------

  begin(): void {
    writeLocals(this.out, [...this.fn.locals.slice(this.fn.sig.params.length), ...this.extra]);
  }

  finish(): FunctionBody {
    return { bytes: this.out.take(), sites: this.sites, frameBytes: this.frameBytes };
  }

  /** IR local number to WebAssembly's, which has the hidden parameter in between. */
  private local(i: number): number {
    return i < this.fn.sig.params.length ? i : i + this.localBase;
  }

  op(name: string): void {
    const saturating = SATURATING.get(name);
    if (saturating !== undefined) {
      this.out.u8(Op.bulk);
      this.out.u32(saturating);
      return;
    }
    this.out.u8(opcode(name));
  }
  i32(value: number): void {
    this.out.u8(Op.i32Const);
    this.out.s32(value);
  }
  i64(value: bigint): void {
    this.out.u8(Op.i64Const);
    this.out.s64(value);
  }
  zero(type: ValType): void {
    if (type === "i32") this.i32(0);
    else if (type === "i64") this.i64(0n);
    else if (type === "f32") {
      this.out.u8(Op.f32Const);
      this.out.f32(0);
    } else {
      this.out.u8(Op.f64Const);
      this.out.f64(0);
    }
  }
  getLocal(local: number): void {
    this.out.u8(Op.localGet);
    this.out.u32(local);
  }
  setLocal(local: number): void {
    this.out.u8(Op.localSet);
    this.out.u32(local);
  }
  private teeLocal(local: number): void {
    this.out.u8(Op.localTee);
    this.out.u32(local);
  }
  getGlobal(name: GlobalName): void {
    this.out.u8(Op.globalGet);
    this.out.u32(globalIndex(name));
  }
  setGlobal(name: GlobalName): void {
    this.out.u8(Op.globalSet);
    this.out.u32(globalIndex(name));
  }
  callHook(hook: HookName): void {
    this.out.u8(Op.call);
    this.out.u32(this.context.hookIndex(hook));
  }
  private memory(op: string, offset: number): void {
    this.op(op);
    this.out.u8(0); // alignment hint: none
    this.out.u32(offset);
  }
  private block(op: number): void {
    this.out.u8(op);
    this.out.u8(VOID_BLOCK);
    this.extraDepth++;
  }
  private end(): void {
    this.out.u8(Op.end);
    this.extraDepth--;
  }
  private addGlobal(name: GlobalName, amount: number): void {
    this.getGlobal(name);
    this.i32(amount);
    this.op("i32.add");
    this.setGlobal(name);
  }
  private mark(site: number): void {
    // A body in the place of a call: the caller's offset is that of the call.
    this.sites.push(this.via[0] ?? site, this.out.length);
  }

  // ---- frames -----------------------------------------------------------------------------------------------------

  enterFrame(): void {
    if (this.hasCalls) {
      this.getGlobal("csp");
      this.getGlobal("cslimit");
      this.op("i32.ge_u");
      this.overflowIf();
    }
    if (this.frameBytes === 0) return;
    this.getGlobal("sp");
    this.i32(this.frameBytes);
    this.op("i32.sub");
    this.teeLocal(this.fp);
    this.setGlobal("sp");
    this.getGlobal("sp");
    this.getGlobal("splimit");
    this.op("i32.lt_u");
    this.overflowIf();
  }

  leaveFrame(): void {
    if (this.frameBytes === 0) return;
    this.getLocal(this.fp);
    this.i32(this.frameBytes);
    this.op("i32.add");
    this.setGlobal("sp");
  }

  private overflowIf(): void {
    this.block(Op.if);
    this.i32(this.index);
    this.callHook("overflow");
    this.end();
  }

  saveFrame(): void {
    this.getGlobal("ss");
    this.i32(this.saveBytes);
    this.op("i32.add");
    this.getGlobal("sslimit");
    this.op("i32.gt_u");
    this.overflowIf();
    this.getGlobal("ss");
    this.getLocal(this.bb);
    this.memory("i32.store", 0);
    for (const { local, type, at } of this.saved) {
      this.getGlobal("ss");
      this.getLocal(local);
      this.memory(`${type}.store`, at);
    }
    this.addGlobal("ss", this.saveBytes);
  }

  /** Takes this function's frame off the save stack; the innermost one ends the rewinding. */
  restoreFrame(): void {
    this.addGlobal("ss", -this.saveBytes);
    this.getGlobal("ss");
    this.memory("i32.load", 0);
    this.setLocal(this.bb);
    for (const { local, type, at } of this.saved) {
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
    this.getGlobal("fuel");
    this.i32(1);
    this.op("i32.sub");
    this.teeLocal(this.narrow);
    this.setGlobal("fuel");
    this.getLocal(this.narrow);
    this.i32(0);
    this.op("i32.lt_s");
    this.block(Op.if);
    this.callHook("fuel");
    this.end();
  }

  // ---- expressions ------------------------------------------------------------------------------------------------

  expr(e: Expr): void {
    switch (e.k) {
      case "i32":
        this.i32(e.v);
        return;
      case "i64":
        this.i64(e.v);
        return;
      case "f32":
        this.out.u8(Op.f32Const);
        this.out.f32(e.v);
        return;
      case "f64":
        this.out.u8(Op.f64Const);
        this.out.f64(e.v);
        return;
      case "local":
        this.getLocal(this.local(e.i));
        return;
      case "un":
        this.expr(e.a);
        this.op(e.op);
        return;
      case "bin":
        this.expr(e.a);
        this.expr(e.b);
        if (/\.(div|rem)_[su]$/.test(e.op)) this.guardDivisor(e.b);
        this.op(e.op);
        return;
      case "select":
        this.expr(e.a);
        this.expr(e.b);
        this.expr(e.c);
        this.out.u8(Op.select);
        return;
      case "sym":
        this.i64(BigInt.asIntN(64, this.context.program.address(e.sym) + BigInt(e.off)));
        return;
      case "frame":
        this.getLocal(this.fp);
        if (this.vaBytes + e.off !== 0) {
          this.i32(this.vaBytes + e.off);
          this.op("i32.add");
        }
        this.tagged();
        return;
      case "vaarea":
        this.getLocal(this.va);
        this.tagged();
        return;
    }
  }

  /** i32 offset on the stack to a 64-bit address. */
  private tagged(): void {
    this.op("i64.extend_i32_u");
    this.i64(TAG64);
    this.op("i64.or");
  }

  /** An expression as a value of `type`: integers of another width are truncated or sign-extended. */
  exprAs(e: Expr, type: ValType): void {
    this.expr(e);
    this.convert(typeOf(e), type);
  }

  private convert(from: ValType, to: ValType): void {
    if (from === to) return;
    const op = CONVERT[`${from}>${to}`];
    if (op !== undefined) this.op(op);
  }

  /** The divisor is on the stack. A zero is reported; powerpc leaves the result undefined and does not trap. */
  private guardDivisor(divisor: Expr): void {
    if ((divisor.k === "i32" && divisor.v !== 0 && divisor.v !== -1) || (divisor.k === "i64" && divisor.v !== 0n && divisor.v !== -1n)) return;
    const type = typeOf(divisor);
    const scratch = type === "i64" ? this.wide2 : this.narrow2;
    this.teeLocal(scratch);
    this.op(`${type}.eqz`);
    this.block(Op.if);
    this.i32(this.index);
    this.i32(this.cov);
    this.callHook("divzero");
    if (type === "i64") this.i64(1n);
    else this.i32(1);
    this.setLocal(scratch);
    this.end();
    this.getLocal(scratch);
  }

  // ---- memory -----------------------------------------------------------------------------------------------------

  /** Leaves the i32 offset of a place on the stack and returns the static offset to add to it. */
  private place(addr: Expr, off: number, size: number, kind: number, acc: Access): number {
    if (addr.k === "frame" && !acc.check && this.vaBytes + addr.off + off >= 0) {
      this.getLocal(this.fp);
      return this.vaBytes + addr.off + off;
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
    this.teeLocal(this.wide);
    this.op("i32.wrap_i64");
    this.setLocal(this.narrow);
    this.block(Op.block);
    this.block(Op.block);
    this.getLocal(this.wide);
    this.i64(RANGE_MASK);
    this.op("i64.and");
    this.i64(TAG64);
    this.op("i64.ne");
    this.out.u8(Op.brIf);
    this.out.u32(0);
    this.getLocal(this.narrow);
    this.i32(3);
    this.op("i32.shr_u");
    this.memory("i32.load8_u", SHADOW_BASE);
    this.i32(SHADOW_FRESH);
    this.op("i32.xor");
    if (size > 1) {
      this.getLocal(this.narrow);
      this.i32(size - 1);
      this.op("i32.and");
      this.op("i32.or");
    }
    this.op("i32.eqz");
    this.out.u8(Op.brIf);
    this.out.u32(1);
    this.end();
    this.getLocal(this.wide);
    this.i32(size);
    this.i32(kind);
    this.callCheck(acc.site);
    this.end();
    this.getLocal(this.narrow);
    return 0;
  }

  /** i64 address into `scratch`, checked over `size` bytes. */
  private range(addr: Expr, size: number, kind: number, acc: Access, scratch: number): void {
    this.expr(addr);
    this.setLocal(scratch);
    if (!acc.check || size === 0) return;
    this.getLocal(scratch);
    this.i32(size);
    this.i32(kind);
    this.callCheck(acc.site);
  }

  countVisible(inst: Inst): void {
    if (this.context.options.trace) this.traceVisible(inst);
    this.addGlobal("ops", 1);
  }

  private traceVisible(inst: Inst): void {
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

  inst(inst: Inst): void {
    switch (inst.k) {
      case "set":
        this.exprAs(inst.v, this.typeOfLocal(inst.i));
        this.setLocal(this.local(inst.i));
        return;
      case "load": {
        const offset = this.place(inst.addr, inst.off, memSize(inst.m), ACCESS_READ, inst.acc);
        this.memory(loadOp(inst.m, inst.t), offset);
        this.setLocal(this.local(inst.i));
        return;
      }
      case "store": {
        const offset = this.place(inst.addr, inst.off, memSize(inst.m), ACCESS_WRITE, inst.acc);
        this.expr(inst.v);
        this.memory(storeOp(inst.m, typeOf(inst.v)), offset);
        return;
      }
      case "copy":
        this.range(inst.src, inst.size, ACCESS_READ, inst.acc, this.wide2);
        this.range(inst.dst, inst.size, ACCESS_WRITE, inst.acc, this.wide);
        this.getLocal(this.wide);
        this.op("i32.wrap_i64");
        this.getLocal(this.wide2);
        this.op("i32.wrap_i64");
        this.i32(inst.size);
        this.bulkCopy();
        return;
      case "zero":
        this.range(inst.dst, inst.size, ACCESS_WRITE, inst.acc, this.wide);
        this.getLocal(this.wide);
        this.op("i32.wrap_i64");
        this.i32(0);
        this.i32(inst.size);
        this.bulkFill();
        return;
      case "call":
        this.call(inst, () => undefined);
        return;
      case "alloca": {
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
        this.cov = inst.cov;
        this.i32(COV_BASE + 4 * inst.cov);
        this.i32(COV_BASE + 4 * inst.cov);
        this.memory("i32.load", 0);
        this.i32(1);
        this.op("i32.add");
        this.memory("i32.store", 0);
        return;
      case "cannot":
        this.mark(inst.site);
        this.i32(inst.site);
        this.i32(this.context.whyIndex(inst.why));
        this.callHook("cannot");
        this.out.u8(Op.unreachable);
        return;
    }
  }

  private bulkCopy(): void {
    this.out.u8(Op.bulk);
    this.out.u32(BULK_COPY);
    this.out.u8(0);
    this.out.u8(0);
  }
  private bulkFill(): void {
    this.out.u8(Op.bulk);
    this.out.u32(BULK_FILL);
    this.out.u8(0);
  }

  private typeOfLocal(i: number): ValType {
    return this.fn.locals[i] ?? "i32";
  }

  readResult(i: number, type: ValType): void {
    this.i32(CELL_RESULT);
    this.memory(`${type}.load`, 0);
    this.convert(type, this.typeOfLocal(i));
    this.setLocal(this.local(i));
  }

  // ---- calls ------------------------------------------------------------------------------------------------------

  pushSite(site: number): void {
    this.mark(site);
    this.pushSites([...this.via, site]);
  }
  popSite(): void {
    this.addGlobal("csp", -4 * (this.via.length + 1));
  }
  private pushSites(sites: readonly number[]): void {
    sites.forEach((site, i) => {
      this.getGlobal("csp");
      this.i32(site);
      this.memory("i32.store", 4 * i);
    });
    this.addGlobal("csp", 4 * sites.length);
  }

  /** The shared check, for the address, size and kind on the stack. */
  private callCheck(site: number): void {
    this.mark(site);
    this.i32(site);
    if (this.via.length > 0) this.pushSites(this.via);
    this.out.u8(Op.call);
    this.out.u32(this.context.checkIndex);
    if (this.via.length > 0) this.addGlobal("csp", -4 * this.via.length);
  }

  /** `afterCall` writes the test for suspension, with the call's result still on the stack. */
  call(call: Call, afterCall: () => void): void {
    if (call.fn === undefined) {
      this.callPointer(call, afterCall);
      return;
    }
    const target = this.context.functionIndex(call.fn);
    const callee = this.context.program.indexOf.get(call.fn);
    const fn = callee === undefined ? undefined : this.context.program.functions[callee];
    if (target !== undefined && fn !== undefined) {
      this.pushSite(call.site);
      this.passArguments(call, fn.sig);
      this.out.u8(Op.call);
      this.out.u32(target);
      afterCall();
      this.keepResult(call.i, fn.sig.result);
      this.popSite();
      return;
    }
    const assumed = this.context.assumedIndex(call.fn);
    if (assumed !== undefined) {
      this.pushSite(call.site);
      this.i32(assumed);
      this.callHook("assumed");
      this.popSite();
      this.clearResult(call.i);
      return;
    }
    if (this.inlineIntrinsic(call)) return;
    this.callIntrinsic(call, false);
  }

  /** An import: the machine's service. Suspending ones leave their result in CELL_RESULT and the site on the stack. */
  callIntrinsic(call: Call, suspending: boolean): void {
    const name = call.fn ?? "";
    const target = this.context.importIndex(name);
    const sig = this.context.program.intrinsics.get(name);
    if (target === undefined || sig === undefined) {
      this.inst({ k: "cannot", why: `${name} is defined nowhere`, site: call.site });
      return;
    }
    this.pushSite(call.site);
    this.passArguments(call, sig);
    this.out.u8(Op.call);
    this.out.u32(target);
    if (suspending) {
      if (sig.result !== undefined) this.out.u8(Op.drop);
      return;
    }
    this.keepResult(call.i, sig.result);
    this.popSite();
  }

  private passArguments(call: Call, sig: Signature): void {
    (call.va ?? []).forEach((arg, slot) => {
      this.getLocal(this.fp);
      this.expr(arg);
      const type = typeOf(arg);
      if (type === "i32") this.op("i64.extend_i32_s");
      this.memory(type === "f64" ? "f64.store" : "i64.store", slot * 8);
    });
    sig.params.forEach((type, i) => {
      const arg = call.args[i];
      if (arg === undefined) this.zero(type);
      else this.exprAs(arg, type);
    });
    if (sig.variadic) this.getLocal(this.fp);
  }

  private keepResult(i: number, result: ValType | undefined): void {
    if (result === undefined) {
      this.clearResult(i);
      return;
    }
    if (i < 0) {
      this.out.u8(Op.drop);
      return;
    }
    this.convert(result, this.typeOfLocal(i));
    this.setLocal(this.local(i));
  }

  private clearResult(i: number): void {
    if (i < 0) return;
    this.zero(this.typeOfLocal(i));
    this.setLocal(this.local(i));
  }

  private callPointer(call: Call, afterCall: () => void): void {
    const pointer = call.ptr ?? { k: "i64", v: 0n };
    const type = this.context.typeIndex(call.sig);
    const slots = this.context.program.functions.length + this.context.program.assumed.size;
    this.pushSite(call.site);
    this.block(Op.block);
    this.block(Op.block);
    this.exprAs(pointer, "i64");
    this.teeLocal(this.wide);
    this.i64(TEXT64);
    this.op("i64.sub");
    // The slot number, with the bits that must be zero rotated to the top.
    this.i64(4n);
    this.op("i64.rotr");
    this.teeLocal(this.wide2);
    this.i64(BigInt(slots));
    this.op("i64.ge_u");
    this.out.u8(Op.brIf);
    this.out.u32(0);
    this.getLocal(this.wide2);
    this.op("i32.wrap_i64");
    this.teeLocal(this.narrow);
    this.i32(1);
    this.op("i32.shl");
    this.memory("i32.load16_u", SIG_BASE);
    this.i32(type);
    this.op("i32.ne");
    this.out.u8(Op.brIf);
    this.out.u32(0);
    this.passArguments(call, call.sig);
    // Arguments may use the scratch locals: the slot is worked out again.
    this.exprAs(pointer, "i64");
    this.i64(TEXT64);
    this.op("i64.sub");
    this.op("i32.wrap_i64");
    this.i32(4);
    this.op("i32.shr_u");
    this.out.u8(Op.callIndirect);
    this.out.u32(type);
    this.out.u8(0);
    afterCall();
    this.keepResult(call.i, call.sig.result);
    this.out.u8(Op.br);
    this.out.u32(1);
    this.end();
    this.getLocal(this.wide);
    this.i32(call.site);
    this.callHook("badcall");
    this.clearResult(call.i);
    this.end();
    this.popSite();
  }

  /** Intrinsics that need no call out of the module. */
  private inlineIntrinsic(call: Call): boolean {
    const cell = call.fn === "__tcs_self" ? CELL_SELF : call.fn === "__tcs_cpu" ? CELL_CPU : call.fn === "__tcs_ncpus" ? CELL_NCPUS : undefined;
    if (cell !== undefined) {
      if (call.i < 0) return true;
      this.i32(cell);
      this.memory("i32.load", 0);
      this.keepResult(call.i, "i32");
      return true;
    }
    const [first, second, third] = call.args;
    switch (call.fn) {
      case "__tcs_now":
        if (call.i < 0) return true;
        this.now();
        this.keepResult(call.i, "i64");
        return true;
      case "__tcs_spend":
        if (first === undefined) return false;
        this.getGlobal("spent");
        this.exprAs(first, "i64");
        this.op("i64.add");
        this.setGlobal("spent");
        this.now();
        this.getGlobal("tell");
        this.op("i64.ge_s");
        this.block(Op.if);
        this.callHook("spent");
        this.end();
        return true;
      case "__tcs_event": {
        const [kind, ...rest] = call.args;
        const rc = rest[4];
        if (kind === undefined || rc === undefined) return false;
        this.pushSite(call.site);
        this.exprAs(kind, "i32");
        this.now();
        this.op("f64.convert_i64_s");
        for (const value of rest.slice(0, 4)) {
          this.exprAs(value, "i32");
          this.exprAs(value, "i64");
          this.i64(32n);
          this.op("i64.shr_u");
          this.op("i32.wrap_i64");
        }
        this.exprAs(rc, "i32");
        this.callHook("event");
        this.popSite();
        return true;
      }
      case "__tcs_wake":
        // A search learns of every wake.
        if (first === undefined || this.context.options.trace) return false;
        this.exprAs(first, "i32");
        this.i32(3);
        this.op("i32.shr_u");
        this.i32(WAITERS_SIZE - 1);
        this.op("i32.and");
        this.memory("i32.load8_u", WAITERS_BASE);
        this.block(Op.if);
        this.callIntrinsic(call, false);
        this.end();
        return true;
      case "__tcs_copy":
        if (first === undefined || second === undefined || third === undefined) return false;
        this.checkedRange(second, third, ACCESS_READ, call.site);
        this.checkedRange(first, third, ACCESS_WRITE, call.site);
        this.exprAs(first, "i32");
        this.exprAs(second, "i32");
        this.exprAs(third, "i32");
        this.bulkCopy();
        return true;
      case "__tcs_fill":
        if (first === undefined || second === undefined || third === undefined) return false;
        this.checkedRange(first, third, ACCESS_WRITE, call.site);
        this.exprAs(first, "i32");
        this.exprAs(second, "i32");
        this.exprAs(third, "i32");
        this.bulkFill();
        return true;
      default:
        return false;
    }
  }

  /** Virtual time on the stack. */
  private now(): void {
    this.getGlobal("base");
    this.getGlobal("spent");
    this.op("i64.add");
    this.getGlobal("ops");
    this.op("i64.extend_i32_u");
    this.i64(BigInt(NS_PER_OP));
    this.op("i64.mul");
    this.op("i64.add");
  }

  private checkedRange(addr: Expr, size: Expr, kind: number, site: number): void {
    this.exprAs(addr, "i64");
    this.exprAs(size, "i32");
    this.i32(kind);
    this.callCheck(site);
  }
}

export const CONVERT: Readonly<Record<string, string>> = {
  "i64>i32": "i32.wrap_i64",
  "i32>i64": "i64.extend_i32_s",
  "f64>f32": "f32.demote_f64",
  "f32>f64": "f64.promote_f32",
  "i32>f64": "f64.convert_i32_s",
  "i64>f64": "f64.convert_i64_s",
  "i32>f32": "f32.convert_i32_s",
  "i64>f32": "f32.convert_i64_s",
};

export function loadOp(m: MemType, t: ValType): string {
  switch (m) {
    case "i64":
    case "f32":
    case "f64":
      return `${m}.load`;
    case "i8s":
      return `${t}.load8_s`;
    case "i8u":
      return `${t}.load8_u`;
    case "i16s":
      return `${t}.load16_s`;
    case "i16u":
      return `${t}.load16_u`;
    case "i32s":
      return t === "i64" ? "i64.load32_s" : "i32.load";
    case "i32u":
      return t === "i64" ? "i64.load32_u" : "i32.load";
  }
}

export function storeOp(m: MemType, t: ValType): string {
  switch (m) {
    case "i64":
    case "f32":
    case "f64":
      return `${m}.store`;
    case "i8s":
    case "i8u":
      return `${t}.store8`;
    case "i16s":
    case "i16u":
      return `${t}.store16`;
    case "i32s":
    case "i32u":
      return t === "i64" ? "i64.store32" : "i32.store";
  }
}
