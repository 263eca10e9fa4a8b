// Step Operation and Step Back Operation: to the next or previous visible operation of the debugged run.

import type { Command } from "./command.js";

export const debugStepOperation: Command = { id: "tceScope.debugStepOperation", run: ({ debug }) => debug.move("operation") };
export const debugStepBackOperation: Command = { id: "tceScope.debugStepBackOperation", run: ({ debug }) => debug.move("operation-back") };
