// Shortens a witness: leaves out one switch after the other as long as the same finding is still there.

import { keyOf } from "./finding-key.js";
import type { Found, Executor } from "./search.js";
import type { Plan } from "./schedule.js";

/** The finding with the shortest plan found by leaving switches out; at most `tries` executions. */
export function minimise(executor: Executor, found: Found, tries: number): Found {
  let best = found;
  let left = tries;
  for (let again = true; again && left > 0;) {
    again = false;
    for (const at of [...best.plan.keys()].sort((a, b) => b - a)) {
      if (left-- <= 0) break;
      const plan: Plan = new Map([...best.plan].filter(([i]) => i !== at));
      const state = executor.run(plan, 0);
      const finding = state.findings.find((f) => keyOf(f) === keyOf(found.finding));
      const { nodes } = executor.schedule;
      const preemptions = nodes[nodes.length - 1]?.preemptions ?? 0;
      if (finding === undefined || preemptions > best.preemptions) continue;
      best = { ...best, finding, plan, preemptions, decisions: executor.decisions() };
      again = true;
      break;
    }
  }
  return best;
}
