// Moves the cursor to a moment of a run and opens the timeline; a code lens.

import { commands } from "vscode";
import type { Command } from "./command.js";

export const showMoment: Command = {
  id: "tceScope.showMoment",
  internal: true,
  run: async ({ session }, variant, t) => {
    if ((variant !== "before" && variant !== "after") || typeof t !== "number") return;
    session.moveCursor({ t, variant });
    await commands.executeCommand("tceScope.showTimeline");
  },
};
