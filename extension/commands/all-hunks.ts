// Apply All Hunks: undoes the choice of hunks.

import type { Command } from "./command.js";

export const allHunks: Command = { id: "tceScope.allHunks", run: ({ session }) => session.allHunks() };
