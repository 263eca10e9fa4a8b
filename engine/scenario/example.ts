// The scenario of the small tree in examples/tree, by which a newcomer learns the tool. It is no scenario of a kernel,
// so it stands beside the catalogue and is offered only where that tree is open.

import { type ScenarioSpec, withDefaults } from "./spec.js";

const used: ReadonlySet<string> = new Set(["buffers", "late", "hold", "hz", "cpus", "report", "slab", "seed"]);

export const exampleScenario: ScenarioSpec = {
  name: "example",
  purpose: "The small tree: a driver maps buffers, its slot is detached, and some of the buffers are unmapped only after a hold.",
  source: "world/example.c",
  onlyTreeFiles: [{ path: "arch/powerpc/kernel/iommu.c" }, { path: "arch/powerpc/platforms/pseries/iommu.c" }],
  parameters: withDefaults({}, 64).filter(({ name }) => used.has(name)),
};
