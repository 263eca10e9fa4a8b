import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const twoRemovals: ScenarioSpec = {
  name: "two-removals",
  purpose: "Two slots, each with its own window, are removed at the same time on two CPUs.",
  source: "world/two_removals.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `for each slot: ${FREED}; ${WAITED}, and one wait does not delay the other` },
    "6.12": { tree: "oops", mail: "clean", why: `for each slot: ${FREED}; ${WAITED}, and one wait does not delay the other` },
  },
};
