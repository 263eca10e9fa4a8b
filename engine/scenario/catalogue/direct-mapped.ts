import { type ScenarioSpec, withDefaults } from "./spec.js";

export const directMapped: ScenarioSpec = {
  name: "direct-mapped",
  purpose: "Like late-unmap, with a direct-mapped dynamic window: all RAM is mapped once.",
  source: "world/late_unmap.c",
  parameters: withDefaults({ window: "direct" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "an unmap touches neither TCEs nor a table" },
    "6.12": { tree: "clean", mail: "clean", why: "an unmap touches neither TCEs nor a table" },
  },
};
