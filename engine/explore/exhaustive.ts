// Every schedule up to a preemption bound, modulo the order of independent operations: bounded partial-order
// reduction (Coons, Musuvathi and McKinley, Bounded Partial-Order Reduction, OOPSLA 2013). Where two operations race,
// the later one's thread is also tried before the earlier one, and, since the bound may forbid a switch there, at
// the start of the earlier thread's block as well (their conservative points). An execution ends where it comes to a
// state that was met with no more preemptions (states.ts): which executions are run depends on their order, what they
// show does not.

import type { Machine } from "../machine/index.js";
import { type Clock, races } from "./races.js";
import { type Breathe, type Executor, Findings, type SearchBounds, type SearchResult } from "./search.js";
import type { Operation } from "./schedule.js";
import { type Arrival, State, States } from "./states.js";
import { OfferNames, type Path, Tried } from "./tried.js";
import { wayOn } from "./way-on.js";

/** An execution to be run: as another one up to a position, then differently, then by default. */
interface Branch {
  readonly parent: Tried | undefined;
  /** The position at which it leaves its parent: a half where it is an answer. */
  readonly at: number;
  /** Executes operation `at`, or else the answers are these. */
  readonly thread?: number;
  readonly chosen?: readonly number[];
}

export interface ExhaustiveOptions {
  /** Without: every offered thread is tried at every operation. For tests of the reduction. */
  readonly reduce: boolean;
  /** False: every execution is run to its end. For tests and the bench. */
  readonly states?: boolean;
  /**
   * Told after each execution. `rest`, where it ended at a known state: operations with which it would have gone on by
   * default, known from the one that came there first.
   */
  readonly onExecution?: (state: Machine["progress"], rest: (() => readonly Operation[]) | undefined) => void;
  /** Part `index` of `count`: branches of the default schedule by turns, with all that follows from them. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/**
 * A bound that takes long does not keep the search from what lies behind it: after so many executions every fourth is one
 * that takes a preemption more. What is found within a bound does not depend on that.
 */
const AHEAD_AFTER = 64;
const AHEAD_EVERY = 4;
/** So many in a row, since neighbours share their beginnings. */
const AHEAD_RUN = 16;

/** A state that the execution under way came to. */
interface Met {
  readonly at: number;
  readonly key: string;
  readonly known: State | undefined;
  readonly cost: number;
  readonly enabled: ReadonlyMap<number, number>;
}

export async function exhaustive(
  executor: Executor,
  bounds: SearchBounds,
  breathe: Breathe,
  onProgress: (executions: number, bound: number, states: number) => void,
  options: ExhaustiveOptions = { reduce: true },
): Promise<SearchResult> {
  return new Exhaustive(executor, bounds, options).run(breathe, onProgress);
}

/** So that those next to each other, from the end, have as much of their ways in common as can be. */
function inOrder(branches: readonly Branch[]): Branch[] {
  /** Where a branch and those before it leave their parents, the first one first. */
  const way = (branch: Branch): readonly (readonly [at: number, number: number])[] => {
    const steps: (readonly [number, number])[] = [[branch.at, branch.thread ?? -1]];
    for (let t = branch.parent; t !== undefined; t = t.parent) steps.push([t.at, t.number]);
    return steps.reverse();
  };
  const compare = (a: ReturnType<typeof way>, b: ReturnType<typeof way>): number => {
    for (let i = 0; ; i++) {
      const [x, y] = [a[i], b[i]];
      if (x === undefined || y === undefined) return a.length - b.length;
      if (x[0] !== y[0]) return x[0] - y[0];
      if (x[1] !== y[1]) return x[1] - y[1];
    }
  };
  return branches
    .map((branch) => ({ branch, way: way(branch) }))
    .sort((a, b) => compare(a.way, b.way))
    .map(({ branch }) => branch);
}

class Exhaustive {
  private readonly findings = new Findings();
  private readonly began = Date.now();
  private readonly states = new States();
  private readonly names = new OfferNames();
  /** Branches by the preemptions they take; those beyond the bound wait for the next one. */
  private readonly waiting: Branch[][] = [[{ parent: undefined, at: -2 }]];
  private readonly fresh: { readonly cost: number; readonly branch: Branch }[] = [];
  private bound = 0;
  private turn = 0;
  private taken = 0;

  constructor(
    private readonly executor: Executor,
    private readonly bounds: SearchBounds,
    private readonly options: ExhaustiveOptions,
  ) {}

  private result(complete: number, end: SearchResult["end"], reason?: SearchResult["reason"]): SearchResult {
    return {
      findings: this.findings.list(),
      executions: this.executor.executions,
      operations: this.executor.operations,
      states: this.states.size,
      complete,
      end,
      ...(reason === undefined ? {} : { reason }),
      realMs: Date.now() - this.began,
    };
  }

