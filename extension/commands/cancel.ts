// Cancel: the current run.

import type { Command } from "./command.js";

export const cancel: Command = { id: "tceScope.cancel", run: ({ session }) => session.cancel() };
