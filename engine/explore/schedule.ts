// A schedule and what a run under it did: the thread that executes each operation, and the threads that could have. A plan
// names the switches ("thread 3 executes operation 412"); between them a thread runs until it blocks. An operation is one
// step of a thread between two places where it can be preempted: a visible access, its start, or its resumption after a
// wait, with all that the step touches. Operations are numbered from the start of the search.

import type { DecisionSource, Effect, Frame, Machine, ThreadChoice, VisibleOperation } from "../machine/index.js";

/** Bytes that an operation reads or writes: lower half of the address. */
export interface Range {
  readonly at: number;
  readonly size: number;
  readonly write: boolean;
}

export interface Operation {
  readonly thread: number;
  readonly k: "access" | "start" | "resume";
  /** What makes it depend on others. Keys of waits and wakes count as written; grows until the next operation. */
  readonly ranges: Range[];
  /** How many of them the access itself reported. */
  reported: number;
  readonly site: number;
  /** TCS_READ, TCS_WRITE, … of an access; -1 otherwise. */
  readonly kind: number;
  /** Not READ_ONCE, WRITE_ONCE or a service's operation. */
  readonly plain: boolean;
  /** Operation that enabled this one: it created the thread or woke it. -1 for none. */
  readonly after: number;
  /** The same, also if the thread would have resumed anyway at its timeout. */
  readonly woken: number;
  /** CPU that the thread takes with this operation, and CPU that it gives up at its end; -1 for none. */
  readonly takes: number;
  leaves: number;
  /** The line of the tree, if the thread was preempted before this operation, and for every access of a recording. */
  readonly held?: Frame;
  /** Virtual ns, in a recording. */
  readonly t?: number;
}

/** A thread that could have executed an operation, and how many preemptions that takes. */
export interface Offer {
  readonly thread: number;
  readonly cost: number;
}

/** The scheduling decision before an operation. */
export interface Node {
  /** The thread that executed the operation before this one. */
  readonly last: number;
  /** The cost of the thread that executed the operation: 1 if it preempted another. */
  readonly cost: number;
  readonly offers: readonly Offer[];
  /** Preemptions up to and including this operation. */
  readonly preemptions: number;
  /** A thread was picked here, so that without an entry in the plan it may be a different one. */
  readonly picked: boolean;
}

/** Index of an operation -> the thread that executes it. */
export type Plan = ReadonlyMap<number, number>;

/** The switches before operation `upTo`, and the thread wherever one was picked. */
export function planBy(upTo: number, thread: (i: number) => number, picked: (i: number) => boolean): Map<number, number> {
  const plan = new Map<number, number>();
  for (let i = 0; i < upTo; i++) if (i === 0 || thread(i) !== thread(i - 1) || picked(i)) plan.set(i, thread(i));
  return plan;
}

/** A choice that the code requested during operation `at` (-1: before the search's start), and the answer. */
export interface Choice {
  readonly at: number;
  readonly what: string;
  readonly n: number;
  readonly value: number;
}

const NO_THREAD = 0;
const KEY_SIZE = 8;

/** Instead of a plan: the ready thread of highest priority executes the next operation. */
export interface Priorities {
  priority(thread: number): number;
  /** Called before each operation, with the thread that executed the previous one. */
  drop(thread: number, at: number): void;
}

interface Waiting {
  readonly ranges: readonly Range[];
  /** It has a deadline: a wake only precedes the timeout and does not enable the thread. */
  readonly timed: boolean;
}

export class Schedule implements DecisionSource {
  readonly operations: Operation[] = [];
  readonly nodes: Node[] = [];
  /** Choices so far, from the run's start. */
  readonly choices: Choice[] = [];
  private machine: Machine | undefined;
  /** Operations that threads were preempted before. */
  private pending = new Map<number, Operation>();
  /** What sleeping threads wait for, and which operation enabled a thread that has not run since. */
  private waiting = new Map<number, Waiting>();
  private enabledBy = new Map<number, number>();
  /** Threads that are held up by a preemption, whose cost is paid. */
  private held = new Set<number>();
  private left = Infinity; // operations that the running thread may still report before it is preempted
  private running = NO_THREAD;
  private preemptions = 0;
  private plan: Plan = new Map();
  /** Values of the first choices; the values after them are `chooser`'s, or the default. */
  private chosen: readonly number[] = [];
  private chooser: ((n: number) => number) | undefined;
  private prescribed = 0;
  private points: readonly number[] = [];
  private by: Priorities | undefined;
  private played: DecisionSource | undefined;
  /** What was offered when a thread was last picked. */
  private offered: readonly ThreadChoice[] | undefined;
  private counted = -1;
  /** False until the search's start: the prefix is the default schedule and records nothing. */
  active = false;

