// Run Again: the review as it is, with the tree read again.

import type { Command } from "./command.js";
import { watchRun } from "./review-run.js";

export const runAgain: Command = { id: "tceScope.runAgain", run: (services) => watchRun(services, services.session.runAgain()) };
