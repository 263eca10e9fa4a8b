// Converts a linked program to a single C file for the host's compiler, with which the benchmark "run" compares the engine:
// the same functions, services and world on the same memory image, with stubs of the intrinsics for one thread. Addresses are
// truncated to 32 bits at each access, so memory is mapped below 4 GiB.

import { CONVERT, loadOp, storeOp, typeOf } from "../../engine/c/emit/expression.js";
import { STACK_SIZE, STACKS_BASE } from "../../engine/c/emit/layout.js";
import type { Expr, Inst, IrFunction, Program, Signature, ValType } from "../../engine/c/ir/ir.js";
import { DATA_BASE, MEMORY_SIZE, TAG_LINEAR, TAG_VMALLOC, TEXT_BASE } from "../../engine/c/ir/target.js";
import { HEAP_PAGES, HEAP_VMALLOC } from "../../engine/machine/heap.js";

const C_TYPE: Readonly<Record<ValType, string>> = { i32: "u32", i64: "u64", f32: "float", f64: "double" };
const resultType = (sig: Signature): string => (sig.result === undefined ? "void" : C_TYPE[sig.result]);
const hex = (value: bigint): string => `0x${BigInt.asUintN(64, value).toString(16)}ULL`;

class FunctionText {
  readonly lines: string[] = [];
  private readonly vaBytes: number;
  private readonly frame: number;

  constructor(
    private readonly program: Program,
    private readonly fn: IrFunction,
  ) {
    const slots = Math.max(0, ...fn.blocks.flatMap((b) => b.code.map((i) => (i.k === "call" ? (i.va?.length ?? 0) : 0))));
    this.vaBytes = (slots * 8 + 15) & ~15;
    this.frame = (fn.frameSize + this.vaBytes + 15) & ~15;
  }

  private expr(e: Expr): string {
    switch (e.k) {
      case "i32":
        return `${String(e.v >>> 0)}u`;
      case "i64":
        return hex(e.v);
      case "f32":
      case "f64":
        return String(e.v);
      case "local":
        return `l${String(e.i)}`;
      case "un":
        return `${e.op.replace(".", "_")}(${this.expr(e.a)})`;
      case "bin":
        return `${e.op.replace(".", "_")}(${this.expr(e.a)}, ${this.expr(e.b)})`;
      case "select":
        return `(${this.expr(e.c)} ? ${this.expr(e.a)} : ${this.expr(e.b)})`;
      case "sym":
        return hex(this.program.address(e.sym) + BigInt(e.off));
      case "frame":
        return `(TAG | (fp + ${String(this.vaBytes + e.off)}u))`;
      case "vaarea":
        return "(TAG | va)";
    }
  }
  private as(e: Expr, type: ValType): string {
    const from = typeOf(e);
    if (from === type) return this.expr(e);
    const op = CONVERT[`${from}>${type}`];
    return op === undefined ? this.expr(e) : `${op.replace(".", "_")}(${this.expr(e)})`;
  }
  private args(call: Inst & { readonly k: "call" }, sig: Signature): string {
    const args = sig.params.map((type, i) => {
      const arg = call.args[i];
      return arg === undefined ? "0" : this.as(arg, type);
    });
    if (sig.variadic) args.push(this.frame > 0 ? "fp" : "sp");
    return args.join(", ");
  }

  private call(call: Inst & { readonly k: "call" }): string {
    const set = (sig: Signature, text: string): string => {
      if (call.i < 0 || sig.result === undefined) return `${text};${call.i < 0 ? "" : ` l${String(call.i)} = 0;`}`;
      const to = this.fn.locals[call.i] ?? "i32";
      const op = CONVERT[`${sig.result}>${to}`];
      return `l${String(call.i)} = ${op === undefined ? text : `${op.replace(".", "_")}(${text})`};`;
    };
    const va = (call.va ?? []).map((arg, slot) => {
      const value = typeOf(arg) === "i32" ? `i64_extend_i32_s(${this.expr(arg)})` : this.expr(arg);
      return `${typeOf(arg) === "f64" ? "f64" : "i64"}_store(fp + ${String(slot * 8)}u, ${value});`;
    });
    const { program } = this;
    const index = call.fn === undefined ? undefined : program.indexOf.get(call.fn);
    const callee = index === undefined ? undefined : program.functions[index];
    if (callee !== undefined) va.push(set(callee.sig, `f${String(index)}(${this.args(call, callee.sig)})`));
    else if (call.fn === undefined) {
      const types = [...call.sig.params.map((type) => C_TYPE[type]), ...(call.sig.variadic ? ["u32"] : [])];
      const pointer = `((${resultType(call.sig)} (*)(${types.join(", ") || "void"}))table[(u32)(${this.as(call.ptr ?? { k: "i64", v: 0n }, "i64")} - ${String(TEXT_BASE)}u) >> 4])`;
      va.push(set(call.sig, `${pointer}(${this.args(call, call.sig)})`));
    } else {
      const sig = program.intrinsics.get(call.fn);
      if (sig === undefined) va.push(call.i < 0 ? "" : `l${String(call.i)} = 0;`);
      else va.push(set(sig, `${call.fn}(${this.args(call, sig)})`));
    }
    return va.join(" ");
  }

