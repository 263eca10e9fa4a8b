import { FREED, WAITED } from "./reasons.js";
import { type ScenarioSpec, withDefaults } from "./spec.js";

export const removeThenAdd: ScenarioSpec = {
  name: "remove-then-add",
  purpose: "The slot is added again, with the same LIOBN, one second after its removal.",
  source: "world/remove_then_add.c",
  parameters: withDefaults(),
  expected: {
    "6.1": { tree: "oops", mail: "clean", why: `${FREED}, after it has cleared TCEs of the new window; ${WAITED}, so the slot is added after it` },
    "6.12": { tree: "oops", mail: "clean", why: `${FREED}, after it has cleared TCEs of the new window; ${WAITED}, so the slot is added after it` },
  },
};
