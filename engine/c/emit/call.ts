// Calls: of functions of the program, through pointers, of the machine's services, and the services that are written
// out in place. A callee is handed the call-site stack with the call's site on it.

import { ACCESS_READ, ACCESS_WRITE, CELL_CPU, CELL_NCPUS, CELL_RESULT, CELL_SELF, NS_PER_OP, SIG_BASE, WAITERS_BASE, WAITERS_SIZE } from "./layout.js";
import { AccessEmitter } from "./access.js";
import { typeOf } from "./expression.js";
import { type Expr, type Inst, type Signature, TAG_LINEAR, TEXT_BASE, type ValType } from "../ir/index.js";
import { Op } from "./wasm.js";

export type Call = Inst & { readonly k: "call" };

const TEXT64 = BigInt.asIntN(64, (BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE));

export abstract class CallEmitter extends AccessEmitter {
  /** Writes that this can't be run. */
  protected abstract cannot(why: string, site: number): void;

  private pushSite(site: number): void {
    this.mark(site);
    this.pushSites([...this.via, site]);
  }
  private leaveAt(site: number): void {
    this.mark(site);
    this.showStack(site);
  }

  readResult(i: number, type: ValType): void {
    this.i32(CELL_RESULT);
    this.memory(`${type}.load`, 0);
    this.convert(type, this.typeOfLocal(i));
    this.setLocal(this.local(i));
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
      this.passStack(this.via.length + 1);
      this.passArguments(call, fn.sig);
      this.out.u8(Op.call);
      this.out.u32(target);
      afterCall();
      this.keepResult(call.i, fn.sig.result);
      return;
    }
    const assumed = this.context.assumedIndex(call.fn);
    if (assumed !== undefined) {
      this.leaveAt(call.site);
      this.i32(assumed);
      this.callHook("assumed");
      this.clearResult(call.i);
      return;
    }
    if (this.inlineIntrinsic(call)) return;
    this.callIntrinsic(call, false);
  }

  /** An import: the machine's service. Suspending ones leave their result in CELL_RESULT. */
  callIntrinsic(call: Call, suspending: boolean): void {
    const name = call.fn ?? "";
    const target = this.context.importIndex(name);
    const sig = this.context.program.intrinsics.get(name);
    if (target === undefined || sig === undefined) {
      this.cannot(`${name} is not defined`, call.site);
      return;
    }
    this.leaveAt(call.site);
    this.passArguments(call, sig);
    this.out.u8(Op.call);
    this.out.u32(target);
    if (suspending) {
      if (sig.result !== undefined) this.out.u8(Op.drop);
      return;
    }
    this.keepResult(call.i, sig.result);
  }

  protected passArguments(call: Call, sig: Signature): void {
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

  protected keepResult(i: number, result: ValType | undefined): void {
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

  protected clearResult(i: number): void {
    if (i < 0) return;
    this.zero(this.typeOfLocal(i));
    this.setLocal(this.local(i));
  }

  protected callPointer(call: Call, afterCall: () => void): void {
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
    this.passStack(this.via.length + 1);
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
    this.leaveAt(call.site);
    this.getLocal(this.wide);
    this.i32(call.site);
    this.callHook("badcall");
    this.clearResult(call.i);
    this.end();
  }

  /** Intrinsics that need no call out of the module. */
  protected inlineIntrinsic(call: Call): boolean {
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
        this.leaveAt(call.site);
        this.callHook("spent");
        this.end();
        return true;
      case "__tcs_event": {
        const [kind, ...rest] = call.args;
        const rc = rest[4];
        if (kind === undefined || rc === undefined) return false;
        this.leaveAt(call.site);
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
  protected now(): void {
    this.getGlobal("base");
    this.getGlobal("spent");
    this.op("i64.add");
    this.getGlobal("ops");
    this.op("i64.extend_i32_u");
    this.i64(BigInt(NS_PER_OP));
    this.op("i64.mul");
    this.op("i64.add");
  }

  protected checkedRange(addr: Expr, size: Expr, kind: number, site: number): void {
    this.check(site, kind, () => {
      this.exprAs(addr, "i64");
      this.exprAs(size, "i32");
    });
  }
}
