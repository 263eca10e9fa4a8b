// Clear Review: forgets the review and its results.

import type { Command } from "./command.js";

export const clearReview: Command = { id: "tceScope.clearReview", run: ({ session }) => session.clear() };
