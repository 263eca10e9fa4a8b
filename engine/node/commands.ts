// The subcommands, in the order of the help. A new subcommand is a file that exports a Command, and a line here.

import type { Command } from "./command.js";
import { explainCommand } from "./command-explain.js";
import { hunksCommand } from "./command-hunks.js";
import { mergeCommand } from "./command-merge.js";
import { replayCommand } from "./command-replay.js";
import { reviewCommand } from "./command-review.js";
import { runCommand } from "./command-run.js";

export const commands: readonly Command[] = [reviewCommand, runCommand, replayCommand, hunksCommand, mergeCommand, explainCommand];
