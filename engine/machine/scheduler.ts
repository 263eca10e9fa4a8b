// Which thread runs and until when: dispatching and suspending compiled code, waits and wakes, the virtual clock,
// and the questions put to the decision source. It knows nothing of faults or of what the threads do.

import {
  CALLS_BASE,
  CALLS_SIZE,
  CELL_CPU,
  CELL_PAUSE,
  CELL_RESULT,
  CELL_SELF,
  CELL_STOPPED,
  MAX_THREADS,
  NO_PAUSE,
  NORMAL,
  REWINDING,
  SAVE_SIZE,
  SAVES_BASE,
  STACK_SIZE,
  STACKS_BASE,
  UNWINDING,
  waiterHash,
  WAITERS_BASE,
  WAITERS_SIZE,
} from "../c/emit/index.js";
import { TAG_LINEAR, TEXT_BASE, TEXT_STRIDE } from "../c/ir/index.js";
import { type Core, RunOver } from "./core.js";
import { DecisionKind, type DecisionSource } from "./decisions.js";
import { unpoison } from "./shadow.js";
import type { OpenSlice } from "./state.js";
import { choiceOf, makeReady, nextDeadline, type Offers, offersOf, onGrid, runnable, type Thread, waitersOf } from "./threads.js";
import type { Trace } from "./trace.js";

/** Virtual time that may pass within a slice before the simulated kernel is told. */
const TELL_NS = 100_000;
const NO_LIMIT = 0x7fffffff;
/** kernel/watchdog.c: twice the threshold of 10 s. */
const SOFT_LOCKUP_NS = 20_000_000_000;
/** When all that could run has yielded, this much time passes (or less, to the next deadline). */
const YIELD_NS = 100_000;

export class Scheduler {
  private table: WebAssembly.Table | undefined;

  constructor(
    private readonly core: Core,
    private readonly trace: Trace,
  ) {}

  attach(table: WebAssembly.Table): void {
    this.table = table;
  }

  // ---- decisions ----------------------------------------------------------------------------------------------------

  /** Asks the source, keeps the answer in bounds and notes it if it is not the default. */
  decide(kind: DecisionKind, n: number, ask: (source: DecisionSource) => number): number {
    const { state, options } = this.core;
    const at = state.asked[kind] ?? 0;
    state.asked[kind] = at + 1;
    const answer = ask(options.decisions);
    const value = answer >= 0 && answer < n ? Math.floor(answer) : 0;
    if (value !== 0) state.deviations.push({ kind, at, value });
    return value;
  }

  // ---- services -------------------------------------------------------------------------------------------------------

  create(name: string, fn: bigint, arg: bigint, cpu: number, daemon: boolean): number {
    const { state, bytes } = this.core;
    const { threads } = state;
    const id = threads.list.length + 1;
    const slot = this.slotOf(fn) ?? this.cannot(`thread ${name} has no function to run`);
    if (id >= MAX_THREADS) this.cannot(`more than ${String(MAX_THREADS - 1)} threads`);
    const top = STACKS_BASE + (id + 1) * STACK_SIZE;
    unpoison(bytes, top - STACK_SIZE, STACK_SIZE);
    const thread: Thread = {
      id,
      name,
      cpu: cpu >= 0 && cpu < threads.owner.length ? cpu : 0,
      daemon,
      slot,
      arg,
      state: "ready",
      started: false,
      ready: 0,
      preempted: false,
      yielded: false,
      key: 0,
      deadline: Infinity,
      spin: false,
      since: this.core.now(),
      busy: this.core.now(),
      result: 0,
      sp: top,
      csp: CALLS_BASE + id * CALLS_SIZE,
      ss: SAVES_BASE + id * SAVE_SIZE,
    };
    threads.list.push(thread);
    makeReady(threads, thread, 0);
    this.core.options.onEffect?.({ k: "enable", thread: id });
    return id;
  }

  private slotOf(fn: bigint): number | undefined {
    const rest = BigInt.asUintN(64, fn - ((BigInt(TAG_LINEAR) << 32n) | BigInt(TEXT_BASE)));
    const { program } = this.core;
    const slot = Number(rest / BigInt(TEXT_STRIDE));
    return rest % BigInt(TEXT_STRIDE) === 0n && slot < program.functions.length ? slot : undefined;
  }

