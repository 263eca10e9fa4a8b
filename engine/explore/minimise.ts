// Shortens a witness: drops one switch, or one answer that is not the default, after the other as long as the finding
// remains.

import { keyOf } from "./finding-key.js";
import type { Executor, Found } from "./search.js";

/** The finding with the shortest plan found in at most `tries` executions. */
export function minimise(executor: Executor, found: Found, tries: number): Found {
  let best = found;
  let left = tries;
  /** Whether the finding remains. */
  const stillFound = (plan: Found["plan"], chosen: readonly number[]): boolean => {
    const state = executor.run(plan, 0, chosen);
    const finding = state.findings.find((f) => keyOf(f) === keyOf(found.finding));
    const { nodes } = executor.schedule;
    const preemptions = nodes[nodes.length - 1]?.preemptions ?? 0;
    if (finding === undefined || preemptions > best.preemptions) return false;
    best = { ...best, finding, plan, chosen, preemptions, decisions: executor.decisions() };
    return true;
  };
  for (let shorter = true; shorter && left > 0;) {
    shorter = false;
    for (const at of best.chosen.flatMap((v, i) => (v === 0 ? [] : [i]))) {
      if (left-- <= 0) break;
      const chosen = best.chosen.map((v, i) => (i === at ? 0 : v));
      if (stillFound(best.plan, chosen)) shorter = true;
    }
    for (const at of [...best.plan.keys()].sort((a, b) => b - a)) {
      if (left-- <= 0) break;
      const plan = new Map([...best.plan].filter(([i]) => i !== at));
      if (!stillFound(plan, best.chosen)) continue;
      shorter = true;
      break;
    }
  }
  return best;
}
