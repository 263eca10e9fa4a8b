// Choosing scenarios and editing scenario files.
// Must not run anything.

export { ScenarioFiles } from "./files.js";
export { scenarioFor } from "./for-tree.js";
export { parseParameters, scenarioOf, searchesOf } from "./input.js";
export { pickScenario } from "./picker.js";
