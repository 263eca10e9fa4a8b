// Show Timeline: the view in the panel area.

import { commands } from "vscode";
import { timelineViewId } from "../pages/index.js";
import type { Command } from "./command.js";

export const showTimeline: Command = { id: "tceScope.showTimeline", run: () => commands.executeCommand(`${timelineViewId}.focus`) };
