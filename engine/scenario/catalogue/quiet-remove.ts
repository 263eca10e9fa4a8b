import { type ScenarioSpec, withDefaults } from "./spec.js";

export const quietRemove: ScenarioSpec = {
  name: "quiet-remove",
  purpose: "All buffers are unmapped before the device is removed.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ late: "0" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the table is empty when it is freed" },
    "6.12": { tree: "clean", mail: "clean", why: "the table is empty when it is freed" },
  },
};
