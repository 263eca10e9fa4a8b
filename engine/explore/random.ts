// Random schedules: each execution switches to random threads at a few random operations. Seeded. Its result says nothing
// about schedules that were not tried.

import { Random } from "../base/index.js";
import { type SearchAlgorithm, sizeText, stallText } from "./algorithm.js";
import { chooseRarely, sample } from "./sampling.js";

export const randomSearch: SearchAlgorithm = {
  systematic: false,

  search(executor, { bounds, seed }, breathe, onProgress) {
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
      return { state: executor.runWith(plan, (n) => chooseRarely(random, n)), plan };
    });
  },

  covered: (result, { preemptions }) =>
    `Sampled: ${sizeText(result)} with up to ${String(Math.max(1, preemptions))} random switches each; ${stallText} Schedules that were not sampled are unknown.`,
};
