// Machine: one program, its compiled module and one run at a time. API:
//   compileProgram(program, { preemptible, trace?, debug? }) -> CompiledProgram   (once per program; cached by the caller)
//   runMachine(compiled, options) -> RunOutcome                           (a whole run on a fresh machine)
//   new Machine(compiled, options); step() until false; outcome(); snapshot() / restore(s) between steps;
//   start(options) begins a new run on the same memory and module, without compiling anything again.

import { fingerprint } from "../base/index.js";
import {
  ACCESS_PENDING,
  ACCESS_PLAIN,
  CALLS_BASE,
  CALLS_SIZE,
  CELL_NCPUS,
  emitModule,
  type EmitOptions,
  type EmittedProgram,
  FIRST_LINE,
  type HookName,
  SAVES_BASE,
  SIG_BASE,
  STACK_SIZE,
  STACKS_BASE,
} from "../c/emit/index.js";
import { CONTROL_BASE, CONTROL_SIZE, DATA_BASE, type Program, SHADOW_BASE, TAG_LINEAR, TEXT_BASE, TEXT_STRIDE } from "../c/ir/index.js";
import { Core, type RunOptions, RunOver, type StopPlace, ThreadEnd } from "./core.js";
import { Dmesg } from "./dmesg.js";
import { Faults } from "./faults.js";
import { intrinsicImports } from "./intrinsics.js";
import { giveBack } from "./memory.js";
import { MemoryHash } from "./memory-hash.js";
import { outcomeOf, type RunOutcome } from "./outcome.js";
import { Scheduler } from "./scheduler.js";
import { type Offers, offersOf, threadById } from "./threads.js";
import { POISON, poison, unpoison } from "./shadow.js";
import { clearMemory, restoreSnapshot, type Snapshot, takeSnapshot } from "./snapshot.js";
import type { Frame } from "./record.js";
import { stateKey } from "./state-key.js";
import { freshState, type RunState } from "./state.js";
import { Trace } from "./trace.js";

/** Loop iterations between two looks at limits and cancellation. */
const FUEL = 1 << 18;

/** Functions that may turn out to be invalid in one program before the engine gives up. */
const MAX_REPLACED = 50;

export interface CompiledProgram {
  readonly program: Program;
  readonly emitted: EmittedProgram;
  readonly module: WebAssembly.Module;
  /** Of the module's bytes, which are not kept. */
  readonly hash: number;
}

/**
 * A function that the engine lowered wrongly is invalid WebAssembly; it becomes one that can't be judged when it is
 * reached, so that our fault in one function does not cost the others.
 */
