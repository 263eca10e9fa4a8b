// The built-in scenarios and what describes one (spec.ts). Data only.
// Must not depend on how a user chooses a scenario.

export { exampleScenario } from "./example.js";
export { lateUnmap } from "./late-unmap.js";
export { scenarios } from "./scenarios.js";
export type { ParameterSpec, ScenarioSpec } from "./spec.js";
