import { WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const mapDuringWait: ScenarioSpec = {
  name: "map-during-wait",
  purpose: "A second user of the device keeps mapping and unmapping while the window's node is being detached.",
  source: "world/map_during_wait.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `the second user allocates from the freed table; ${WAITED} and also waits for buffers mapped in the meantime` },
    "6.12": { tree: "oops", mail: "clean", why: `the second user allocates from the freed table; ${WAITED} and also waits for buffers mapped in the meantime` },
  },
};
