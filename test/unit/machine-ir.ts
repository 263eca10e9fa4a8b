// A small builder of linked programs for tests of the emitter and the machine: functions as blocks of IR with short
// constructors, globals by size, sites created as needed.

import type { Access, Block, Expr, GlobalVar, Inst, IrFunction, MemType, Origin, Program, Signature, Site, Term, ValType } from "../../engine/c/ir/ir.js";
import { DATA_BASE, TAG_LINEAR, TEXT_BASE, TEXT_STRIDE } from "../../engine/c/ir/target.js";

export const i32 = (v: number): Expr => ({ k: "i32", v });
export const i64 = (v: number | bigint): Expr => ({ k: "i64", v: BigInt(v) });
export const local = (i: number, t: ValType = "i64"): Expr => ({ k: "local", i, t });
export const bin = (op: string, a: Expr, b: Expr): Expr => ({
  k: "bin",
  op,
  t: /\.(eq|ne|lt|gt|le|ge)/.test(op) ? "i32" : (op.slice(0, 3) as ValType),
  a,
  b,
});
export const un = (op: string, a: Expr): Expr => ({ k: "un", op, t: op.slice(0, 3) as ValType, a });
export const sym = (name: string, off = 0): Expr => ({ k: "sym", sym: name, off });
export const frame = (off: number): Expr => ({ k: "frame", off });
export const set = (i: number, v: Expr): Inst => ({ k: "set", i, v });
export const line = (cov: number): Inst => ({ k: "line", cov });

export interface FnSpec {
  readonly params?: readonly ValType[];
  readonly result?: ValType;
  readonly variadic?: boolean;
  /** Locals after the parameters. */
  readonly locals?: readonly ValType[];
  readonly frame?: number;
  readonly origin?: Origin;
  readonly inline?: boolean;
  readonly blocks: readonly (readonly [readonly Inst[], Term])[];
}

const INTRINSICS: Readonly<Record<string, readonly [readonly ValType[], ValType | undefined]>> = {
  __tcs_thread: [["i64", "i64", "i64", "i32", "i32"], "i32"],
  __tcs_self: [[], "i32"],
  __tcs_cpu: [[], "i32"],
  __tcs_ncpus: [[], "i32"],
  __tcs_wait: [["i64", "i64", "i32"], "i32"],
  __tcs_wake: [["i64", "i32"], undefined],
  __tcs_yield: [[], undefined],
  __tcs_visible: [["i64", "i64", "i32"], undefined],
  __tcs_now: [[], "i64"],
  __tcs_spend: [["i64"], undefined],
  __tcs_alloc: [["i64", "i64", "i32"], "i64"],
  __tcs_free: [["i64", "i32"], undefined],
  __tcs_size: [["i64"], "i64"],
  __tcs_log: [["i32", "i64", "i64"], undefined],
  __tcs_dump_stack: [[], undefined],
  __tcs_finding: [["i32", "i64"], undefined],
  __tcs_event: [["i32", "i64", "i64", "i64", "i64", "i64"], undefined],
  __tcs_phase: [["i64", "i32"], undefined],
  __tcs_param: [["i64", "i64"], "i64"],
  __tcs_choose: [["i64", "i64"], "i64"],
};

export class ProgramBuilder {
  private readonly functions: { readonly name: string; readonly spec: FnSpec }[] = [];
  private readonly globals: GlobalVar[] = [];
  private readonly sites: Site[] = [];
  private readonly assumed = new Map<string, Signature>();
  private readonly data: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  private end = DATA_BASE;
  private lineCount = 0;
  private now = "?";
  private nextLine = 1;

  /** A global of `size` bytes, or a NUL-terminated text. */
  global(name: string, content: number | string): void {
    const bytes = typeof content === "string" ? new TextEncoder().encode(`${content}\0`) : new Uint8Array(content);
    this.globals.push({ symbol: name, name, file: "test.c", addr: this.end, size: bytes.length, readonly: typeof content === "string" });
    this.data.push({ at: this.end, bytes });
    this.end += (bytes.length + 8 + 15) & ~15;
  }

  fn(name: string, build: (b: this) => FnSpec): void {
    this.now = name;
    this.functions.push({ name, spec: build(this) });
  }

  assume(name: string, params: readonly ValType[], result: ValType | undefined): void {
    this.assumed.set(name, { params, result, variadic: false });
  }