export function compileProgram(program: Program, options: Omit<EmitOptions, "replaced" | "alone">): CompiledProgram {
  const replaced = new Map<number, string>();
  const alone = new Set<number>();
  for (;;) {
    const { bytes, ...emitted } = emitModule(program, { ...options, replaced, alone });
    try {
      return { program, emitted, module: new WebAssembly.Module(bytes), hash: fingerprint(bytes) };
    } catch (error) {
      if (!(error instanceof WebAssembly.CompileError)) throw error;
      // The engines that have a name for it say "Compiling function #n failed" with n counted from the first import.
      const body = Number(/function #(\d+)/.exec(error.message)?.[1] ?? -1) - emitted.firstFunction;
      const index = emitted.functionOf[body] ?? -1;
      if (index < 0 || replaced.has(index) || replaced.size >= MAX_REPLACED) throw error;
      // The fault may be that of a callee in it.
      if (alone.has(index)) replaced.set(index, error.message);
      else alone.add(index);
    }
  }
}

/** The lower 53 bits of a number in halves. */
function wide(low: number, high: number): number {
  return (high & 0x1fffff) * 0x100000000 + (low >>> 0);
}

/** One whole run. */
export function runMachine(compiled: CompiledProgram, options: RunOptions): RunOutcome {
  const machine = new Machine(compiled, options);
  while (machine.step());
  return machine.outcome();
}

/** Globals are accessible, the first bytes behind each are not (the linker leaves 8 bytes free there). */
function poisonBetweenGlobals(memory: Uint8Array, program: Program): void {
  unpoison(memory, DATA_BASE, program.dataEnd - DATA_BASE);
  // The per-CPU section is copied as a whole, with what lies between its variables.
  const perCpu = [program.address("__per_cpu_start"), program.address("__per_cpu_end")].map((address) => Number(address & 0xffffffffn));
  for (const { addr, size } of program.globals) {
    if (addr >= (perCpu[0] ?? 0) && addr < (perCpu[1] ?? 0)) continue;
    const end = addr + size;
    if ((end & 7) !== 0) unpoison(memory, end & ~7, end & 7);
    else poison(memory, end, 8, POISON.globalRedzone);
  }
}

export class Machine {
  private readonly core: Core;
  private readonly scheduler: Scheduler;
  private readonly trace: Trace;
  private readonly dmesg: Dmesg;
  private readonly faults: Faults;
  /** Real time at which this run began; not part of a snapshot, since it decides only when to give up. */
  private began = Date.now();
  /** Shadow of the globals, the same at the start of each run. */
  private readonly globalShadow: Uint8Array;

  constructor(compiled: CompiledProgram, options: RunOptions) {
    const { program, emitted, module } = compiled;
    this.core = new Core(program, emitted, options);
    this.trace = new Trace(this.core);
    this.dmesg = new Dmesg(this.core, this.trace);
    this.faults = new Faults(this.core, this.trace, this.dmesg);
    this.scheduler = new Scheduler(this.core, this.trace);
    this.scheduler.onLockup = (thread, ns) => {
      this.faults.lockup(thread.id, this.core.callSitesOf(thread.id, thread.csp), ns);
    };
    const { core, scheduler, trace, dmesg, faults } = this;
    const instance = new WebAssembly.Instance(module, {
      env: { memory: core.memory },
      hook: this.hooks(),
      tcs: intrinsicImports({ core, scheduler, trace, dmesg, faults }),
    });
    core.attach(instance.exports);
    const table = instance.exports["table"];
    if (table instanceof WebAssembly.Table) scheduler.attach(table);
    new Uint8Array(core.memory.buffer, SIG_BASE, emitted.signatures.byteLength).set(new Uint8Array(emitted.signatures.buffer));
    poisonBetweenGlobals(core.bytes, program);
    this.globalShadow = core.bytes.slice(SHADOW_BASE + (DATA_BASE >>> 3), SHADOW_BASE + ((program.dataEnd + 7) >>> 3));
    this.start(options);
  }

  /** Gives the memory back for other machines; this one must not be used any more. */
  release(): void {
    const { core } = this;
    clearMemory(core);
    const { bytes, state } = core;
    bytes.fill(0, CONTROL_BASE, CONTROL_BASE + CONTROL_SIZE);
    bytes.fill(0, SIG_BASE, SIG_BASE + core.emitted.signatures.byteLength);
    bytes.fill(0, CALLS_BASE, CALLS_BASE + (state.threads.list.length + 1) * CALLS_SIZE);
    giveBack(core.memory);
  }

  /** Begins a new run from nothing. */
  start(options: RunOptions): void {
    const { core, scheduler } = this;
    const { program } = core;
    clearMemory(core);
    core.options = options;
    this.began = Date.now();
    core.state = freshState(options.cpus, (program.dataEnd + 63) & ~63);
    core.bytes.set(program.image, DATA_BASE);
    core.bytes.set(this.globalShadow, SHADOW_BASE + (DATA_BASE >>> 3));
    unpoison(core.bytes, STACKS_BASE, STACK_SIZE);
    core.view.setInt32(CELL_NCPUS, options.cpus, true);
    const { globals } = core;
    globals.state.value = 0;
    globals.ops.value = 0;
    globals.spent.value = 0n;
    globals.base.value = 0n;
    globals.fuel.value = FUEL;
    this.guarded(() => {
      scheduler.useStacks(0, STACKS_BASE + STACK_SIZE, SAVES_BASE);
      if (options.boot !== undefined) scheduler.callC(options.boot, []);
      scheduler.fold();
      const main = program.indexOf.get(options.main);
      if (main === undefined) {
        core.state.end = { k: "cannot", message: `there is no function ${options.main}`, file: "", line: 0, function: options.main };
        return;
      }
      scheduler.create("init", (BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE + TEXT_STRIDE * main), 0n, 0, false);
    });
  }

  /** Runs one slice: picks a thread and runs it until it blocks, yields, is preempted or ends. False when the run is over. */
  step(): boolean {
    const { core, scheduler } = this;
    if (core.state.end !== undefined) return false;
    return this.guarded(() => {
      const { slice } = core.state;
      const thread = slice === undefined ? scheduler.next() : threadById(core.state.threads, slice.thread);
      if (thread === undefined) {
        this.quiescent();
        return;
      }
      if (slice === undefined) {
        this.checkLimits();
        scheduler.dispatch(thread);
      } else scheduler.proceed(thread, slice);
      if (thread.state === "done") poison(core.bytes, STACKS_BASE + thread.id * STACK_SIZE, STACK_SIZE, POISON.stackEnded);
    });
  }

  /**
   * Debug build. The begin of each slice and ticks beyond number `pause` ask `watch` whether to stop; `step` then returns
   * in the middle of the slice, and the next one goes on from there. Stopping changes nothing that the run does.
   */
  watch(pause: number, watch: ((at: StopPlace) => boolean) | undefined): void {
    this.core.watch = watch;
    this.scheduler.pause = pause;
  }

  /** Memory, threads and records, to be read between steps. */
  get inside(): Core {
    return this.core;
  }

  /** Findings so far, the decisions that deviate from the default, and whether the run is over and how. */
  get progress(): Pick<RunState, "findings" | "deviations" | "end" | "threads" | "clock"> {
    return this.core.state;
  }

  /** The threads that could execute the next operation, as the scheduler would offer them now. */
  offers(): Offers {
    return offersOf(this.core.state.threads, this.core.now(), this.core.options.stall ?? 0);
  }

  /** Virtual ns since boot. */
  now(): number {
    return this.core.now();
  }

  /** Where the running thread is, about to do what stands at `site`, as a reader of the tree would say it. During a step only. */
  where(site: number): Frame | undefined {
    return this.core.treeFrame([site, ...this.core.callSites()]);
  }

  /** Calls of the running thread, innermost first. During a step only. */
  stack(): readonly Frame[] {
    return this.core.frames(this.core.callSites());
  }

  /** The place in the source of an access. */
  frame(site: number): Frame {
    return this.core.frame(site);
  }

  /** Between steps only. Restore it in this machine only. `old` is one that will not be restored any more. */
  snapshot(old?: Snapshot): Snapshot {
    return takeSnapshot(this.core, old);
  }

  restore(snapshot: Snapshot): void {
    restoreSnapshot(this.core, snapshot);
  }

  /** What this state is told by, between steps; `more`: what else decides what comes next, of the source of decisions. */
  stateKey(more: readonly number[]): string {
    this.hash ??= new MemoryHash(this.core.memory);
    return stateKey(this.core, this.hash, more);
  }
  private hash: MemoryHash | undefined;

  outcome(): RunOutcome {
    return { ...outcomeOf(this.core), lost: this.faults.lost() };
  }

  // ---- the end of things ----------------------------------------------------------------------------------------------

  /** Runs C code; an exception ends the thread or the run. True if the run goes on. */
  private guarded(run: () => void): boolean {
    const { core, scheduler } = this;
    try {
      run();
    } catch (error) {
      core.state.slice = undefined;
      // What was left without returning stays poisoned on the thread's own stack, which is never used again.
      unpoison(core.bytes, STACKS_BASE, STACK_SIZE);
      if (error instanceof ThreadEnd) this.threadDied();
      else if (!(error instanceof RunOver)) this.trapped(error);
    }
    core.globals.state.value = 0;
    scheduler.fold();
    return core.state.end === undefined;
  }

  /** An oops or BUG: the thread is gone, its locks and disabled interrupts stay as they are. */
  private threadDied(): void {
    const { core, scheduler, dmesg, trace } = this;
    const thread = core.current();
    core.globals.state.value = 0;
    const irqs = scheduler.callC("tcs_irqs_disabled", []);
    dmesg.exited(irqs !== undefined && Number(irqs) !== 0);
    core.state.oopses++;
    if (thread === undefined) {
      core.state.end = { k: "panic", message: "The kernel died before its first thread ran." };
      return;
    }
    trace.died(thread.id, thread.name);
    thread.csp = core.globals.csp.value;
    scheduler.end(thread, "dead");
  }

  /** Compiled code did what WebAssembly forbids and no check foresaw: the run can't be judged. */
  private trapped(error: unknown): void {
    const { core } = this;
    const isTrap = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
    if (!isTrap) throw error;
    const frame = core.frame(core.callSites()[0] ?? -1);
    const message = error instanceof RangeError ? "call nesting is too deep" : `the compiled code trapped: ${error.message}`;
    core.state.end = { k: "cannot", message, file: frame.file, line: frame.line, function: frame.function };
  }

  /** Nothing can ever run again. */
  private quiescent(): void {
    const { core, faults, scheduler } = this;
    for (const thread of core.state.threads.list) {
      if (thread.state !== "blocked") continue;
      const sites = core.callSitesOf(thread.id, thread.csp);
      // A daemon may sleep for ever in its own loop, but not in what a worker of ours does for the tree.
      const works = core.program.functions[thread.slot]?.origin === "provided" && core.treeSite(sites) >= 0;
      if (thread.daemon && !works) continue;
      if (thread.deadline === Infinity) faults.hang(thread.id, sites, thread.spin);
      else if (!thread.daemon) faults.polls(thread.id, sites, core.options.limits.virtualTime);
    }
    if (core.state.oopses === 0) {
      core.state.threads.current = 0;
      scheduler.callC("tcs_end", []);
    }
    core.state.end = { k: "finished" };
  }

  private cannot(message: string, site: number): never {
    const { core } = this;
    const frame = core.frame(site >= 0 ? site : (core.callSites()[0] ?? -1));
    core.state.end = { k: "cannot", message, file: frame.file, line: frame.line, function: frame.function };
    throw new RunOver(message);
  }

  private checkLimits(): void {
    const { core } = this;
    const { options, state } = core;
    const steps = state.refuels * FUEL + state.ops + core.globals.ops.value;
    if (steps > options.limits.steps) this.cannot(`not finished after ${String(options.limits.steps)} steps`, -1);
    if (state.slices % 64 !== 0 && core.globals.fuel.value >= 0) return;
    if (options.cancelled?.() === true) {
      state.end = { k: "cancelled" };
      throw new RunOver("cancelled");
    }
    if (Date.now() - this.began > options.limits.realMs) this.cannot(`not finished after ${String(options.limits.realMs)} ms`, -1);
    options.onProgress?.(core.now());
  }

  // ---- hooks ------------------------------------------------------------------------------------------------------------

  private hooks(): Readonly<Record<HookName, (...args: never) => void>> {
    const { core, scheduler, faults, trace } = this;
    const { program, emitted } = core;
    return {
      fault: (address: bigint, size: number, kind: number, lines: number, site: number) => {
        const pending = Math.floor(kind / ACCESS_PENDING);
        core.globals.ops.value += pending;
        try {
          faults.access(address, size >>> 0, kind % ACCESS_PENDING, site);
        } catch (error) {
          core.countLines(Math.floor(lines / FIRST_LINE), lines % FIRST_LINE);
          throw error;
        }
        core.globals.ops.value -= pending;
      },
      cannot: (site: number, why: number) => this.cannot(emitted.whys[why] ?? "this code cannot be run", site),
      assumed: (index: number) => {
        if (!core.state.assumed.includes(index)) core.state.assumed.push(index);
      },
      fuel: () => {
        core.state.refuels++;
        this.checkLimits();
        core.globals.fuel.value = FUEL;
        scheduler.tell();
      },
      preempt: () => scheduler.preempt(),
      divzero: (fn: number, cov: number) => {
        const ir = program.functions[fn];
        const place = program.lines[cov];
        faults.divideByZero({ function: ir?.name ?? "?", file: place?.file ?? ir?.file ?? "?", line: place?.line ?? ir?.line ?? 0 });
      },
      badcall: (address: bigint, site: number) => {
        const rest = BigInt.asUintN(64, address) - ((BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE));
        const slot = Number(rest / BigInt(TEXT_STRIDE));
        const isFunction = rest >= 0n && rest % BigInt(TEXT_STRIDE) === 0n && slot < emitted.signatures.length;
        const assumed = slot - program.functions.length;
        if (isFunction && assumed >= 0) {
          if (!core.state.assumed.includes(assumed)) core.state.assumed.push(assumed);
          return;
        }
        faults.badCall(address, site, isFunction);
      },
      overflow: (fn: number) => {
        const ir = program.functions[fn];
        core.state.end = { k: "cannot", message: "the stack is full", file: ir?.file ?? "", line: ir?.line ?? 0, function: ir?.name ?? "" };
        throw new RunOver("stack overflow");
      },
      spent: () => {
        // Only jiffies depend on it, and between slices the time is told exactly.
        scheduler.tell();
      },
      visible: (address: bigint, size: number, kind: number, site: number) => {
        core.options.onVisible?.({
          thread: core.state.threads.current,
          address: BigInt.asUintN(64, address),
          size,
          kind: kind & ~ACCESS_PLAIN,
          plain: (kind & ACCESS_PLAIN) !== 0,
          site,
          at: core.state.ops + core.globals.ops.value,
        });
      },
      event: (kind: number, t: number, a: number, aHigh: number, b: number, bHigh: number, c: number, cHigh: number, d: number, dHigh: number, rc: number) =>
        trace.event(kind, t, wide(a, aHigh), wide(b, bHigh), wide(c, cHigh), wide(d, dHigh), b, bHigh, rc),
      unreachable: (site: number) => this.cannot("the run reached code that the compiler treats as unreachable", site),
    };
  }
}