  wait(key: number, deadline: number, spin: boolean): void {
    const { core } = this;
    const thread = this.suspend();
    const now = core.now();
    thread.spin = spin;
    thread.since = now;
    core.options.onEffect?.({ k: "wait", key, deadline });
    if (deadline <= now) {
      // No time to wait: others may run, then it goes on.
      makeReady(core.state.threads, thread, 1);
      return;
    }
    thread.state = "blocked";
    thread.key = key;
    thread.deadline = deadline;
    thread.since = now;
    thread.ready = ++core.state.threads.sequence;
  }

  wake(key: number, count: number): void {
    const { threads } = this.core.state;
    this.core.options.onEffect?.({ k: "wake", key });
    const waiters = waitersOf(threads, key);
    for (const thread of count < 0 ? waiters : waiters.slice(0, count)) this.awake(thread, 0, this.core.now());
  }

  private awake(thread: Thread, result: number, t: number): void {
    this.trace.waited(thread, this.core.callSitesOf(thread.id, thread.csp), t);
    makeReady(this.core.state.threads, thread, result);
    thread.since = t;
    if (result === 0) this.core.options.onEffect?.({ k: "enable", thread: thread.id });
  }

  yield(): void {
    const thread = this.suspend();
    thread.since = this.core.now();
    thread.yielded = true;
    makeReady(this.core.state.threads, thread, 0);
  }

  /** Hook `preempt`: the budget is used up, or a tick asks whether to stop. */
  preempt(): void {
    const { core } = this;
    const { globals } = core;
    if (core.emitted.debug && globals.ops.value <= globals.limit.value) {
      if (this.nested > 0 || core.watch?.("tick") !== true) return;
      this.suspend();
      this.stopping = true;
      return;
    }
    const thread = this.suspend();
    thread.preempted = true;
    thread.since = this.core.now();
    this.core.state.preemptions++;
  }

  /** Starts unwinding the running thread. */
  private suspend(): Thread {
    const thread = this.core.current();
    if (thread === undefined || this.core.globals.state.value !== NORMAL || this.nested > 0) return this.cannot("code that must not sleep tried to sleep");
    thread.csp = this.core.globals.csp.value;
    thread.spin = false;
    this.core.globals.state.value = UNWINDING;
    return thread;
  }
  /** Depth of calls from the machine into C; they return before control does, so no snapshot sees it. */
  private nested = 0;
  /** The running thread is being stopped to be looked at. */
  private stopping = false;
  /** Ticks beyond this number ask whether to stop. */
  pause = NO_PAUSE;

  private cannot(message: string): never {
    const frame = this.core.frame(this.core.callSites()[0] ?? -1);
    this.core.state.end = { k: "cannot", message, file: frame.file, line: frame.line, function: frame.function };
    throw new RunOver(message);
  }

  // ---- the clock -------------------------------------------------------------------------------------------------------

  /** Moves what the slice counted into the state; globals begin at zero again. */
  fold(): void {
    const { core } = this;
    const { globals, state } = core;
    state.clock = core.now();
    state.ops += globals.ops.value;
    globals.ops.value = 0;
    globals.spent.value = 0n;
    globals.base.value = BigInt(state.clock);
  }

  /** Tells the simulated kernel the time, so that jiffies follow. Runs on the current stack, as an interrupt does. */
  tell(): void {
    const { core } = this;
    const now = core.now();
    if (now === core.state.told || this.nested > 0) return;
    core.state.told = now;
    core.globals.tell.value = BigInt(now + TELL_NS);
    if (core.program.indexOf.has("tcs_clock")) this.callC("tcs_clock", [BigInt(now)]);
  }

