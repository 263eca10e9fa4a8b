// Every schedule up to a preemption bound, modulo the order of independent operations: bounded partial-order
// reduction (Coons, Musuvathi and McKinley, Bounded Partial-Order Reduction, OOPSLA 2013). Where two operations race,
// the later one's thread is also tried before the earlier one, and, since the bound may forbid a switch there, at
// the start of the earlier thread's block as well (their conservative points). What to try next follows from each
// execution by itself, so the set of executions is the same in whatever order, and by how many, they are run.

import type { Machine } from "../machine/machine.js";
import { races } from "./races.js";
import { Findings, planOf, type Breathe, type Executor, type SearchBounds, type SearchResult } from "./search.js";

/** An execution to be run: as another one up to a position, then differently, then by default. */
interface Branch {
  readonly parent: Tried | undefined;
  readonly plan: ReadonlyMap<number, number>;
  readonly chosen: readonly number[];
  /** Operations that the plan prescribes, and the position at which it leaves its parent: a half where it is an answer. */
  readonly length: number;
  readonly at: number;
}

/** An execution that was run: threads tried at each of its own operations, those after `at`; the others are its parent's. */
interface Tried {
  readonly parent: Tried | undefined;
  readonly at: number;
  readonly threads: Map<number, Set<number>>;
  /** Itself and branches that leave it and are not done with; at 0 nobody asks any more. */
  open: number;
}

export interface ExhaustiveOptions {
  /** Without: every offered thread is tried at every operation. For tests of the reduction. */
  readonly reduce: boolean;
  /** Told after each execution. */
  readonly onExecution?: (state: Machine["progress"]) => void;
  /** Part `index` of `count`: branches of the default schedule by turns, with all that follows from them. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/**
 * A bound that takes long does not keep the search from what lies behind it: after so many executions every fourth is one
 * that takes a preemption more. The set of executions does not depend on their order.
 */
const AHEAD_AFTER = 64;
const AHEAD_EVERY = 4;

export async function exhaustive(
  executor: Executor,
  bounds: SearchBounds,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
  options: ExhaustiveOptions = { reduce: true },
): Promise<SearchResult> {
  const findings = new Findings();
  const began = Date.now();
  const result = (complete: number, end: SearchResult["end"], reason?: SearchResult["reason"]): SearchResult => ({
    findings: findings.list(),
    executions: executor.executions,
    operations: executor.operations,
    complete,
    end,
    ...(reason === undefined ? {} : { reason }),
    realMs: Date.now() - began,
  });
  const { shard } = options;
  /** Branches by the preemptions they take; those beyond the bound wait for the next one. */
  const waiting: Branch[][] = [[{ parent: undefined, plan: new Map(), chosen: [], length: 0, at: -2 }]];
  let turn = 0;
  let last = began;
  for (let bound = 0; bound <= bounds.preemptions; bound++) {
    const stack = waiting[bound] ?? [];
    let taken = 0;
    const take = (): Branch | undefined => {
      const ahead = ++taken > AHEAD_AFTER && taken % AHEAD_EVERY === 0 && stack.length > 0 && bound < bounds.preemptions;
      return (ahead ? waiting[bound + 1]?.pop() : undefined) ?? stack.pop();
    };
    for (let branch = take(); branch !== undefined; branch = take()) {
      const end = executor.run(branch.plan, branch.length, branch.chosen);
      options.onExecution?.(end);
      const { operations, nodes, choices } = executor.schedule;
      findings.add(executor, end.findings, branch.plan);
      if (end.end?.k === "cannot") return result(bound - 1, "cannot-judge", { message: end.end.message, file: end.end.file, line: end.end.line });
      const tried: Tried = { parent: branch.parent, at: branch.at, threads: new Map(), open: 1 };
      /** The default schedule's branches are shared out; what a part finds to be done besides, it does itself. */
      const mine = (): boolean => shard === undefined || branch.parent !== undefined || turn++ % shard.count === shard.index;
      const chosen = choices.map((c) => c.value);
      const push = (cost: number, next: Omit<Branch, "parent">, parent: Tried): void => {
        parent.open++;
        (cost <= bound ? stack : (waiting[cost] ??= [])).push({ ...next, parent });
      };
      const tryThread = (i: number, thread: number): void => {
        const node = nodes[i];
        const offer = node?.offers.find((o) => o.thread === thread);
        if (node === undefined || offer === undefined) return;
        let owner = tried;
        while (i <= owner.at && owner.parent !== undefined) owner = owner.parent;
        let known = owner.threads.get(i);
        // Whoever comes here first took the owner's own way.
        if (known === undefined) owner.threads.set(i, (known = new Set([operations[i]?.thread ?? 0])));
        if (known.has(thread)) return;
        known.add(thread);
        if (!mine()) return;
        const plan = planOf(operations, nodes, i);
        plan.set(i, thread);
        const before = choices.filter((c) => c.at < i).length;
        push(node.preemptions - node.cost + offer.cost, { plan, chosen: chosen.slice(0, before), length: i + 1, at: i }, owner);
      };
      /** Undefined: every thread. */
      const tryAt = (i: number, thread: number | undefined): void => {
        const offers = nodes[i]?.offers ?? [];
        const all = thread === undefined || !offers.some((o) => o.thread === thread);
        for (const { thread: t } of offers) if (all || t === thread) tryThread(i, t);
      };
      const own = Math.max(0, Math.floor(branch.at) + 1);
      if (options.reduce) {
        races(operations, executor.schedule.leftOver(), Math.max(0, Math.floor(branch.at)), ({ first }, op) => {
          tryAt(first, op.thread);
          let start = first;
          while (start > 0 && operations[start - 1]?.thread === operations[first]?.thread) start--;
          if (start !== first) tryAt(start, op.thread);
        });
        // A run that ended at once depends on everything that was still to come.
        if (end.end?.k === "panic") tryAt(operations.length - 1, undefined);
      } else for (let i = own; i < operations.length; i++) tryAt(i, undefined);
      // An answer is a branch, not an order: every other one is tried.
      choices.forEach((c, ordinal) => {
        if (ordinal < branch.chosen.length) return;
        const length = c.at + 1;
        for (let value = 0; value < c.n; value++) {
          if (value === c.value || !mine()) continue;
          const at = c.at + 0.5 + ordinal / 1e6;
          push(nodes[c.at]?.preemptions ?? 0, { plan: planOf(operations, nodes, length), chosen: [...chosen.slice(0, ordinal), value], length, at }, tried);
        }
      });
      for (let t: Tried | undefined = tried; t !== undefined && --t.open === 0; t = t.parent) t.threads.clear();
      const now = Date.now();
      if (stack.length > 0 && executor.executions >= bounds.executions) return result(bound - 1, "executions");
      if (now - began > bounds.realMs) return result(bound - 1, "time");
      if (now - last > 50) {
        onProgress(executor.executions, bound);
        if (await breathe()) return result(bound - 1, "cancelled");
        if (bounds.full?.() === true) return result(bound - 1, "memory");
        last = now;
      }
    }
    // A higher bound would show nothing new.
    if (waiting.every((later, cost) => cost <= bound || later.length === 0)) return result(Infinity, "complete");
  }
  return result(bounds.preemptions, "complete");
}
