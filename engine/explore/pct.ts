// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): random priorities, and d - 1 random points at which the
// running thread's priority drops below all. An execution finds a given bug of depth d with probability at least
// 1 / (n * k^(d-1)), for n threads and k operations. Only operations executed after the search's start count.

import { Random } from "../base/index.js";
import { sample, sometimes } from "./sampling.js";
import type { Breathe, Executor, SearchBounds, SearchResult } from "./search.js";

export interface PctResult extends SearchResult {
  readonly depth: number;
  readonly threads: number;
  readonly length: number;
  /** Probability that all executions together miss a bug of that depth, at most. */
  readonly missed: number;
}

export async function pct(
  executor: Executor,
  bounds: SearchBounds,
  depth: number,
  seed: number,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
): Promise<PctResult> {
  const random = new Random(seed);
  let length = 1;
  let threads = 1;
  const result = await sample(executor, bounds, breathe, onProgress, depth, (first) => {
    const points = new Set<number>();
    // Fewer operations than points: each is one.
    while (!first && points.size < Math.min(depth - 1, length)) points.add(random.below(length));
    const priorities = new Map<number, number>();
    const state = executor.runBy(
      first
        ? undefined
        : {
            priority: (id) => priorities.get(id) ?? setPriority(priorities, id, depth + random.below(1 << 20)),
            drop: (id, at) => dropAt(priorities, points, id, at, depth),
          },
      first ? undefined : (n) => sometimes(random, n),
    );
    const { operations } = executor.schedule;
    length = Math.max(length, operations.length);
    threads = Math.max(threads, new Set(operations.map((o) => o.thread)).size);
    return { state };
  });
  // The first execution, which measures, is the default schedule and no draw.
  const draws = Math.max(0, result.executions - 1);
  return { ...result, depth, threads, length, missed: (1 - 1 / (threads * length ** (depth - 1))) ** draws };
}

function setPriority(priorities: Map<number, number>, id: number, value: number): number {
  priorities.set(id, value);
  return value;
}

/** At the i-th change point the running thread gets priority i, below every initial one. */
function dropAt(priorities: Map<number, number>, points: Set<number>, id: number, at: number, depth: number): void {
  if (!points.has(at)) return;
  points.delete(at);
  priorities.set(id, Math.max(0, depth - 1 - points.size - 1));
}
