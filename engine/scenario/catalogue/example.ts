// The scenario of the small tree in examples/tree, with which a newcomer learns the tool. That tree is not a kernel, so
// this scenario is not in the list of scenarios and is offered only if that tree is open.

import { type ScenarioSpec, withDefaults } from "./spec.js";

const usedParameters: ReadonlySet<string> = new Set(["buffers", "late", "hold", "hz", "cpus", "report", "slab", "seed"]);

export const exampleScenario: ScenarioSpec = {
  name: "example",
  purpose: "The small tree: a driver maps buffers, its slot is detached, and some of the buffers are unmapped only after a hold.",
  source: "world/example.c",
  onlyTreeFiles: [{ path: "arch/powerpc/kernel/iommu.c" }, { path: "arch/powerpc/platforms/pseries/iommu.c" }],
  parameters: withDefaults({}, 64).filter(({ name }) => usedParameters.has(name)),
};
