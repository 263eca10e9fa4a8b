// Emits IR expressions in a function whose first parameter is the call-site stack: positions of locals and the C stack
// frame, and calls out of the module. Must not know instructions with effects, except division by zero.

import type { HookName } from "./layout.js";
import { Assembler } from "./assembler.js";
import { type FunctionBody, writeLocals } from "./body.js";
import type { PlacedBlock } from "./inline.js";
import { saveLayout, type SaveLayout } from "./save-area.js";
import { type Expr, type IrFunction, type MemType, type Program, type Signature, TAG_LINEAR, type ValType } from "../ir/index.js";
import { Op } from "./wasm.js";

/** What the emission of a function needs from the module. */
export interface ModuleContext {
  readonly program: Program;
  readonly options: { readonly preemptible: boolean; readonly trace: boolean; readonly debug: boolean };
  readonly suspends: Uint8Array;
  functionIndex(symbol: string): number | undefined;
  /** WebAssembly index of the resuming body of function `index` of the program. */
  resumingIndex(index: number): number;
  /** Index in the order of Program.assumed. */
  assumedIndex(symbol: string): number | undefined;
  importIndex(intrinsic: string): number | undefined;
  hookIndex(hook: HookName): number;
  /** The shared function check(csp, address, size, kind, lines, site). */
  readonly checkIndex: number;
  typeIndex(sig: Signature): number;
  reasonIndex(why: string): number;
  /** The global that covers the symbol, for accesses that need no check. */
  globalSize(symbol: string): { readonly size: number; readonly readonly: boolean } | undefined;
}

export const TAG64 = BigInt.asIntN(64, BigInt(TAG_LINEAR) << 32n);

/** The first parameter of every function of the program: where the next call site is pushed. */
export const CSP = 0;

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

export class ExprEmitter extends Assembler {
  /** Local with the number of the next piece. */
  readonly bb: number;
  /** Scratch locals: i64 and i32. */
  readonly wide: number;
  protected readonly wide2: number;
  protected readonly narrow: number;
  protected readonly narrow2: number;
  protected readonly fp: number;
  protected readonly va: number;
  protected readonly save: SaveLayout;
  protected readonly sites: number[] = [];
  private readonly extra: ValType[] = [];
  private readonly hidden: number;
  /** Line of the instruction being written, an index into Program.lines. */
  protected cov = -1;
  /** Visible operations executed and not counted yet. */
  protected pending = 0;
  /** Call sites of the inlined calls that contain the instruction being written, outermost first. */
  protected via: readonly number[] = [];
  /** The function to which that instruction belongs. */
  private home: number;

  constructor(
    protected readonly context: ModuleContext,
    protected readonly fn: IrFunction,
    protected readonly index: number,
    private readonly locals: readonly ValType[],
  ) {
    super();
    this.home = index;
    const params = 1 + fn.sig.params.length;
    this.hidden = fn.sig.variadic ? 1 : 0;
    this.va = params;
    const first = 1 + locals.length + this.hidden;
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
    this.save = saveLayout(fn);
  }

  begin(): void {
    writeLocals(this.out, [...this.locals.slice(this.fn.sig.params.length), ...this.extra]);
  }

  /** Sets the origin of the code that follows. */
  setOrigin({ index, via, cov }: Pick<PlacedBlock, "index" | "via" | "cov">): void {
    this.home = index;
    this.via = via;
    this.cov = cov;
  }

  finish(): Omit<FunctionBody, "callees"> {
    return { bytes: this.out.take(), sites: this.sites, hints: this.hints, frameBytes: this.save.frameBytes };
  }

  /** Number of WebAssembly parameters, including hidden ones. */
  protected get paramCount(): number {
    return 1 + this.fn.sig.params.length + this.hidden;
  }

  /** WebAssembly local of an IR local: hidden parameters shift the numbers. */
  protected local(i: number): number {
    return i < this.fn.sig.params.length ? 1 + i : 1 + i + this.hidden;
  }

  protected typeOfLocal(i: number): ValType {
    return this.locals[i] ?? "i32";
  }

  protected mark(site: number): void {
    // In an inlined body the caller's offset is that of the call.
    this.sites.push(this.via[0] ?? site, this.out.length);
  }

  // ---- leaving the module -----------------------------------------------------------------------------------------

  /** Writes call sites onto the call-site stack; `passStack` passes it to the callee. */
  protected pushSites(sites: readonly number[]): void {
    sites.forEach((site, i) => {
      this.getLocal(CSP);
      this.i32(site);
      this.memory("i32.store", 4 * i);
    });
  }
  /** Leaves the end of the call-site stack with `count` more sites. */
  protected passStack(count: number): void {
    this.getLocal(CSP);
    if (count === 0) return;
    this.i32(4 * count);
    this.op("i32.add");
  }
  /** Publishes the end of the call-site stack to the machine before a call to it at `site` (if omitted: the function's own). */
  protected showStack(...site: readonly number[]): void {
    const sites = [...this.via, ...site];
    this.pushSites(sites);
    this.passStack(sites.length);
    this.setGlobal("csp");
  }
  /** Calls a hook with the arguments on the stack. The call-site stack must have been published (`showStack`). */
  callHook(hook: HookName): void {
    this.out.u8(Op.call);
    this.out.u32(this.context.hookIndex(hook));
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
        if (this.save.vaBytes + e.off !== 0) {
          this.i32(this.save.vaBytes + e.off);
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

  /** Converts the i32 offset on the stack to a 64-bit address. */
  protected tagged(): void {
    this.op("i64.extend_i32_u");
    this.i64(TAG64);
    this.op("i64.or");
  }

  /** An expression as a value of `type`: integers of another width are truncated or sign-extended. */
  exprAs(e: Expr, type: ValType): void {
    this.expr(e);
    this.convert(typeOf(e), type);
  }

  protected convert(from: ValType, to: ValType): void {
    if (from === to) return;
    const op = CONVERT[`${from}>${to}`];
    if (op !== undefined) this.op(op);
  }

  /** The divisor is on the stack. A zero is reported; powerpc leaves the result undefined and does not trap. */
  protected guardDivisor(divisor: Expr): void {
    if ((divisor.k === "i32" && divisor.v !== 0 && divisor.v !== -1) || (divisor.k === "i64" && divisor.v !== 0n && divisor.v !== -1n)) return;
    const type = typeOf(divisor);
    const scratch = type === "i64" ? this.wide2 : this.narrow2;
    this.teeLocal(scratch);
    this.op(`${type}.eqz`);
    this.block(Op.if);
    this.showStack();
    if (this.pending > 0) this.addGlobal("ops", this.pending);
    this.i32(this.home);
    this.i32(this.cov);
    this.callHook("divzero");
    if (this.pending > 0) this.addGlobal("ops", -this.pending);
    if (type === "i64") this.i64(1n);
    else this.i32(1);
    this.setLocal(scratch);
    this.end();
    this.getLocal(scratch);
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
