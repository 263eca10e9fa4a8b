// Run to Allocation, Free and Use: of the memory that the debugged run's finding is about.

import type { Command } from "./command.js";

export const debugRunToAllocation: Command = { id: "tceScope.debugRunToAllocation", run: ({ debug }) => debug.move("allocation") };
export const debugRunToFree: Command = { id: "tceScope.debugRunToFree", run: ({ debug }) => debug.move("free") };
export const debugRunToUse: Command = { id: "tceScope.debugRunToUse", run: ({ debug }) => debug.move("use") };
