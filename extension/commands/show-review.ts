// Show Review: the panel.

import { commands } from "vscode";
import { panelViewId } from "../pages/index.js";
import type { Command } from "./command.js";

export const showReview: Command = { id: "tceScope.showReview", run: () => commands.executeCommand(`${panelViewId}.focus`) };