  private inst(inst: Inst): string {
    switch (inst.k) {
      case "set":
        return `l${String(inst.i)} = ${this.as(inst.v, this.fn.locals[inst.i] ?? "i32")};`;
      case "load":
        return `l${String(inst.i)} = ${loadOp(inst.m, inst.t).replace(".", "_")}(${this.expr(inst.addr)} + ${String(inst.off)});`;
      case "store":
        return `${storeOp(inst.m, typeOf(inst.v)).replace(".", "_")}(${this.expr(inst.addr)} + ${String(inst.off)}, ${this.expr(inst.v)});`;
      case "copy":
        return `__builtin_memmove(AT(${this.expr(inst.dst)}), AT(${this.expr(inst.src)}), ${String(inst.size)});`;
      case "zero":
        return `__builtin_memset(AT(${this.expr(inst.dst)}), 0, ${String(inst.size)});`;
      case "call":
        return inst.fn === "__tcs_visible" ? "" : this.call(inst);
      case "alloca":
        return `sp = (sp - (u32)${this.expr(inst.size)}) & -${String(Math.max(16, inst.align))}; l${String(inst.i)} = TAG | sp;`;
      case "sp":
        return inst.set ? `sp = l${String(inst.i)};` : `l${String(inst.i)} = sp;`;
      case "line":
        return "";
      case "cannot":
        return "abort();";
    }
  }

  text(index: number): string {
    const { fn, lines } = this;
    lines.push(`${headOf(fn, index)} {`);
    fn.locals.forEach((type, i) => {
      if (i >= fn.sig.params.length) lines.push(`  ${C_TYPE[type]} l${String(i)} = 0;`);
    });
    if (this.frame > 0) lines.push(`  u32 fp = sp -= ${String(this.frame)};`);
    const leave = this.frame > 0 ? `sp = fp + ${String(this.frame)}; ` : "";
    fn.blocks.forEach((block, b) => {
      lines.push(` b${String(b)}:;`);
      for (const inst of block.code) lines.push(`  ${this.inst(inst)}`);
      const { term } = block;
      switch (term.k) {
        case "jump":
          lines.push(`  goto b${String(term.to)};`);
          break;
        case "if":
          lines.push(`  if (${this.expr(term.c)}) goto b${String(term.then)}; else goto b${String(term.else)};`);
          break;
        case "switch":
          lines.push(`  switch ((long long)${this.as(term.v, "i64")}) {`);
          term.to.forEach((to, i) => {
            lines.push(`  case (long long)${hex(term.lo[i] ?? 0n)} ... (long long)${hex(term.hi[i] ?? term.lo[i] ?? 0n)}: goto b${String(to)};`);
          });
          lines.push(`  default: goto b${String(term.otherwise)}; }`);
          break;
        case "goto":
          lines.push(`  switch (${this.expr(term.v)}) {`, ...term.to.map((to) => `  case ${String(to)}: goto b${String(to)};`), "  } abort();");
          break;
        case "ret": {
          const { result } = fn.sig;
          const value = result === undefined ? undefined : term.v === undefined ? "0" : this.as(term.v, result);
          lines.push(value === undefined ? `  ${leave}return;` : `  { ${resultType(fn.sig)} r = ${value}; ${leave}return r; }`);
          break;
        }
        case "unreachable":
          lines.push("  __builtin_unreachable();");
      }
    });
    lines.push("}");
    return lines.join("\n");
  }
}

function headOf(fn: IrFunction, index: number): string {
  const params = fn.sig.params.map((type, i) => `${C_TYPE[type]} l${String(i)}`);
  if (fn.sig.variadic) params.push("u32 va");
  return `static ${fn.inline ? "inline " : ""}${resultType(fn.sig)} f${String(index)}(${params.join(", ") || "void"})`;
}

