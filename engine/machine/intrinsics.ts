// The host side of engine/kernel/tcs.h: the machine's services for compiled C. Arguments and results are converted by the
// signature that the C code declared. Intrinsics that only read a cell are inline in the emitted code.

import { kernelName, type Signature, TEXT_BASE, TEXT_STRIDE } from "../c/ir/index.js";
import { type Core, RunOver } from "./core.js";
import { DecisionKind } from "./decisions.js";
import type { Dmesg } from "./dmesg.js";
import type { Faults } from "./faults.js";
import { allocate, objectAt } from "./heap.js";
import { unreachable } from "./leaks.js";
import type { Scheduler } from "./scheduler.js";
import { hashNumber } from "./state.js";
import type { Trace } from "./trace.js";

type Value = number | bigint;
type Implementation = (args: readonly Value[]) => Value;

/** A C address or size as an unsigned number; linear memory needs its lower 32 bits only. */
function offset(value: Value | undefined): number {
  return typeof value === "bigint" ? Number(BigInt.asUintN(32, value)) : (value ?? 0) >>> 0;
}
function signed(value: Value | undefined): number {
  return typeof value === "bigint" ? Number(BigInt.asIntN(64, value)) : (value ?? 0) | 0;
}
function wide(value: Value | undefined): bigint {
  return typeof value === "bigint" ? value : BigInt(value ?? 0);
}
/** A time in ns; all ones means never. */
function time(value: Value | undefined): number {
  const ns = BigInt.asUintN(64, wide(value));
  return ns === 0xffffffffffffffffn ? Infinity : Number(ns);
}

export interface IntrinsicParts {
  readonly core: Core;
  readonly scheduler: Scheduler;
  readonly trace: Trace;
  readonly dmesg: Dmesg;
  readonly faults: Faults;
}

function implementations(parts: IntrinsicParts): ReadonlyMap<string, Implementation> {
  const { core, scheduler, trace, dmesg, faults } = parts;
  /** Cache of read-only texts: a parameter's name is a string literal. */
  const literals = new Map<number, string>();
  const literal = (at: number): string => {
    const known = literals.get(at);
    if (known !== undefined) return known;
    const text = core.text(at);
    if (core.program.globals.some((g) => g.readonly && at >= g.addr && at < g.addr + g.size)) literals.set(at, text);
    return text;
  };
  return new Map<string, Implementation>([
    ["__tcs_thread", ([name, fn, arg, cpu, daemon]) => scheduler.create(core.text(offset(name)), wide(fn), wide(arg), signed(cpu), signed(daemon) !== 0)],
    [
      "__tcs_wait",
      ([key, deadline, spin]) => {
        scheduler.wait(offset(key), time(deadline), signed(spin) !== 0);
        return 0;
      },
    ],
    [
      "__tcs_wake",
      ([key, count]) => {
        scheduler.wake(offset(key), signed(count));
        return 0;
      },
    ],
    [
      "__tcs_yield",
      () => {
        scheduler.yield();
        return 0;
      },
    ],
    [
      "__tcs_alloc",
      ([size, align, kind]) => {
        const { state } = core;
        const bytes = Number(BigInt.asUintN(64, wide(size)));
        const base = allocate(state.heap, core.bytes, bytes, Number(wide(align)), signed(kind), core.here());
        hashNumber(state.trace, base);
        return base === 0 ? 0n : core.address(base, signed(kind));
      },
    ],
    [
      "__tcs_free",
      ([p, kind]) => {
        hashNumber(core.state.trace, offset(p));
        faults.free(offset(p), signed(kind));
        return 0;
      },
    ],
    [
      "__tcs_size",
      ([p]) => {
        const object = core.state.heap.objects[objectAt(core.state.heap, offset(p))];
        return object?.base === offset(p) && object.freed === undefined ? BigInt(object.size) : 0n;
      },
    ],
    [
      "__tcs_log",
      ([level, text, length]) => {
        trace.log(signed(level), core.textOf(offset(text), offset(length)));
        return 0;
      },
    ],
    [
      "__tcs_dump_stack",
      () => {
        dmesg.dumpStack();
        return 0;
      },
    ],
    [
      "__tcs_symbol",
      ([address, buffer, size, whole]) => {
        const index = (offset(address) - TEXT_BASE) / TEXT_STRIDE;
        const fn = core.program.functions[index];
        const place = fn === undefined || signed(whole) === 0 ? "" : `+0x0/0x${(core.emitted.codeSize[index] ?? 0).toString(16)}`;
        const name = `${kernelName(fn?.name ?? "")}${place}`.slice(0, Math.max(0, offset(size) - 1));
        if (offset(size) > 0) for (let i = 0; i <= name.length; i++) core.bytes[offset(buffer) + i] = i < name.length ? name.charCodeAt(i) : 0;
        return BigInt(name.length);
      },
    ],
    [
      "__tcs_finding",
      ([kind, text]) => {
        faults.report(signed(kind), core.text(offset(text)));
        return 0;
      },
    ],
    [
      "__tcs_leaks",
      ([skip, size, before]) => {
        const objects = unreachable(core, offset(skip), offset(size));
        const { lost } = core.state;
        if (signed(before) !== 0) core.state.lost = [...new Set([...lost, ...objects.map((o) => o.base)])];
        else for (const object of objects) if (!lost.includes(object.base)) faults.leak(object);
        return 0;
      },
    ],
    [
      "__tcs_phase",
      ([name, begin]) => {
        trace.phase(core.text(offset(name)), signed(begin) !== 0);
        return 0;
      },
    ],
    ["__tcs_param", ([name, otherwise]) => core.options.params[literal(offset(name))] ?? wide(otherwise)],
    [
      "__tcs_choose",
      ([what, n]) => {
        const count = Number(wide(n));
        if (count <= 1) return 0n;
        const text = core.text(offset(what));
        return BigInt(scheduler.decide(DecisionKind.Choose, count, (source) => source.choose(text, count)));
      },
    ],
  ]);
}

/** Imports of module "tcs", for the intrinsics that a program uses. */
export function intrinsicImports(parts: IntrinsicParts): WebAssembly.Exports {
  const known = implementations(parts);
  const imports: Record<string, (...args: readonly Value[]) => Value | undefined> = {};
  for (const [name, sig] of parts.core.program.intrinsics) imports[name] = adapt(name, sig, known.get(name), parts.core);
  return imports;
}

function adapt(name: string, sig: Signature, implementation: Implementation | undefined, core: Core): (...args: readonly Value[]) => Value | undefined {
  const host = core.options.host?.get(name);
  const run: Implementation =
    implementation ??
    (host === undefined ? undefined : (args): Value => host(args, core)) ??
    ((): Value => {
      core.state.end = { k: "cannot", message: `the machine has no ${name}`, file: "", line: 0, function: name };
      throw new RunOver(name);
    });
  switch (sig.result) {
    case undefined:
      return (...args) => {
        run(args);
        return undefined;
      };
    case "i64":
      return (...args) => wide(run(args));
    case "i32":
    case "f32":
    case "f64":
      return (...args) => Number(run(args));
  }
}
