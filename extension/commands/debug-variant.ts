// Debug Before and Debug After: the run without the patch, and with it.

import type { Command } from "./command.js";

export const debugBefore: Command = { id: "tceScope.debugBefore", run: ({ debug }) => debug.start({ variant: "before" }) };
export const debugAfter: Command = { id: "tceScope.debugAfter", run: ({ debug }) => debug.start({ variant: "after" }) };