  site(text: string): number {
    this.sites.push({ file: "test.c", line: this.nextLine++, fn: this.now, symbol: this.now, text });
    return this.sites.length - 1;
  }
  private access(text: string, visible: boolean): Access {
    return { check: true, visible, once: false, site: this.site(text) };
  }
  load(i: number, m: MemType, addr: Expr, off = 0, options: { readonly visible?: boolean; readonly t?: ValType } = {}): Inst {
    const t = options.t ?? (m === "i64" || m === "f32" || m === "f64" ? m : "i32");
    return { k: "load", i, t, m, addr, off, acc: this.access(`load${String(i)}`, options.visible ?? false) };
  }
  store(m: MemType, addr: Expr, v: Expr, off = 0, options: { readonly visible?: boolean } = {}): Inst {
    return { k: "store", m, addr, off, v, acc: this.access("store", options.visible ?? false) };
  }
  copy(dst: Expr, src: Expr, size: number): Inst {
    return { k: "copy", dst, src, size, acc: this.access("copy", false) };
  }
  call(i: number, name: string, ...args: readonly Expr[]): Inst {
    return { k: "call", i, fn: name, args, sig: this.signature(name), site: this.site(name) };
  }
  callVariadic(i: number, name: string, args: readonly Expr[], va: readonly Expr[]): Inst {
    return { k: "call", i, fn: name, args, va, sig: this.signature(name), site: this.site(name) };
  }
  callPointer(i: number, ptr: Expr, params: readonly ValType[], result: ValType | undefined, ...args: readonly Expr[]): Inst {
    return { k: "call", i, ptr, args, sig: { params, result, variadic: false }, site: this.site("pointer") };
  }
  line(): Inst {
    return line(this.lineCount++);
  }
  cannot(why: string): Inst {
    return { k: "cannot", why, site: this.site("") };
  }

  private signature(name: string): Signature {
    const intrinsic = INTRINSICS[name];
    if (intrinsic !== undefined) return { params: intrinsic[0], result: intrinsic[1], variadic: false };
    const spec = this.functions.find((fn) => fn.name === name)?.spec;
    return this.assumed.get(name) ?? { params: spec?.params ?? [], result: spec?.result, variadic: spec?.variadic ?? false };
  }

  link(): Program {
    const functions = this.functions.map(({ name, spec }, index): IrFunction => {
      const blocks: Block[] = spec.blocks.map(([code, term]) => ({ code: [...code], term }));
      return {
        symbol: name,
        name,
        file: "test.c",
        line: index + 1,
        origin: spec.origin ?? "tree",
        inline: spec.inline ?? false,
        sig: { params: spec.params ?? [], result: spec.result, variadic: spec.variadic ?? false },
        locals: [...(spec.params ?? []), ...(spec.locals ?? [])],
        frameSize: spec.frame ?? 0,
        frameVars: [],
        blocks,
      };
    });
    const indexOf = new Map(functions.map((fn, i) => [fn.symbol, i]));
    const assumedAt = new Map([...this.assumed.keys()].map((name, i) => [name, functions.length + i]));
    const intrinsics = new Map<string, Signature>();
    for (const fn of functions) {
      for (const block of fn.blocks) {
        for (const inst of block.code) if (inst.k === "call" && inst.fn !== undefined && INTRINSICS[inst.fn] !== undefined) intrinsics.set(inst.fn, inst.sig);
      }
    }
    const image = new Uint8Array(this.end - DATA_BASE);
    for (const { at, bytes } of this.data) image.set(bytes, at - DATA_BASE);
    const { globals } = this;
    return {
      functions,
      indexOf,
      assumed: this.assumed,
      intrinsics,
      globals,
      image,
      dataEnd: this.end,
      sites: this.sites,
      lines: Array.from({ length: this.lineCount }, (_, n) => ({ file: "test.c", line: n + 1 })),
      address(symbol) {
        const slot = indexOf.get(symbol) ?? assumedAt.get(symbol);
        const low = slot === undefined ? (globals.find((global) => global.symbol === symbol)?.addr ?? 0) : TEXT_BASE + TEXT_STRIDE * slot;
        return (BigInt(TAG_LINEAR) << 32n) | BigInt(low);
      },
      hash: "test",
    };
  }
}

export const ret = (v?: Expr): Term => (v === undefined ? { k: "ret" } : { k: "ret", v });
export const jump = (to: number): Term => ({ k: "jump", to });
export const branch = (c: Expr, then: number, otherwise: number): Term => ({ k: "if", c, then, else: otherwise });
export const NEVER = i64(-1n);