  async run(breathe: Breathe, onProgress: (executions: number, bound: number, states: number) => void): Promise<SearchResult> {
    const { executor, bounds } = this;
    let last = this.began;
    for (; this.bound <= bounds.preemptions; this.bound++) {
      const stack = inOrder(this.waiting[this.bound] ?? []);
      this.waiting[this.bound] = stack;
      this.taken = 0;
      for (;;) {
        const branch = this.take(stack);
        if (branch === undefined) {
          // What is known of states has grown since ways ended there: that may ask for more.
          const all = this.states.revisit((tried, path, at, thread) => {
            this.tryAt(tried, path, at, thread, true);
          });
          this.queue();
          if (all && stack.length === 0) break;
        }
        const cannot = branch === undefined ? undefined : this.execute(branch);
        if (cannot !== undefined) return this.result(this.bound - 1, "cannot-judge", cannot);
        const now = Date.now();
        if (stack.length > 0 && executor.executions >= bounds.executions) return this.result(this.bound - 1, "executions");
        if (now - this.began > bounds.realMs) return this.result(this.bound - 1, "time");
        if (now - last > 50) {
          onProgress(executor.executions, this.bound, this.states.size);
          if (await breathe()) return this.result(this.bound - 1, "cancelled");
          if (bounds.full?.() === true) return this.result(this.bound - 1, "memory");
          last = now;
        }
      }
      // A higher bound would show nothing new.
      if (this.waiting.every((later, cost) => cost <= this.bound || later.length === 0)) return this.result(Infinity, "complete");
    }
    return this.result(bounds.preemptions, "complete");
  }

  private take(stack: Branch[]): Branch | undefined {
    const turn = Math.floor(++this.taken / AHEAD_RUN) % AHEAD_EVERY === 0;
    const ahead = this.taken > AHEAD_AFTER && turn && stack.length > 0 && this.bound < this.bounds.preemptions;
    return (ahead ? this.waiting[this.bound + 1]?.pop() : undefined) ?? stack.pop();
  }

  private push(cost: number, branch: Branch): void {
    this.fresh.push({ cost, branch });
  }

  /** What was found to be done is done from the latest position to the earliest, so that executions share their beginnings. */
  private queue(): void {
    this.fresh.sort((a, b) => a.branch.at - b.branch.at);
    for (const { cost, branch } of this.fresh) (this.waiting[Math.max(cost, this.bound)] ??= []).push(branch);
    this.fresh.length = 0;
  }

  /** Runs a branch and takes in what follows from it; why it could not be run, where that is so. */
  private execute(branch: Branch): SearchResult["reason"] {
    const { executor, options, states } = this;
    const { schedule } = executor;
    const from = Math.max(0, Math.floor(branch.at));
    const length = branch.parent === undefined ? 0 : Math.floor(branch.at) + 1;
    const plan = branch.parent?.path(length).plan(branch.thread === undefined ? length : length - 1) ?? new Map<number, number>();
    if (branch.thread !== undefined) plan.set(branch.at, branch.thread);
    const chosen = branch.chosen ?? branch.parent?.answers.filter((a) => a.at < branch.at).map((a) => a.value) ?? [];
    // The default schedule is what parts share out: what follows from its states is not explored by one of them.
    const telling = options.states !== false && (options.shard === undefined || branch.parent !== undefined);
    const met: Met[] = [];
    let hit: State | undefined;
    const enough = (): boolean => {
      const at = schedule.operations.length;
      if (!schedule.active || at < Math.max(1, length) || at === met[met.length - 1]?.at) return false;
      const key = executor.stateKey();
      const known = states.find(key);
      if (known !== undefined && known.cost <= schedule.cost) hit = known;
      met.push({ at, key, known, cost: schedule.cost, enabled: schedule.enabled() });
      return hit !== undefined;
    };
    const end = executor.run(plan, length, chosen, telling ? enough : undefined);
    const { operations, choices } = schedule;
    this.findings.add(executor, end.findings, plan);
    if (end.end?.k === "cannot") return { message: end.end.message, file: end.end.file, line: end.end.line };
    const tried = new Tried(executor.executions, branch.parent, branch.at, schedule, states.footprints, this.names);
    if (hit !== undefined) tried.ended = { state: hit, woken: [...schedule.woken()] };
    options.onExecution?.(end, hit === undefined ? undefined : (): readonly Operation[] => wayOn(tried, states.footprints));
    const path = tried.path(operations.length);
    const other = branch.parent !== undefined;
    if (options.reduce) {
      const left = hit === undefined ? schedule.leftOver() : [];
      const known = { footprints: states.footprints, print: (i: number): number => path.footprint(i), from, clock: (i: number): Clock => tried.clock(i) };
      const clocks = races(operations, left, known, ({ first }, op) => {
        this.tryAt(tried, path, first, op.thread, other);
        const start = path.block(first);
        if (start !== first) this.tryAt(tried, path, start, op.thread, other);
      });
      tried.setClocks(clocks);
      // A run that ended at once depends on everything that was still to come.
      if (end.end?.k === "panic") this.tryAt(tried, path, operations.length - 1, undefined, other);
    } else for (let i = Math.max(0, Math.floor(branch.at) + 1); i < operations.length; i++) this.tryAt(tried, path, i, undefined, other);
    // An answer is a branch, not an order: every other one is tried.
    const values = choices.map((c) => c.value);
    choices.forEach((c, ordinal) => {
      if (ordinal < chosen.length) return;
      for (let value = 0; value < c.n; value++) {
        if (value === c.value || !this.mine(other)) continue;
        const at = c.at + 0.5 + ordinal / 1e6;
        this.push(schedule.nodes[c.at]?.preemptions ?? 0, { parent: tried, at, chosen: [...values.slice(0, ordinal), value] });
      }
    });
    this.queue();
    if (telling) this.remember(tried, path, met, hit);
    return undefined;
  }

