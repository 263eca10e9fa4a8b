// Debugs a run from the first entry into a function; a code lens.

import type { Command } from "./command.js";

export const debugFunction: Command = {
  id: "tceScope.debugFunction",
  internal: true,
  run: async ({ debug }, variant, name) => {
    if ((variant !== "before" && variant !== "after") || typeof name !== "string") return;
    await debug.startInFunction(variant, name);
  },
};
