// The form between C and WebAssembly: functions of basic blocks over typed locals. Pure arithmetic is a tree; every effect
// (memory access, call) is an instruction in order, with its result in a local. Control flow is block terminators only.
// Must not depend on C types or on WebAssembly sections.

export type ValType = "i32" | "i64" | "f32" | "f64";

/** Names of WebAssembly instructions, for example "i32.add", "i64.extend_i32_s", "f64.lt". */
export type WasmOp = string;

export type Expr =
  | { readonly k: "i32"; readonly v: number } // constant, any 32-bit pattern as a signed number
  | { readonly k: "i64"; readonly v: bigint } // constant, signed
  | { readonly k: "f32" | "f64"; readonly v: number }
  | { readonly k: "local"; readonly i: number; readonly t: ValType }
  | { readonly k: "un"; readonly op: WasmOp; readonly t: ValType; readonly a: Expr } // t: type of the result
  | { readonly k: "bin"; readonly op: WasmOp; readonly t: ValType; readonly a: Expr; readonly b: Expr }
  | { readonly k: "select"; readonly t: ValType; readonly c: Expr; readonly a: Expr; readonly b: Expr } // c is i32; a if c != 0
  | { readonly k: "sym"; readonly sym: string; readonly off: number } // i64: 64-bit address of a global or function
  | { readonly k: "frame"; readonly off: number } // i64: 64-bit address in this call's stack frame
  | { readonly k: "vaarea" }; // i64: address of the caller-built area of variadic arguments (8-byte slots)

export type MemType = "i8s" | "i8u" | "i16s" | "i16u" | "i32s" | "i32u" | "i64" | "f32" | "f64";
/**
 * Properties of a load or store. `check`: shadow and bounds are checked (false for this frame's own scalars).
 * `visible`: other threads can reach the memory, so it is a visible operation, where preemption may happen.
 * `once`: marked by READ_ONCE/WRITE_ONCE/volatile. `site` indexes Program.sites.
 */
export interface Access {
  readonly check: boolean;
  readonly visible: boolean;
  readonly once: boolean;
  readonly site: number;
}

export type Inst =
  | { readonly k: "set"; readonly i: number; readonly v: Expr }
  /** Loads of i8..i32 result in an i32 unless `t` is i64 (then extended by the sign in `m`). */
  | { readonly k: "load"; readonly i: number; readonly t: ValType; readonly m: MemType; readonly addr: Expr; readonly off: number; readonly acc: Access }
  | { readonly k: "store"; readonly m: MemType; readonly addr: Expr; readonly off: number; readonly v: Expr; readonly acc: Access }
  /** Copies `size` bytes (struct assignment). Both ranges are checked if `acc.check`. */
  | { readonly k: "copy"; readonly dst: Expr; readonly src: Expr; readonly size: number; readonly acc: Access }
  | { readonly k: "zero"; readonly dst: Expr; readonly size: number; readonly acc: Access }
  /**
   * A call. `fn` a symbol, or `ptr` an i64 function pointer. `i`: local for the result, -1 for none.
   * `va`: arguments past the declared ones, already widened to i64/f64, put into 8-byte slots on the stack.
   * `sig` has the WebAssembly types: parameters, then one result or none. A variadic callee takes one hidden
   * last i32 parameter (offset of the va area), which the emitter adds to its signature.
   */
  | {
      readonly k: "call";
      readonly i: number;
      readonly fn?: string;
      readonly ptr?: Expr;
      readonly args: readonly Expr[];
      readonly va?: readonly Expr[];
      readonly sig: Signature;
      readonly site: number;
    }
  /** Allocates `size` bytes (an i64) on the stack, aligned; the i64 local receives their address. The frame is not empty. */
  | { readonly k: "alloca"; readonly i: number; readonly size: Expr; readonly align: number }
  /** Saves the stack pointer to an i32 local, or restores it. */
  | { readonly k: "sp"; readonly i: number; readonly set: boolean }
  /** Statement boundary: counts an execution of this line. `cov` indexes Program.lines. */
  | { readonly k: "line"; readonly cov: number }
  /** Code that cannot be run (inline assembly, C that did not compile): the run ends with "cannot judge". */
  | { readonly k: "cannot"; readonly why: string; readonly site: number };

export interface Signature {
  readonly params: readonly ValType[];
  readonly result: ValType | undefined;
  readonly variadic: boolean;
}

