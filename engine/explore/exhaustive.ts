// Every schedule up to a preemption bound, modulo the order of independent operations: bounded partial-order
// reduction (Coons, Musuvathi and McKinley, Bounded Partial-Order Reduction, OOPSLA 2013). Where two operations race,
// the later one's thread is also tried before the earlier one, and, since the bound may forbid a switch there, at
// the start of the earlier thread's block as well (their conservative points). Bounds are iterated from 0.

import type { Machine } from "../machine/machine.js";
import { races } from "./races.js";
import { Findings, planOf, type Breathe, type Executor, type SearchBounds, type SearchResult } from "./search.js";

interface Choice {
  /** Threads still to be tried at this operation, and those that were. */
  readonly todo: Set<number>;
  readonly done: Set<number>;
}

export interface ExhaustiveOptions {
  /** Without: every offered thread is tried at every operation. For tests of the reduction. */
  readonly reduce: boolean;
  /** Told after each execution. */
  readonly onExecution?: (state: Machine["progress"]) => void;
}

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
  let last = began;
  for (let bound = 0; bound <= bounds.preemptions; bound++) {
    const choices: Choice[] = [];
    let plan = new Map<number, number>();
    let shared = 0;
    /** Something was left out because of the bound. */
    let cut = false;
    for (;;) {
      const end = executor.run(plan, shared);
      options.onExecution?.(end);
      const { operations, nodes } = executor.schedule;
      const preemptions = nodes[nodes.length - 1]?.preemptions ?? 0;
      findings.add(end.findings, plan, preemptions, () => executor.decisions());
      if (end.end?.k === "cannot") return result(bound - 1, "cannot-judge", { message: end.end.message, file: end.end.file, line: end.end.line });
      // What this execution did at each operation; the part before the switch keeps its choices.
      choices.length = Math.min(choices.length, operations.length);
      for (let i = 0; i < operations.length; i++) {
        const t = operations[i]?.thread ?? 0;
        const c = choices[i];
        if (c === undefined) choices.push({ todo: new Set(), done: new Set([t]) });
        else c.done.add(t);
      }
      /** Undefined: every thread. */
      const tryAt = (i: number, thread: number | undefined): void => {
        const node = nodes[i];
        const choice = choices[i];
        if (node === undefined || choice === undefined) return;
        const one = node.offers.find((o) => o.thread === thread);
        for (const { thread: t } of one === undefined ? node.offers : [one]) if (!choice.done.has(t)) choice.todo.add(t);
      };
      if (options.reduce) {
        races(operations, executor.schedule.leftOver(), shared, ({ first }, op) => {
          tryAt(first, op.thread);
          let start = first;
          while (start > 0 && operations[start - 1]?.thread === operations[first]?.thread) start--;
          if (start !== first) tryAt(start, op.thread);
        });
        // A run that ended at once depends on everything that was still to come.
        if (end.end?.k === "panic") tryAt(operations.length - 1, undefined);
      } else for (let i = shared; i < operations.length; i++) tryAt(i, undefined);
      // Deepest operation with something left to try within the bound.
      let next: { readonly at: number; readonly thread: number } | undefined;
      for (let i = choices.length - 1; i >= 0 && next === undefined; i--) {
        const choice = choices[i];
        const node = nodes[i];
        if (choice === undefined || node === undefined) continue;
        const soFar = node.preemptions - node.cost;
        for (const t of choice.todo) {
          choice.todo.delete(t);
          if (choice.done.has(t)) continue;
          choice.done.add(t);
          if (soFar + (node.offers.find((o) => o.thread === t)?.cost ?? 0) > bound) {
            cut = true;
            continue;
          }
          next = { at: i, thread: t };
          break;
        }
      }
      if (next === undefined) break;
      choices.length = next.at + 1;
      plan = planOf(operations, nodes, next.at);
      plan.set(next.at, next.thread);
      shared = next.at;
      const now = Date.now();
      if (executor.executions >= bounds.executions) return result(bound - 1, "executions");
      if (now - began > bounds.realMs) return result(bound - 1, "time");
      if (now - last > 50) {
        onProgress(executor.executions, bound);
        if (await breathe()) return result(bound - 1, "cancelled");
        last = now;
      }
    }
    // A higher bound would show nothing new.
    if (!cut) return result(Infinity, "complete");
  }
  return result(bounds.preemptions, "complete");
}
