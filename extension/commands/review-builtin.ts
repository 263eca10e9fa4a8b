// Reviews the extension's own change to the tree; a link in the panel.

import type { Command } from "./command.js";
import { startReview } from "./review-run.js";

export const reviewBuiltin: Command = { id: "tceScope.reviewBuiltin", internal: true, run: (services) => startReview(services, { kind: "builtin" }) };
