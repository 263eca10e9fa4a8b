import { type ScenarioSpec, withDefaults } from "./spec.js";

export const noMemory: ScenarioSpec = {
  name: "no-memory",
  purpose: "An allocation fails while the driver starts; on the tested trees it is the dynamic window's allocation map.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ late: "0", failalloc: "6" }),
  expected: {
    "6.1": { tree: "oops", mail: "oops", why: "enable_ddw() ignores the return value of iommu_init_table(): the table is used without a map" },
    "6.12": { tree: "oops", mail: "oops", why: "enable_ddw() ignores the return value of iommu_init_table(): the table is used without a map" },
  },
};
