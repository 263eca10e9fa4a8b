// The catalogue of scenarios with their parameters, and scenario files.
// Must not run anything.

export { scenarios } from "./catalogue.js";
export { lateUnmap } from "./catalogue/late-unmap.js";
export { exampleScenario } from "./example.js";
export { readScenarioFile, scenarioOfFile } from "./scenario-file.js";
export { makeScenario, NEVER, type OwnSource, parseTime, type Scenario, type ScenarioChoice, scenarioNamed } from "./scenario.js";
export type { ParameterSpec, ScenarioSpec } from "./spec.js";
