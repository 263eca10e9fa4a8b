import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const ddwBesideDefault: ScenarioSpec = {
  name: "ddw-beside-default",
  purpose: "Like late-unmap, with a dynamic window in tables[1] next to the default window.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ window: "beside" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};
