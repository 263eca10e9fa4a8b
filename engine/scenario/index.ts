// The built-in scenarios (catalogue/), a user's choice of one with its parameters, and scenario files.
// Must not run anything.

export { exampleScenario, lateUnmap, type ParameterSpec, type ScenarioSpec, scenarios } from "./catalogue/index.js";
export { readScenarioFile, scenarioOfFile } from "./scenario-file.js";
export { makeScenario, NEVER, type OwnSource, parseTime, type Scenario, type ScenarioChoice, scenarioNamed } from "./scenario.js";
