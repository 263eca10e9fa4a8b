// Random schedules: each execution switches at a few random operations to random threads. Seeded; says nothing of
// what it did not try.

import { Random } from "../base/index.js";
import { sample, sometimes } from "./sampling.js";
import type { Breathe, Executor, SearchBounds, SearchResult } from "./search.js";

export function randomSearch(
  executor: Executor,
  bounds: SearchBounds,
  seed: number,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
): Promise<SearchResult> {
  const random = new Random(seed);
  return sample(executor, bounds, breathe, onProgress, bounds.preemptions, (first) => {
    const plan = new Map<number, number>();
    if (first) return { state: executor.runBy(undefined), plan };
    const { operations } = executor.schedule;
    const threads = [...new Set(operations.map((o) => o.thread))];
    for (let i = 0; i < Math.max(1, bounds.preemptions); i++) {
      const at = random.below(Math.max(1, operations.length));
      const thread = threads[random.below(threads.length)];
      if (thread !== undefined) plan.set(at, thread);
    }
    return { state: executor.runWith(plan, (n) => sometimes(random, n)), plan };
  });
}