const PRELUDE = `
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
typedef uint32_t u32; typedef uint64_t u64; typedef int32_t s32; typedef int64_t s64;
#define LOW 0x70000000UL
#define AT(a) ((void *)(LOW + (u32)(a)))
#define TAG (${String(TAG_LINEAR)}ULL << 32)
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)
#define ASAN_UNPOISON_MEMORY_REGION(p, n)
#endif
static u32 sp = ${String(STACKS_BASE + STACK_SIZE)}u;
#define MEM(name, T, R) typedef T __attribute__((may_alias, aligned(1))) m_##name; \\
  static inline __attribute__((always_inline)) R name(u64 a) { return (R)*(m_##name *)AT(a); }
#define PUT(name, T, V) typedef T __attribute__((may_alias, aligned(1))) m_##name; \\
  static inline __attribute__((always_inline)) void name(u64 a, V v) { *(m_##name *)AT(a) = (T)v; }
MEM(i32_load, u32, u32) MEM(i64_load, u64, u64) MEM(f32_load, float, float) MEM(f64_load, double, double)
MEM(i32_load8_s, signed char, s32) MEM(i32_load8_u, unsigned char, u32) MEM(i32_load16_s, short, s32) MEM(i32_load16_u, unsigned short, u32)
MEM(i64_load8_s, signed char, s64) MEM(i64_load8_u, unsigned char, u64) MEM(i64_load16_s, short, s64) MEM(i64_load16_u, unsigned short, u64)
MEM(i64_load32_s, s32, s64) MEM(i64_load32_u, u32, u64)
PUT(i32_store, u32, u32) PUT(i64_store, u64, u64) PUT(f32_store, float, float) PUT(f64_store, double, double)
PUT(i32_store8, unsigned char, u32) PUT(i32_store16, unsigned short, u32)
PUT(i64_store8, unsigned char, u64) PUT(i64_store16, unsigned short, u64) PUT(i64_store32, u32, u64)
#define INT(w, U, S) \\
  static inline u32 i##w##_eqz(U a) { return !a; } \\
  static inline u32 i##w##_eq(U a, U b) { return a == b; } static inline u32 i##w##_ne(U a, U b) { return a != b; } \\
  static inline u32 i##w##_lt_s(U a, U b) { return (S)a < (S)b; } static inline u32 i##w##_lt_u(U a, U b) { return a < b; } \\
  static inline u32 i##w##_gt_s(U a, U b) { return (S)a > (S)b; } static inline u32 i##w##_gt_u(U a, U b) { return a > b; } \\
  static inline u32 i##w##_le_s(U a, U b) { return (S)a <= (S)b; } static inline u32 i##w##_le_u(U a, U b) { return a <= b; } \\
  static inline u32 i##w##_ge_s(U a, U b) { return (S)a >= (S)b; } static inline u32 i##w##_ge_u(U a, U b) { return a >= b; } \\
  static inline U i##w##_add(U a, U b) { return a + b; } static inline U i##w##_sub(U a, U b) { return a - b; } \\
  static inline U i##w##_mul(U a, U b) { return a * b; } \\
  static inline U i##w##_div_s(U a, U b) { return (S)a / (S)b; } static inline U i##w##_div_u(U a, U b) { return a / b; } \\
  static inline U i##w##_rem_s(U a, U b) { return (S)a % (S)b; } static inline U i##w##_rem_u(U a, U b) { return a % b; } \\
  static inline U i##w##_and(U a, U b) { return a & b; } static inline U i##w##_or(U a, U b) { return a | b; } \\
  static inline U i##w##_xor(U a, U b) { return a ^ b; } static inline U i##w##_shl(U a, U b) { return a << (b & (w - 1)); } \\
  static inline U i##w##_shr_u(U a, U b) { return a >> (b & (w - 1)); } static inline U i##w##_shr_s(U a, U b) { return (S)a >> (b & (w - 1)); } \\
  static inline U i##w##_rotl(U a, U b) { return a << (b & (w - 1)) | a >> (-b & (w - 1)); } \\
  static inline U i##w##_rotr(U a, U b) { return a >> (b & (w - 1)) | a << (-b & (w - 1)); } \\
  static inline U i##w##_extend8_s(U a) { return (S)(signed char)a; } static inline U i##w##_extend16_s(U a) { return (S)(short)a; } \\
  static inline U i##w##_clz(U a) { return a ? (w == 64 ? __builtin_clzll(a) : __builtin_clz(a)) : w; } \\
  static inline U i##w##_ctz(U a) { return a ? (w == 64 ? __builtin_ctzll(a) : __builtin_ctz(a)) : w; } \\
  static inline U i##w##_popcnt(U a) { return __builtin_popcountll(a); }
INT(32, u32, s32) INT(64, u64, s64)
static inline u64 i64_extend32_s(u64 a) { return (s64)(s32)a; }
static inline u32 i32_wrap_i64(u64 a) { return a; }
static inline u64 i64_extend_i32_s(u32 a) { return (s64)(s32)a; }
static inline u64 i64_extend_i32_u(u32 a) { return a; }
static u64 now, pairs; static u32 top; static int threads = 1;
static u32 sizes[${String(MEMORY_SIZE)} / 16];
`;

