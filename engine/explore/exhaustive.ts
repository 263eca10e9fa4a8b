// Every schedule up to a preemption bound, modulo the order of independent operations: bounded partial-order
// reduction (Coons, Musuvathi and McKinley, Bounded Partial-Order Reduction, OOPSLA 2013). Where two operations race,
// the later one's thread is also tried before the earlier one and, since the bound may forbid a switch there, at the start
// of the earlier thread's block (their conservative points). An execution ends at a state that was already reached with
// no more preemptions (states.ts): which executions are run depends on their order, their findings do not.

import { type OnExecution, preemptionsText, type SearchAlgorithm, type Shard, sizeText, stallText } from "./algorithm.js";
import { continuation } from "./continuation.js";
import { Execution, OfferTable, type Path } from "./execution.js";
import { type Clock, races } from "./races.js";
import { type Breathe, type Executor, Findings, type SearchBounds, type SearchResult } from "./search.js";
import type { Operation } from "./schedule.js";
import { type Arrival, State, States } from "./states.js";

/** An execution to run: as its parent up to a position, then differently, then by default. */
interface Branch {
  readonly parent: Execution | undefined;
  /** The operation at which it leaves its parent; with a fraction where it differs in an answer. */
  readonly at: number;
  /** The thread that executes operation `at`; for a branch of an answer, `chosen` instead. */
  readonly thread?: number;
  readonly chosen?: readonly number[];
}

export interface ExhaustiveOptions {
  /** False: every offered thread is tried at every operation. For tests of the reduction. */
  readonly reduce: boolean;
  /** False: every execution is run to its end. For tests and the bench. */
  readonly states?: boolean;
  readonly onExecution?: OnExecution;
  /** The default schedule's branches are dealt out in turn, each with all that follows from it. */
  readonly shard?: Shard;
}

/**
 * Looking ahead of a bound that takes long: after so many executions, every fourth takes one preemption more than the bound.
 * The findings within a bound do not depend on it.
 */
const AHEAD_AFTER = 64;
const AHEAD_EVERY = 4;
/** Executions ahead of the bound in a row, since neighbours share their prefixes. */
const AHEAD_RUN = 16;