  attach(machine: Machine): void {
    this.machine = machine;
  }
  /** Takes every decision from `source` and records the time and place of each operation: a recording, not a search. */
  play(source: DecisionSource): void {
    this.played = source;
  }
  /** The first `prescribed` operations are as planned: without an entry, the previous operation's thread continues. */
  follow(plan: Plan, prescribed = 0, chosen: readonly number[] = [], by?: Priorities, chooser?: (n: number) => number): void {
    this.by = by;
    this.prescribed = prescribed;
    this.chosen = chosen;
    this.chooser = chooser;
    this.plan = plan;
    this.points = [...plan.keys()].sort((a, b) => a - b);
  }
  /** Returns to a saved state; the machine is restored to the same moment. */
  cut(state: ScheduleState): void {
    this.operations.length = state.length;
    this.nodes.length = state.length;
    this.pending = new Map(state.pending);
    this.waiting = new Map(state.waiting);
    this.enabledBy = new Map(state.enabledBy);
    this.held = new Set(state.held);
    this.preemptions = state.preemptions;
    this.running = state.running;
    this.counted = -1;
    this.offered = undefined;
    this.same = undefined;
    this.choices.length = state.choices;
    this.active = state.active;
  }
  state(): ScheduleState {
    return {
      length: this.operations.length,
      pending: [...this.pending],
      waiting: [...this.waiting],
      enabledBy: [...this.enabledBy],
      held: [...this.held],
      preemptions: this.preemptions,
      running: this.running,
      choices: this.choices.length,
      active: this.active,
    };
  }
  /** For a state's key: the values that decide, between two slices, which thread may run next and at what cost. */
  decisive(): readonly number[] {
    const threads = this.machine?.progress.threads.list ?? [];
    const numbers = [threads[this.running - 1]?.state === "ready" ? this.running : 0, this.choices.filter((c) => c.value !== 0).length];
    numbers.push(...[...this.held].sort((a, b) => a - b), -1);
    for (const [id, { ranges, timed }] of [...this.waiting].sort((a, b) => a[0] - b[0])) {
      numbers.push(id, timed ? 1 : 0);
      for (const { at, size, write } of ranges) numbers.push(at, write ? -size : size);
      numbers.push(-1);
    }
    return numbers;
  }
  /** By thread that has not run since: the operation that enabled it, except for threads with a timeout. */
  enabled(): ReadonlyMap<number, number> {
    return new Map([...this.enabledBy].filter(([id]) => this.waiting.get(id)?.timed !== true));
  }
  /** By thread that has not run since: the operation that woke it. */
  woken(): ReadonlyMap<number, number> {
    return new Map(this.enabledBy);
  }
  get cost(): number {
    return this.preemptions;
  }
  /** At a run's end: the operations that preempted threads were about to execute. */
  leftOver(): readonly Operation[] {
    return [...this.pending.values()];
  }

  // ---- decisions ---------------------------------------------------------------------------------------------------

