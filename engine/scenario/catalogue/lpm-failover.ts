import { pagePool } from "./page-pool.js";
import { FREED, WAITED } from "./reasons.js";
import type { ScenarioSpec } from "./spec.js";

export const lpmFailover: ScenarioSpec = {
  ...pagePool,
  name: "lpm-failover",
  purpose:
    "Live partition migration: the bond fails over to virtual Ethernet, the SR-IOV function with a page pool is removed, memory is copied, and a function is added at the destination.",
  source: "world/lpm_failover.c",
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `the pages outlive the function: ${FREED}; ${WAITED}` },
    "6.12": { tree: "clean", mail: "clean", why: "the pool unmapped its pages when the function was closed" },
  },
};