  /** Calls a C function that does not sleep; undefined if the program has none of that name. */
  callC(symbol: string, args: readonly bigint[]): number | bigint | undefined {
    const { core } = this;
    const slot = core.program.indexOf.get(symbol);
    const fn = slot === undefined ? undefined : core.program.functions[slot];
    if (slot === undefined || fn === undefined) return undefined;
    const { globals } = core;
    const limit = globals.limit.value;
    const csp = globals.csp.value;
    globals.limit.value = NO_LIMIT;
    this.nested++;
    try {
      return this.table?.get(slot)?.(csp, ...fn.sig.params.map((type, i) => (type === "i64" ? (args[i] ?? 0n) : Number(args[i] ?? 0n))));
    } finally {
      this.nested--;
      globals.limit.value = limit;
      globals.csp.value = csp;
    }
  }

  // ---- running -----------------------------------------------------------------------------------------------------------

  /** Stacks of the thread (0: of the machine itself) as the module's globals. */
  useStacks(id: number, sp: number, ss: number): void {
    const { globals, view } = this.core;
    const stack = STACKS_BASE + id * STACK_SIZE;
    const calls = CALLS_BASE + id * CALLS_SIZE;
    const saves = SAVES_BASE + id * SAVE_SIZE;
    globals.sp.value = sp;
    globals.splimit.value = stack;
    globals.csp.value = calls;
    globals.ss.value = ss;
    globals.ssbase.value = saves;
    globals.sslimit.value = saves + SAVE_SIZE;
    globals.tell.value = BigInt(this.core.state.told + TELL_NS);
    view.setInt32(CELL_SELF, id, true);
  }

  /** Deadlines that have passed wake their threads, in order of time. */
  private expire(): void {
    const { state } = this.core;
    const due = state.threads.list.filter((thread) => thread.state === "blocked" && thread.deadline <= state.clock);
    due.sort((a, b) => a.deadline - b.deadline || a.id - b.id);
    for (const thread of due) this.awake(thread, 1, Math.max(thread.deadline, thread.since));
  }

  /** The thread to run next, after moving the clock as far as needed; undefined when nothing can ever run again. */
  next(): Thread | undefined {
    const { core } = this;
    const { state, options } = core;
    const { threads } = state;
    for (;;) {
      this.useStacks(0, STACKS_BASE + STACK_SIZE, SAVES_BASE);
      this.fold();
      this.tell();
      this.fold();
      // Where threads can be preempted a timeout happens when its thread is chosen, so that no result depends on where
      // slices end; else when its time has come.
      const lazy = core.emitted.preemptible;
      if (!lazy) this.expire();
      const offers: Offers = lazy ? offersOf(threads, state.clock, options.stall ?? 0) : { ready: runnable(threads), due: [], later: [], until: 0 };
      const { ready } = offers;
      const first = ready[0] ?? offers.due[0];
      const deadline = nextDeadline(threads, lazy ? state.clock : -1);
      if (first === undefined) {
        if (deadline === Infinity) return undefined;
        if (deadline > options.limits.virtualTime) {
          // Whoever still waits for a time then has waited in vain for all of it: the machine tells who.
          return undefined;
        }
        this.advance(deadline);
        continue;
      }
      if (first.yielded) {
        for (const thread of ready) thread.yielded = false;
        this.advance(Math.min(deadline, state.clock + YIELD_NS));
        continue;
      }
      if (state.clock > options.limits.virtualTime) this.cannot(`not finished after ${String(options.limits.virtualTime / 1e9)} s of virtual time`);
      const all = [...ready, ...offers.due, ...offers.later];
      let thread = first;
      if (all.length > 1) {
        const choices = all.map((t) => (t.state === "blocked" ? { ...choiceOf(t), wakes: t.deadline, later: t.deadline > state.clock } : choiceOf(t)));
        thread = all[this.decide(DecisionKind.Pick, choices.length, (source) => source.pickThread(choices))] ?? first;
      }
      if (thread.state !== "blocked") return thread;
      this.advance(thread.deadline);
      this.fold();
      this.tell();
      this.fold();
      this.awake(thread, 1, Math.max(thread.deadline, thread.since));
      return thread;
    }
  }

  private advance(to: number): void {
    const { state, globals } = this.core;
    state.clock = Math.max(state.clock, to);
    globals.base.value = BigInt(state.clock);
  }