/** Bodies of intrinsics by name, with parameters p0, p1, … Calling any other intrinsic aborts. */
const BODIES: Readonly<Record<string, string>> = {
  __tcs_alloc: `u32 vm = p2 == ${String(HEAP_VMALLOC)}, align = vm ? 4096 : p1 < 16 ? 16 : p1, base = (top + align - 1) & -align;
  ASAN_UNPOISON_MEMORY_REGION(AT(base), p0); sizes[base >> 4] = p0;
  top = base + ((p0 + 15) & ~15) + (vm ? 4096 : p2 == ${String(HEAP_PAGES)} ? 0 : 32);
  return (vm ? ${String(TAG_VMALLOC)}ULL << 32 : TAG) | base;`,
  __tcs_free: "ASAN_POISON_MEMORY_REGION(AT(p0), sizes[(u32)p0 >> 4]); sizes[(u32)p0 >> 4] = 0;",
  __tcs_size: "return (u32)p0 & 15 ? 0 : sizes[(u32)p0 >> 4];",
  __tcs_now: "return now;",
  __tcs_spend: "now += p0;",
  __tcs_self: "return 1;",
  __tcs_cpu: "return 0;",
  __tcs_ncpus: "return 2;",
  __tcs_thread: "return ++threads;",
  __tcs_param: 'return strcmp(AT(p0), "pairs") == 0 ? pairs : p1;',
  __tcs_copy: "memmove(AT(p0), AT(p1), p2);",
  __tcs_fill: "memset(AT(p0), p1, p2);",
  __tcs_wait: "if (p1 == -1ULL) abort(); now = p1 > now ? p1 : now; return 1;",
  __tcs_wake: "",
  __tcs_log: "",
  __tcs_phase: "",
  __tcs_event: "",
  __tcs_visible: "",
};

/** The C program takes the image file and the number of pairs as arguments and prints the seconds that `main` took. */
export function toC(program: Program): string {
  const intrinsics = [...program.intrinsics].map(([name, sig]) => {
    const params = sig.params.map((type, i) => `${C_TYPE[type]} p${String(i)}`);
    if (sig.variadic) params.push("u32 va");
    return `static ${resultType(sig)} ${name}(${params.join(", ") || "void"}) { ${BODIES[name] ?? `fprintf(stderr, "${name}\\n"); abort();`} }`;
  });
  const main = program.indexOf.get("tcs_main") ?? 0;
  const boot = program.indexOf.get("tcs_boot");
  return [
    PRELUDE,
    ...intrinsics,
    `static void *const table[];`,
    ...program.functions.map((fn, i) => `${headOf(fn, i)};`),
    ...program.functions.map((fn, i) => new FunctionText(program, fn).text(i)),
    `static void *const table[] = { ${program.functions.map((_, i) => `f${String(i)}`).join(", ")} };`,
    `int main(int argc, char **argv) {
  struct timespec a, b; FILE *f = fopen(argv[1], "rb");
  if (!f || mmap((void *)LOW, ${String(MEMORY_SIZE)}, 3, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED) return 1;
  if (fread(AT(${String(DATA_BASE)}), 1, ${String(program.image.length)}, f) != ${String(program.image.length)}) return 1;
  top = ${String((program.dataEnd + 63) & ~63)}u; pairs = strtoull(argv[2], 0, 0);
  ASAN_POISON_MEMORY_REGION(AT(top), ${String(STACKS_BASE)}u - top);`,
    boot === undefined ? "" : `  f${String(boot)}();`,
    `  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a); f${String(main)}(0); clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
  printf("%.9f\\n", b.tv_sec - a.tv_sec + (b.tv_nsec - a.tv_nsec) * 1e-9); return 0;
}`,
    "",
  ].join("\n");
}
