import { type ScenarioSpec, withDefaults } from "./spec.js";

export const hcallFailure: ScenarioSpec = {
  name: "hcall-failure",
  purpose: "A hypercall that sets TCEs fails for lack of resources while the driver maps its buffers.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ late: "0", failcall: "5" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the mapping fails, its entries are released, and the driver continues without the buffer" },
    "6.12": { tree: "clean", mail: "clean", why: "the mapping fails, its entries are released, and the driver continues without the buffer" },
  },
};