  pickThread(choices: readonly ThreadChoice[]): number {
    if (this.active) this.offered = choices;
    if (this.played !== undefined) return this.played.pickThread(choices);
    if (!this.active) return 0;
    if (this.by !== undefined) return this.highest(choices, this.by);
    const at = this.operations.length;
    const planned = this.plan.get(at) ?? (at < this.prescribed ? this.operations[at - 1]?.thread : undefined);
    if (planned === undefined) {
      // Only the plan preempts: a thread whose slice it ended comes after the others.
      return 0;
    }
    const i = choices.findIndex((c) => c.id === planned);
    return i < 0 ? 0 : i;
  }
  private highest(choices: readonly ThreadChoice[], by: Priorities): number {
    by.drop(this.running, this.operations.length);
    let best = 0;
    let most = -1;
    choices.forEach((c, i) => {
      const p = c.later !== true ? by.priority(c.id) : -1;
      if (p > most) {
        most = p;
        best = i;
      }
    });
    return best;
  }
  choose(what: string, n: number): number {
    const answer = this.played?.choose(what, n) ?? this.chosen[this.choices.length] ?? this.chooser?.(n) ?? 0;
    const value = answer < n ? answer : 0;
    this.choices.push({ at: this.active ? this.operations.length - 1 : -1, what, n, value });
    return value;
  }
  budget(thread: ThreadChoice): number {
    this.same = undefined;
    const played = this.played?.budget(thread);
    if (!this.active) return played ?? 0;
    this.running = thread.id;
    const preempted = this.pending.get(thread.id);
    const op = preempted === undefined ? this.arrival(thread) : preempted.t === undefined ? preempted : { ...preempted, t: this.machine?.now() ?? 0 };
    this.pending.delete(thread.id);
    const choices = this.offered;
    this.offered = undefined;
    if (choices === undefined) this.execute(op, { ready: [op.thread], later: [] }, false);
    else {
      // A sleeper is not ready, though its deadline may have passed.
      const soon = choices.filter((c) => c.later !== true);
      const asleep = new Set(choices.filter((c) => c.wakes !== undefined).map((c) => c.id));
      this.execute(op, { ready: soon.map((c) => c.id), later: choices.filter((c) => c.later === true).map((c) => c.id), asleep }, true);
    }
    if (played !== undefined) {
      this.left = played === 0 ? Infinity : played - 1;
      return played;
    }
    if (this.by !== undefined) {
      // Preempted before every operation, so that a thread of higher priority runs as soon as it can.
      this.left = 0;
      return 1;
    }
    const now = this.operations.length;
    const next = this.points.find((i) => i >= now && this.plan.get(i) !== thread.id);
    if (next === undefined) {
      this.left = Infinity;
      return 0;
    }
    this.left = next - now;
    return this.left + 1; // the operation after the last one is reported and preempted before it is executed
  }
  save(): readonly number[] {
    return [];
  }
  restore(): void {
    // The search cuts the schedule itself.
  }

  // ---- recording ----------------------------------------------------------------------------------------------------

  /** The thread starts, or resumes after a wait: it checks again what it waited for. */
  private arrival({ id, cpu }: ThreadChoice): Operation {
    const { waiting, enabledBy } = this;
    const on = waiting.get(id);
    const after = enabledBy.get(id) ?? -1;
    waiting.delete(id);
    enabledBy.delete(id);
    const k = on === undefined && after >= 0 ? "start" : "resume";
    return {
      thread: id,
      k,
      ranges: [...(on?.ranges ?? [])],
      reported: 0,
      site: -1,
      kind: -1,
      plain: false,
      woken: after,
      after: on?.timed === true ? -1 : after,
      takes: cpu,
      leaves: -1,
      ...(this.played === undefined ? {} : { t: this.machine?.now() ?? 0 }),
    };
  }

  readonly onVisible = (v: VisibleOperation): void => {
    if (!this.active) return;
    const range: Range = { at: Number(BigInt.asUintN(32, v.address)), size: Math.max(1, v.size), write: v.kind !== 0 };
    if (v.at === this.counted) {
      // The second range of a copy.
      const op = this.pending.get(v.thread) ?? this.operations[this.operations.length - 1];
      op?.ranges.push(range);
      if (op !== undefined) op.reported++;
      return;
    }
    this.counted = v.at;
    const plain: Operation = {
      thread: v.thread,
      k: "access",
      ranges: [range],
      reported: 1,
      site: v.site,
      kind: v.kind,
      plain: v.plain,
      after: -1,
      woken: -1,
      takes: -1,
      leaves: -1,
    };
    const recording = this.played !== undefined;
    const held = recording || (this.left === 0 && this.by === undefined) ? this.machine?.where(v.site) : undefined;
    const op: Operation = { ...plain, ...(held === undefined ? {} : { held }), ...(recording ? { t: this.machine?.now() ?? 0 } : {}) };
    if (this.left === 0) {
      this.pending.set(v.thread, op);
      return;
    }
    this.left--;
    this.continueWith(op);
  };

