import { pagePoolFiles } from "../../kernel/index.js";
import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

/** A page of the pool is 64 KiB, and the machine has 64 MiB in total. */
export const POOL_BUFFERS = 384;

export const pagePool: ScenarioSpec = {
  name: "page-pool",
  purpose: "The driver takes receive pages from the tree's page pool and destroys the pool on removal while the network stack still holds some pages.",
  source: "world/page_pool.c",
  treeFiles: pagePoolFiles,
  parameters: withDefaults({}, POOL_BUFFERS),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `this pool unmaps a page when it is returned: ${FREED}; ${WAITED}` },
    "6.12": { tree: "clean", mail: "clean", why: "this pool tracks its mapped pages and unmaps them all when it is destroyed" },
  },
};
