import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const heavyIo: ScenarioSpec = {
  name: "heavy-io",
  purpose: "One queue per CPU maps and unmaps buffers of many sizes as fast as it can; then the device is removed as in late-unmap.",
  source: "world/heavy_io.c",
  parameters: withDefaults({ cpus: "4" }),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}; ${WAITED}` },
  },
};
