// Random schedules: each execution switches at a few random operations to random threads. Seeded; says nothing of
// what it did not try.

import { Findings, type Breathe, type Executor, type SearchBounds, type SearchResult } from "./search.js";
import { Random } from "../base/random.js";

export async function randomSearch(
  executor: Executor,
  bounds: SearchBounds,
  seed: number,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
): Promise<SearchResult> {
  const findings = new Findings();
  const began = Date.now();
  const random = new Random(seed);
  const done = (end: SearchResult["end"], reason?: SearchResult["reason"]): SearchResult => ({
    findings: findings.list(),
    executions: executor.executions,
    operations: executor.operations,
    complete: executor.executions > 0 ? 0 : -1,
    end,
    ...(reason === undefined ? {} : { reason }),
    realMs: Date.now() - began,
  });
  let plan = new Map<number, number>();
  let last = began;
  for (;;) {
    const state = executor.run(plan, 0);
    const { operations, nodes } = executor.schedule;
    findings.add(state.findings, plan, nodes[nodes.length - 1]?.preemptions ?? 0, () => executor.decisions());
    if (state.end?.k === "cannot") return done("cannot-judge", { message: state.end.message, file: state.end.file, line: state.end.line });
    if (executor.executions >= bounds.executions) return done("executions");
    const now = Date.now();
    if (now - began > bounds.realMs) return done("time");
    if (now - last > 50) {
      onProgress(executor.executions, bounds.preemptions);
      if (await breathe()) return done("cancelled");
      last = now;
    }
    plan = new Map();
    const threads = [...new Set(operations.map((o) => o.thread))];
    for (let i = 0; i < Math.max(1, bounds.preemptions); i++) {
      const at = random.below(Math.max(1, operations.length));
      const thread = threads[random.below(threads.length)];
      if (thread !== undefined) plan.set(at, thread);
    }
  }
}
