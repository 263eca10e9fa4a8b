// Shortens a witness: leaves out one switch, or one answer that is not the default, after the other as long as the same
// finding is still there.

import { keyOf } from "./finding-key.js";
import type { Executor, Found } from "./search.js";

/** The finding with the shortest plan found by leaving things out; at most `tries` executions. */
export function minimise(executor: Executor, found: Found, tries: number): Found {
  let best = found;
  let left = tries;
  /** True where the finding is still there. */
  const without = (plan: Found["plan"], chosen: readonly number[]): boolean => {
    const state = executor.run(plan, 0, chosen);
    const finding = state.findings.find((f) => keyOf(f) === keyOf(found.finding));
    const { nodes } = executor.schedule;
    const preemptions = nodes[nodes.length - 1]?.preemptions ?? 0;
    if (finding === undefined || preemptions > best.preemptions) return false;
    best = { ...best, finding, plan, chosen, preemptions, decisions: executor.decisions() };
    return true;
  };
  for (let again = true; again && left > 0;) {
    again = false;
    for (const at of best.chosen.flatMap((v, i) => (v === 0 ? [] : [i]))) {
      if (left-- <= 0) break;
      const chosen = best.chosen.map((v, i) => (i === at ? 0 : v));
      if (without(best.plan, chosen)) again = true;
    }
    for (const at of [...best.plan.keys()].sort((a, b) => b - a)) {
      if (left-- <= 0) break;
      const plan = new Map([...best.plan].filter(([i]) => i !== at));
      if (!without(plan, best.chosen)) continue;
      again = true;
      break;
    }
  }
  return best;
}
