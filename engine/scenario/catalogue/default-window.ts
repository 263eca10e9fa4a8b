import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const defaultWindow: ScenarioSpec = {
  name: "default-window",
  purpose: "Like late-unmap, but with only the 32-bit default window: the firmware offers no dynamic windows.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ window: "default" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; the window itself still exists, so no hypercall fails; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; the window itself still exists, so no hypercall fails; ${WAITED}` },
  },
};
