// Review Clipboard: the patch or mail that was copied as text.

import { clipboardPatch } from "../review/index.js";
import type { Command } from "./command.js";
import { startReview } from "./review-run.js";

export const reviewClipboard: Command = { id: "tceScope.reviewClipboard", run: async (services) => startReview(services, await clipboardPatch()) };
