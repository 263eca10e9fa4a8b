// Show Findings: the tree view.

import { commands } from "vscode";
import { findingsViewId } from "../findings/index.js";
import type { Command } from "./command.js";

export const showFindings: Command = { id: "tceScope.showFindings", run: () => commands.executeCommand(`${findingsViewId}.focus`) };
