// Choosing scenarios and editing scenario files.
// Must not run anything itself.

export { ScenarioFiles } from "./scenario-files.js";
export { defaultScenario, parseParameters, scenarioOf, searchesOf } from "./scenario-input.js";
export { pickScenario } from "./scenario-picker.js";
