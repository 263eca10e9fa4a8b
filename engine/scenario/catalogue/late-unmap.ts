import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const lateUnmap: ScenarioSpec = {
  name: "late-unmap",
  purpose: "A driver maps buffers. The device is removed and the node that owns the DMA window is detached; some buffers are held and unmapped later.",
  source: "world/late_unmap.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};