  /** Begins a slice of a thread and runs it until it is suspended, stopped or ends; exceptions of compiled code pass through. */
  dispatch(thread: Thread): void {
    const { core } = this;
    const { state, view, emitted } = core;
    const { threads } = state;
    threads.current = thread.id;
    if (threads.owner[thread.cpu] !== thread.id) thread.busy = core.now();
    threads.owner[thread.cpu] = thread.id;
    thread.preempted = false;
    thread.yielded = false;
    state.slices++;
    view.setInt32(CELL_RESULT, thread.result, true);
    view.setInt32(CELL_RESULT + 4, thread.result >> 31, true);
    let limit = NO_LIMIT;
    if (emitted.preemptible) {
      const choice = choiceOf(thread);
      const budget = this.decide(DecisionKind.Budget, NO_LIMIT, (source) => source.budget(choice));
      if (budget > 0) limit = budget - 1;
    }
    state.slice = { thread: thread.id, limit, start: core.now(), entered: false };
    if (core.watch?.("slice") === true) return;
    this.proceed(thread, state.slice);
  }

  /** Runs the slice that was begun, from where its thread was stopped. */
  proceed(thread: Thread, slice: OpenSlice): void {
    const { core } = this;
    const { state, globals, view } = core;
    const { threads } = state;
    this.useStacks(thread.id, thread.sp, thread.ss);
    view.setInt32(CELL_CPU, thread.cpu, true);
    core.bytes.fill(0, WAITERS_BASE, WAITERS_BASE + WAITERS_SIZE);
    for (const { state: is, key } of threads.list) if (is === "blocked") core.bytes[WAITERS_BASE + waiterHash(key)] = 1;
    globals.limit.value = slice.limit;
    view.setInt32(CELL_PAUSE, this.pause, true);
    view.setInt32(CELL_STOPPED, slice.entered ? 1 : 0, true);
    const resumed = thread.started && globals.ss.value !== globals.ssbase.value;
    globals.state.value = resumed ? REWINDING : NORMAL;
    thread.started = true;
    const fn = core.program.functions[thread.slot];
    const args = (fn?.sig.params ?? []).map((type, i) => (type === "i64" ? (i === 0 ? thread.arg : 0n) : i === 0 ? Number(BigInt.asIntN(32, thread.arg)) : 0));
    this.table?.get(thread.slot)?.(globals.csp.value, ...args);
    const suspended = globals.state.value === UNWINDING;
    globals.state.value = NORMAL;
    if (this.stopping) {
      this.stopping = false;
      thread.sp = globals.sp.value;
      thread.ss = globals.ss.value;
      const { limit } = slice;
      state.slice = { ...slice, limit: limit === NO_LIMIT ? limit : limit - globals.ops.value, entered: true };
      return;
    }
    state.slice = undefined;
    this.trace.ran(thread, slice.start);
    if (suspended) this.suspended(thread);
    else {
      this.callC("tcs_thread_done", []);
      this.end(thread, "done");
    }
  }

  private suspended(thread: Thread): void {
    const { globals, state, options } = this.core;
    thread.sp = globals.sp.value;
    thread.ss = globals.ss.value;
    if (thread.preempted || thread.spin) return;
    this.lockup(thread);
    state.threads.owner[thread.cpu] = 0;
    options.onEffect?.({ k: "leave", cpu: thread.cpu });
  }

  /** Told of a thread that kept its CPU for longer than the kernel's watchdog allows. */
  onLockup: ((thread: Thread, ns: number) => void) | undefined;

  private lockup(thread: Thread): void {
    const busy = this.core.now() - onGrid(thread.busy);
    if (busy > SOFT_LOCKUP_NS) this.onLockup?.(thread, busy);
  }

  /** The thread is over; its CPU is free. What it held stays held. */
  end(thread: Thread, how: "done" | "dead"): void {
    const { threads } = this.core.state;
    thread.state = how;
    if (threads.owner[thread.cpu] !== thread.id) return;
    this.lockup(thread);
    threads.owner[thread.cpu] = 0;
    this.core.options.onEffect?.({ k: "leave", cpu: thread.cpu });
  }
}
