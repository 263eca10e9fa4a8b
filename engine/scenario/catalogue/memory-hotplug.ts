import { type ScenarioSpec, withDefaults } from "./spec.js";

export const memoryHotplug: ScenarioSpec = {
  name: "memory-hotplug",
  purpose: "With a window that maps all RAM, memory is added and removed, then the device is removed.",
  source: "world/memory_hotplug.c",
  parameters: withDefaults({ window: "direct" }),
  expected: {
    "6.1": { tree: "clean", mail: "clean", why: "the tree's memory notifier sets and clears the block's TCEs; an unmap touches none" },
    "6.12": { tree: "clean", mail: "clean", why: "the tree's memory notifier sets and clears the block's TCEs; an unmap touches none" },
  },
};