  readonly onEffect = (e: Effect): void => {
    this.same = undefined;
    if (!this.active) {
      const current = this.machine?.progress.threads.current ?? NO_THREAD;
      if (e.k === "wait") this.waiting.set(current, { ranges: [{ at: e.key, size: KEY_SIZE, write: true }], timed: e.deadline !== Infinity });
      else if (e.k === "enable") this.enabledBy.set(e.thread, -1);
      return;
    }
    const last = this.operations.length - 1;
    const op = this.operations[last];
    switch (e.k) {
      case "enable":
        this.enabledBy.set(e.thread, last);
        return;
      case "leave":
        if (op !== undefined) op.leaves = e.cpu;
        return;
      case "wait":
      case "wake": {
        if (op === undefined) return;
        if (!op.ranges.some((r) => r.write && r.at === e.key)) op.ranges.push({ at: e.key, size: KEY_SIZE, write: true });
        if (e.k === "wait") this.waiting.set(op.thread, { ranges: op.ranges.map((r) => ({ ...r, write: true })), timed: e.deadline !== Infinity });
        return;
      }
    }
  };

  /** The running thread continues without having been picked: the machine's state yields the offers. */
  private continueWith(op: Operation): void {
    const { same } = this;
    if (same !== undefined && (this.machine?.now() ?? 0) <= same.until && this.operations[this.operations.length - 1]?.thread === op.thread) {
      // The offers and their costs are those of the previous operation; continuing costs nothing.
      this.nodes.push({ last: op.thread, cost: 0, offers: same.offers, preemptions: this.preemptions, picked: false });
      this.operations.push(op);
      return;
    }
    const { ready, due, later, until } = this.machine?.offers() ?? { ready: [], due: [], later: [], until: -1 };
    const asleep = new Set(due.map((t) => t.id));
    const continues = this.operations[this.operations.length - 1]?.thread === op.thread;
    this.execute(op, { ready: [...ready, ...due].map((t) => t.id), later: later.map((t) => t.id), asleep }, false);
    const offers = this.nodes[this.nodes.length - 1]?.offers;
    this.same = continues && offers !== undefined ? { until, offers } : undefined;
  }
  /** The offers at the running thread's next operation, as long as nothing changes them. */
  private same: { readonly until: number; readonly offers: readonly Offer[] } | undefined;

  private execute(op: Operation, offered: Offered, picked: boolean): void {
    const { held } = this;
    const last = this.operations[this.operations.length - 1]?.thread ?? op.thread;
    const lastReady = offered.ready.includes(last) && offered.asleep?.has(last) !== true;
    const fresh = offered.ready.some((t) => !held.has(t));
    const offers: Offer[] = [];
    for (const t of offered.ready) offers.push({ thread: t, cost: lastReady && t !== last ? 1 : 0 });
    for (const t of offered.later) offers.push({ thread: t, cost: lastReady || fresh ? 1 : 0 });
    const cost = offers.find((o) => o.thread === op.thread)?.cost ?? 0;
    if (cost > 0) for (const t of offered.later.includes(op.thread) ? offered.ready : [last]) held.add(t);
    held.delete(op.thread);
    this.preemptions += cost;
    this.nodes.push({ last, cost, offers, preemptions: this.preemptions, picked });
    this.operations.push(op);
  }
}

/** Threads that could run at once, including sleepers whose deadline has passed, and sleepers whose deadline is soon. */
interface Offered {
  readonly ready: readonly number[];
  readonly later: readonly number[];
  readonly asleep?: ReadonlySet<number>;
}

export interface ScheduleState {
  readonly length: number;
  readonly pending: readonly (readonly [number, Operation])[];
  readonly waiting: readonly (readonly [number, Waiting])[];
  readonly enabledBy: readonly (readonly [number, number])[];
  readonly held: readonly number[];
  readonly preemptions: number;
  readonly running: number;
  readonly choices: number;
  readonly active: boolean;
}
