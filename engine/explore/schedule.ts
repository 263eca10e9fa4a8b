// A schedule and what a run under it did: which thread executes each visible operation, and which others could have.
// A plan names the switches ("before operation 412 goes thread 3"); between them a thread runs until it blocks.
// Operations are numbered as they are executed, from the start of the search on.

import type { DecisionSource, ThreadChoice } from "../machine/decisions.js";
import type { Frame } from "../machine/record.js";
import type { Machine, VisibleOperation } from "../machine/machine.js";

export interface Operation {
  readonly thread: number;
  readonly at: number; // lower half of the address
  readonly size: number;
  readonly write: boolean;
  readonly site: number;
  /** Set where the thread was preempted before this operation: the line of the tree it stands at. */
  readonly held?: Frame;
}

/** Where an operation was about to be executed: who else could have gone instead. */
export interface Node {
  /** The thread that executed the operation before this one; 0 at the start. */
  readonly last: number;
  /** Whether `last` could have gone on: then choosing another is a preemption. */
  readonly lastEnabled: boolean;
  readonly enabled: readonly number[];
  readonly preemptions: number;
}

/** Index of an operation -> the thread that executes it. */
export type Plan = ReadonlyMap<number, number>;

const NO_THREAD = 0;

/** Instead of a plan: the ready thread of highest priority executes the next operation. */
export interface Priorities {
  priority(thread: number): number;
  /** Told before each operation, with the thread that executed the last one. */
  drop(thread: number, at: number): void;
}

export class Schedule implements DecisionSource {
  readonly operations: Operation[] = [];
  readonly nodes: Node[] = [];
  private machine: Machine | undefined;
  private pending = new Map<number, Operation>();
  private left = Infinity; // operations that the running thread may still report before it is preempted
  private running = NO_THREAD;
  private preemptions = 0;
  private plan: Plan = new Map();
  private points: readonly number[] = [];
  private by: Priorities | undefined;
  /** False until the search's start: the prefix is the default schedule and records nothing. */
  active = false;

  constructor(
    /** How long a preempted CPU may stand still, in virtual ns. */
    private readonly stall: number,
  ) {}

  attach(machine: Machine): void {
    this.machine = machine;
  }
  follow(plan: Plan, by?: Priorities): void {
    this.by = by;
    this.plan = plan;
    this.points = [...plan.keys()].sort((a, b) => a - b);
  }
  /** Back to `length` executed operations; the machine was restored to the same moment. */
  cut(state: ScheduleState): void {
    this.operations.length = state.length;
    this.nodes.length = state.length;
    this.pending = new Map(state.pending);
    this.preemptions = state.preemptions;
    this.running = state.running;
  }
  state(): ScheduleState {
    return { length: this.operations.length, pending: [...this.pending], preemptions: this.preemptions, running: this.running };
  }

  // ---- decisions ---------------------------------------------------------------------------------------------------

  pickThread(choices: readonly ThreadChoice[]): number {
    if (!this.active) return 0;
    if (this.by !== undefined) return this.highest(choices, this.by);
    const wanted = this.plan.get(this.operations.length);
    if (wanted === undefined) {
      // Only the plan preempts: a preempted thread's turn is over, a sleeper is woken by the plan alone.
      return 0;
    }
    const i = choices.findIndex((c) => c.id === wanted);
    return i < 0 ? 0 : i;
  }
  private highest(choices: readonly ThreadChoice[], by: Priorities): number {
    by.drop(this.running, this.operations.length);
    let best = 0;
    let most = -1;
    choices.forEach((c, i) => {
      const p = c.wakes === undefined ? by.priority(c.id) : -1;
      if (p > most) {
        most = p;
        best = i;
      }
    });
    return best;
  }
  choose(): number {
    return 0;
  }
  budget(thread: ThreadChoice): number {
    if (!this.active) return 0;
    const waiting = this.pending.get(thread.id);
    this.running = thread.id;
    if (waiting !== undefined) {
      this.pending.delete(thread.id);
      this.execute(waiting);
    }
    if (this.by !== undefined) {
      // Preempted before every operation, so that a thread of higher priority goes first as soon as it can.
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

  readonly onVisible = (v: VisibleOperation): void => {
    if (!this.active) return;
    const op: Operation = { thread: v.thread, at: Number(BigInt.asUintN(32, v.address)), size: Math.max(1, v.size), write: v.kind !== 0, site: v.site };
    if (this.left === 0) {
      const held = this.by === undefined ? this.machine?.where(v.site) : undefined;
      this.pending.set(v.thread, held === undefined ? op : { ...op, held });
      return;
    }
    this.left--;
    this.execute(op);
  };

  private execute(op: Operation): void {
    const previous = this.operations[this.operations.length - 1]?.thread ?? op.thread;
    const enabled: number[] = [];
    let lastEnabled = previous === op.thread;
    const state = this.machine?.progress;
    const until = (state?.clock ?? 0) + this.stall;
    for (const t of state?.threads.list ?? []) {
      const can = t.id === op.thread || t.state === "ready" || (t.state === "blocked" && !t.spin && t.deadline <= until);
      if (!can) continue;
      // A CPU that another thread keeps is not free for this one.
      const owner = state?.threads.owner[t.cpu] ?? 0;
      if (owner !== 0 && owner !== t.id && t.id !== op.thread) continue;
      enabled.push(t.id);
      if (t.id === previous && t.state === "ready") lastEnabled = true;
    }
    if (previous !== op.thread && lastEnabled) this.preemptions++;
    this.nodes.push({ last: previous, lastEnabled, enabled, preemptions: this.preemptions });
    this.operations.push(op);
  }
}

export interface ScheduleState {
  readonly length: number;
  readonly pending: readonly (readonly [number, Operation])[];
  readonly preemptions: number;
  readonly running: number;
}
