import { pagePool, POOL_BUFFERS } from "./page-pool.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const pagePoolStalled: ScenarioSpec = {
  ...pagePool,
  name: "page-pool-stalled",
  purpose: "Like page-pool, but the network stack holds the pages for 135 s, longer than a 120 s wait loop.",
  parameters: withDefaults({ hold: "135s" }, POOL_BUFFERS),
  expected: {
    "6.1": { tree: "oops", mail: "oops", why: "the patch's wait loop gives up after 120 s and frees the table anyway" },
    "6.12": { tree: "clean", mail: "clean", why: "nothing is mapped at the detach; the pool only reports that it is stalled" },
  },
};