export type Term =
  | { readonly k: "jump"; readonly to: number }
  | { readonly k: "if"; readonly c: Expr; readonly then: number; readonly else: number } // c is i32
  /** Jumps to `to[j]` of the range `lo[j] <= v <= hi[j]` (signed compare on i64), else to `otherwise`. */
  | {
      readonly k: "switch";
      readonly v: Expr;
      readonly lo: readonly bigint[];
      readonly hi: readonly bigint[];
      readonly to: readonly number[];
      readonly otherwise: number;
    }
  /** Computed goto: `v` is i64, a block number (labels as values are plain block numbers). */
  | { readonly k: "goto"; readonly v: Expr; readonly to: readonly number[] }
  | { readonly k: "ret"; readonly v?: Expr }
  | { readonly k: "unreachable"; readonly site: number };

export interface Block {
  readonly code: Inst[];
  term: Term;
}

export type Origin = "tree" | "provided";

/** A variable in a stack frame; the name is empty if the C source has no such variable. */
export interface FrameVar {
  readonly name: string;
  readonly off: number;
  readonly size: number;
  /** Has room for redzones on both sides. */
  readonly guarded: boolean;
}

export interface IrFunction {
  /** Link name: the C name for external linkage, `name@file` for static functions. */
  readonly symbol: string;
  /** The C name. */
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly origin: Origin;
  /** `static inline` or always_inline: a real kernel's call trace has no frame for it. */
  readonly inline: boolean;
  readonly sig: Signature;
  /** Types of all locals; the first ones are the parameters (without the hidden va parameter). */
  readonly locals: readonly ValType[];
  /** Bytes of the frame in linear memory for variables that have an address; multiple of 16, may be 0. */
  readonly frameSize: number;
  readonly frameVars: readonly FrameVar[];
  readonly blocks: readonly Block[]; // entry is block 0
}

/** A position in the source that can fault or be on a call stack. */
export interface Site {
  readonly file: string;
  readonly line: number;
  /** C name and link name of the function that holds the site. */
  readonly fn: string;
  readonly symbol: string;
  /** Source text of the access or callee for messages, e.g. `tbl->it_map`; may be empty. */
  readonly text: string;
}

/** The lines of a statement; of a compound one, up to its body. */
export interface LineRef {
  readonly file: string;
  readonly line: number;
  /** Its last line, if that is another. */
  readonly end?: number;
}

/** The same line for both statements that begin there; the longer one decides where it ends. */
export function joinLines(a: LineRef, b: LineRef): LineRef {
  return (b.end ?? b.line) > (a.end ?? a.line) ? b : a;
}

export interface GlobalVar {
  readonly symbol: string;
  readonly name: string;
  readonly file: string;
  /** Offset in linear memory, size in bytes. */
  readonly addr: number;
  readonly size: number;
  readonly readonly: boolean;
}

/** A linked program: what the machine loads. Addresses are resolved through `address`. */
export interface Program {
  /** Reachable functions; index n has address TEXT_BASE + 16 * n and table slot n. */
  readonly functions: readonly IrFunction[];
  readonly indexOf: ReadonlyMap<string, number>;
  /** Functions called but not defined: link name and the signature at the first call. They return 0 and are reported as assumed. */
  readonly assumed: ReadonlyMap<string, Signature>;
  /** Names beginning with `__tcs_`: calls into the machine. */
  readonly intrinsics: ReadonlyMap<string, Signature>;
  readonly globals: readonly GlobalVar[];
  /** Initial bytes from DATA_BASE on (relocations applied), and the first free offset after globals and bss. */
  readonly image: Uint8Array;
  readonly dataEnd: number;
  readonly sites: readonly Site[];
  readonly lines: readonly LineRef[];
  /** 64-bit address of a symbol (function, global, or assumed function), plus offset. */
  address(symbol: string): bigint;
  /** Hash of everything that decides how the program runs. */
  readonly hash: string;
}

/** The prefix that `PROVIDE(name)` in the engine's own C adds to the name. */
export const PROVIDE = "__tcs_provide_";

/** The kernel's name of a function: a service replaces the kernel's function of the same name. */
export function kernelName(name: string): string {
  return name.startsWith(PROVIDE) ? name.slice(PROVIDE.length) : name;
}

/** The leaves of an expression: constants, locals, addresses. */
export function eachLeaf(e: Expr, see: (leaf: Expr) => void): void {
  switch (e.k) {
    case "un":
      eachLeaf(e.a, see);
      return;
    case "bin":
      eachLeaf(e.a, see);
      eachLeaf(e.b, see);
      return;
    case "select":
      eachLeaf(e.c, see);
      eachLeaf(e.a, see);
      eachLeaf(e.b, see);
      return;
    case "i32":
    case "i64":
    case "f32":
    case "f64":
    case "local":
    case "sym":
    case "frame":
    case "vaarea":
      see(e);
      return;
  }
}