  /** Notes the states that an execution came to, what it did between them, and where it ended. */
  private remember(tried: Tried, path: Path, met: readonly Met[], hit: State | undefined): void {
    const { states, options } = this;
    const { schedule } = this.executor;
    const { operations } = schedule;
    let source = tried.parent?.markBefore(tried.at);
    const after = (i: number): number => operations[i]?.after ?? -1;
    const none = new Map<number, number>();
    for (const { at, key, known, cost, enabled } of met) {
      const state = known ?? new State(cost, tried, at);
      if (known === undefined) states.add(key, state);
      else if (cost < known.cost) known.visit(cost, tried, at);
      if (source !== undefined) states.link(source.state, path, { from: source.at, to: at, enabled, left: [], after }, state);
      source = { at, state };
      tried.marks.push(source);
    }
    if (hit !== undefined && options.reduce)
      states.arrive(hit, { tried, at: operations.length, ...clocksAt(operations, tried, met[met.length - 1]?.enabled ?? none) });
    if (hit !== undefined || source === undefined) return;
    const left = schedule.leftOver().map((op) => ({ thread: op.thread, footprint: states.footprints.of(op) }));
    states.link(source.state, path, { from: source.at, to: operations.length, enabled: none, left, after }, undefined);
  }

  /** The default schedule's branches are shared out; what a part finds to be done besides, it does itself. */
  private mine(other: boolean): boolean {
    const { shard } = this.options;
    return shard === undefined || other || this.turn++ % shard.count === shard.index;
  }

  /** `thread` undefined, or one that could not go: every thread. `other`: that is not the default schedule's doing. */
  private tryAt(tried: Tried, path: Path, i: number, thread: number | undefined, other: boolean): void {
    const { offers } = path.node(i);
    const all = thread === undefined || !offers.some((o) => o.thread === thread);
    for (const { thread: t } of offers) if (all || t === thread) this.tryThread(tried, path, i, t, other);
  }

  private tryThread(tried: Tried, path: Path, i: number, thread: number, other: boolean): void {
    const { offers, preemptions } = path.node(i);
    const offer = offers.find((o) => o.thread === thread);
    if (offer === undefined) return;
    const owner = tried.owner(i);
    if (!owner.attempt(i, thread)) return;
    if (!this.mine(other)) return;
    this.push(preemptions + offer.cost, { parent: owner, at: i, thread });
  }
}

/** For each thread what is ordered before its next operation. */
function clocksAt(operations: readonly Operation[], tried: Tried, enabled: ReadonlyMap<number, number>): Pick<Arrival, "clocks" | "width"> {
  const last: number[] = [];
  operations.forEach(({ thread }, i) => (last[thread] = i));
  const width = 1 + Math.max(last.length - 1, ...enabled.keys());
  const clocks = new Int32Array(width * width).fill(-1);
  const take = (thread: number, index: number | undefined): void => {
    if (index === undefined || index < 0) return;
    const clock = tried.clock(index);
    for (let t = 0; t < clock.length; t++) clocks[thread * width + t] = Math.max(clocks[thread * width + t] ?? -1, clock[t] ?? -1);
  };
  for (let thread = 0; thread < width; thread++) {
    take(thread, last[thread]);
    take(thread, enabled.get(thread));
  }
  return { clocks, width };
}
