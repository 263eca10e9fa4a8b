// Leads to a finding and opens the timeline; quick fixes and the findings tree.

import { commands } from "vscode";
import type { Command } from "./command.js";

export const showInTimeline: Command = {
  id: "tceScope.showInTimeline",
  internal: true,
  run: async (_services, variant, index) => {
    await commands.executeCommand("tceScope.showFinding", variant, index);
    await commands.executeCommand("tceScope.showTimeline");
  },
};
