// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): random priorities, and d - 1 random points at which the
// running thread's priority drops below all others. An execution finds a given bug of depth d with probability at least
// 1 / (n * k^(d-1)), for n threads and k operations. Only operations executed after the search's start count.

import { Random } from "../base/index.js";
import { type SearchAlgorithm, sizeText } from "./algorithm.js";
import { chooseRarely, sample } from "./sampling.js";

export const pctSearch: SearchAlgorithm = {
  systematic: false,

  async search(executor, { bounds, depth, seed }, breathe, onProgress) {
    const random = new Random(seed);
    let length = 1;
    let threads = 1;
    const result = await sample(executor, bounds, breathe, onProgress, depth, (first) => {
      const points = new Set<number>();
      // With fewer operations than points, each operation is one.
      while (!first && points.size < Math.min(depth - 1, length)) points.add(random.below(length));
      const priorities = new Map<number, number>();
      const state = executor.runBy(
        first
          ? undefined
          : {
              priority: (id) => priorities.get(id) ?? setPriority(priorities, id, depth + random.below(1 << 20)),
              drop: (id, at) => {
                dropAt(priorities, points, id, at, depth);
              },
            },
        first ? undefined : (n) => chooseRarely(random, n),
      );
      const { operations } = executor.schedule;
      length = Math.max(length, operations.length);
      threads = Math.max(threads, new Set(operations.map((o) => o.thread)).size);
      return { state };
    });
    // The first execution, which measures, is the default schedule and not a draw.
    const draws = Math.max(0, result.executions - 1);
    return { ...result, sampled: { depth, threads, length, missed: (1 - 1 / (threads * length ** (depth - 1))) ** draws } };
  },

  covered(result) {
    const { depth, threads, length, missed } = result.sampled ?? { depth: 0, threads: 0, length: 0, missed: 1 };
    return `Sampled by PCT, depth ${String(depth)}: ${sizeText(result)}; a bug of that depth is missed with probability at most ${missed > 0.9995 ? "1" : missed.toPrecision(2)} (${String(threads)} threads, ${String(length)} operations).`;
  },
};

function setPriority(priorities: Map<number, number>, id: number, value: number): number {
  priorities.set(id, value);
  return value;
}

/** At the i-th change point the running thread gets priority i, below every initial priority. */
function dropAt(priorities: Map<number, number>, points: Set<number>, id: number, at: number, depth: number): void {
  if (!points.has(at)) return;
  points.delete(at);
  priorities.set(id, Math.max(0, depth - 1 - points.size - 1));
}