/** A state that the current execution reached. */
interface Reached {
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

export const exhaustiveSearch: SearchAlgorithm = {
  systematic: true,

  search: (executor, { bounds, shard, onExecution }, breathe, onProgress) =>
    exhaustive(executor, bounds, breathe, onProgress, {
      reduce: true,
      ...(onExecution === undefined ? {} : { onExecution }),
      ...(shard === undefined ? {} : { shard }),
    }),

  covered(result, { shard }) {
    const part = shard === undefined ? "" : `Part ${String(shard.index + 1)} of ${String(shard.count)}, to be merged: `;
    const runs = sizeText(result);
    const why = {
      complete: "",
      "cannot-judge": " The search stopped at code that could not be run.",
      memory: ` The search for ${preemptionsText(result.complete + 1)} ran out of memory and is not complete.`,
      executions: outOfBudget(result),
      time: outOfBudget(result),
      cancelled: outOfBudget(result),
    }[result.end];
    if (result.complete === Infinity)
      return `${part}Every schedule, with any number of preemptions (${runs}; equal states and reorderings of independent operations explored once); ${stallText}`;
    return result.complete >= 0
      ? `${part}Every schedule with at most ${preemptionsText(result.complete)} (${runs}; equal states and reorderings of independent operations explored once); ${stallText}${why}`
      : `${part}Part of the schedules (${runs}); ${stallText}${why}`;
  },
};

function outOfBudget({ complete }: SearchResult): string {
  return ` The search for ${preemptionsText(complete + 1)} ran out of budget and is not complete.`;
}

/** Sorts branches in tree order, so that neighbours (from the end of the list) share long prefixes. */
function inTreeOrder(branches: readonly Branch[]): Branch[] {
  /** Where the branch and its ancestors leave their parents, starting at the default schedule. */
  const departures = (branch: Branch): readonly (readonly [at: number, number: number])[] => {
    const steps: (readonly [number, number])[] = [[branch.at, branch.thread ?? -1]];
    for (let e = branch.parent; e !== undefined; e = e.parent) steps.push([e.at, e.number]);
    return steps.reverse();
  };
  const compare = (a: ReturnType<typeof departures>, b: ReturnType<typeof departures>): number => {
    for (let i = 0; ; i++) {
      const [x, y] = [a[i], b[i]];
      if (x === undefined || y === undefined) return a.length - b.length;
      if (x[0] !== y[0]) return x[0] - y[0];
      if (x[1] !== y[1]) return x[1] - y[1];
    }
  };
  return branches
    .map((branch) => ({ branch, departures: departures(branch) }))
    .sort((a, b) => compare(a.departures, b.departures))
    .map(({ branch }) => branch);
}

class Exhaustive {
  private readonly findings = new Findings();
  private readonly began = Date.now();
  private readonly states = new States();
  private readonly offerTable = new OfferTable();
  /** Branches by their preemptions; those beyond the bound wait for the next bound. */
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
      const stack = inTreeOrder(this.waiting[this.bound] ?? []);
      this.waiting[this.bound] = stack;
      this.taken = 0;
      for (;;) {
        const branch = this.take(stack);
        if (branch === undefined) {
          // Futures of states have grown since executions ended there, which may require more branches.
          const all = this.states.revisit((execution, path, at, thread) => {
            this.tryAt(execution, path, at, thread, true);
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
      // No branch is left for a higher bound.
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

  /** Queues the new branches so that the latest position is run first and executions share their prefixes. */
  private queue(): void {
    this.fresh.sort((a, b) => a.branch.at - b.branch.at);
    for (const { cost, branch } of this.fresh) (this.waiting[Math.max(cost, this.bound)] ??= []).push(branch);
    this.fresh.length = 0;
  }

  /** Runs a branch and queues the branches that follow from it; returns the reason if it could not be run. */
  private execute(branch: Branch): SearchResult["reason"] {
    const { executor, options, states } = this;
    const { schedule } = executor;
    const from = Math.max(0, Math.floor(branch.at));
    const length = branch.parent === undefined ? 0 : Math.floor(branch.at) + 1;
    const plan = branch.parent?.path(length).plan(branch.thread === undefined ? length : length - 1) ?? new Map<number, number>();
    if (branch.thread !== undefined) plan.set(branch.at, branch.thread);
    const chosen = branch.chosen ?? branch.parent?.answers.filter((a) => a.at < branch.at).map((a) => a.value) ?? [];
    // The parts of a search divide the default schedule's branches, so no part explores all that follows from its states.
    const usesStates = options.states !== false && (options.shard === undefined || branch.parent !== undefined);
    const reached: Reached[] = [];
    let hit: State | undefined;
    const atKnownState = (): boolean => {
      const at = schedule.operations.length;
      if (!schedule.active || at < Math.max(1, length) || at === reached[reached.length - 1]?.at) return false;
      const key = executor.stateKey();
      const known = states.find(key);
      if (known !== undefined && known.cost <= schedule.cost) hit = known;
      reached.push({ at, key, known, cost: schedule.cost, enabled: schedule.enabled() });
      return hit !== undefined;
    };
    const end = executor.run(plan, length, chosen, usesStates ? atKnownState : undefined);
    const { operations, choices } = schedule;
    this.findings.add(executor, end.findings, plan);
    if (end.end?.k === "cannot") return { message: end.end.message, file: end.end.file, line: end.end.line };
    const execution = new Execution(executor.executions, branch.parent, branch.at, schedule, states.footprints, this.offerTable);
    if (hit !== undefined) states.end(execution, { state: hit, woken: [...schedule.woken()] });
    options.onExecution?.(end, hit === undefined ? undefined : (): readonly Operation[] => continuation(execution, states));
    const path = execution.path(operations.length);
    const other = branch.parent !== undefined;
    if (options.reduce) {
      const left = hit === undefined ? schedule.leftOver() : [];
      const known = { footprints: states.footprints, print: (i: number): number => path.footprint(i), from, clock: (i: number): Clock => execution.clock(i) };
      const clocks = races(operations, left, known, ({ first }, op) => {
        this.tryAt(execution, path, first, op.thread, other);
        const start = path.block(first);
        if (start !== first) this.tryAt(execution, path, start, op.thread, other);
      });
      execution.setClocks(clocks);
      // An execution cut short by a panic depends on everything that was still to come.
      if (end.end?.k === "panic") this.tryAt(execution, path, operations.length - 1, undefined, other);
    } else for (let i = Math.max(0, Math.floor(branch.at) + 1); i < operations.length; i++) this.tryAt(execution, path, i, undefined, other);
    // An answer is a branch and not an order: every other value is tried.
    const values = choices.map((c) => c.value);
    choices.forEach((c, ordinal) => {
      if (ordinal < chosen.length) return;
      for (let value = 0; value < c.n; value++) {
        if (value === c.value || !this.mine(other)) continue;
        const at = c.at + 0.5 + ordinal / 1e6;
        this.push(schedule.nodes[c.at]?.preemptions ?? 0, { parent: execution, at, chosen: [...values.slice(0, ordinal), value] });
      }
    });
    this.queue();
    if (usesStates) this.remember(execution, path, reached, hit);
    return undefined;
  }

  /** Records the states that an execution reached, its operations between them, and where it ended. */
  private remember(execution: Execution, path: Path, reached: readonly Reached[], hit: State | undefined): void {
    const { states, options } = this;
    const { schedule } = this.executor;
    const { operations } = schedule;
    let source = execution.parent === undefined ? undefined : states.lastMark(execution.parent, execution.at);
    const after = (i: number): number => operations[i]?.after ?? -1;
    const none = new Map<number, number>();
    for (const { at, key, known, cost, enabled } of reached) {
      const state = known ?? new State(cost, execution, at);
      if (known === undefined) states.add(key, state);
      else if (cost < known.cost) known.visit(cost, execution, at);
      if (source !== undefined) states.link(source.state, path, { from: source.at, to: at, enabled, left: [], after }, state);
      source = { at, state };
      states.mark(execution, source);
    }
    if (hit !== undefined && options.reduce)
      states.arrive(hit, { execution, at: operations.length, ...clocksAt(operations, execution, reached[reached.length - 1]?.enabled ?? none) });
    if (hit !== undefined || source === undefined) return;
    const left = schedule.leftOver().map((op) => ({ thread: op.thread, footprint: states.footprints.of(op) }));
    states.link(source.state, path, { from: source.at, to: operations.length, enabled: none, left, after }, undefined);
  }

  /** Whether this part runs a branch: the default schedule's are divided among the parts, `other` ones it runs itself. */
  private mine(other: boolean): boolean {
    const { shard } = this.options;
    return shard === undefined || other || this.turn++ % shard.count === shard.index;
  }

  /** If `thread` is undefined or was not offered: every offered thread. `other`: not a branch of the default schedule. */
  private tryAt(execution: Execution, path: Path, i: number, thread: number | undefined, other: boolean): void {
    const { offers } = path.node(i);
    const all = thread === undefined || !offers.some((o) => o.thread === thread);
    for (const { thread: t } of offers) if (all || t === thread) this.tryThread(execution, path, i, t, other);
  }

  private tryThread(execution: Execution, path: Path, i: number, thread: number, other: boolean): void {
    const { offers, preemptions } = path.node(i);
    const offer = offers.find((o) => o.thread === thread);
    if (offer === undefined) return;
    const owner = execution.owner(i);
    if (!owner.attempt(i, thread)) return;
    if (!this.mine(other)) return;
    this.push(preemptions + offer.cost, { parent: owner, at: i, thread });
  }
}

/** For each thread the operations that are ordered before its next one. */
function clocksAt(operations: readonly Operation[], execution: Execution, enabled: ReadonlyMap<number, number>): Pick<Arrival, "clocks" | "width"> {
  const last: number[] = [];
  operations.forEach(({ thread }, i) => (last[thread] = i));
  const width = 1 + Math.max(last.length - 1, ...enabled.keys());
  const clocks = new Int32Array(width * width).fill(-1);
  const take = (thread: number, index: number | undefined): void => {
    if (index === undefined || index < 0) return;
    const clock = execution.clock(index);
    for (let t = 0; t < clock.length; t++) clocks[thread * width + t] = Math.max(clocks[thread * width + t] ?? -1, clock[t] ?? -1);
  };
  for (let thread = 0; thread < width; thread++) {
    take(thread, last[thread]);
    take(thread, enabled.get(thread));
  }
  return { clocks, width };
}
