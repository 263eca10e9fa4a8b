// tcescope merge: the parts of a search that were run apart, joined.

import { bad } from "./cli-input.js";
import { writeReview } from "./cli-output.js";
import { mergeFiles } from "./cli-parts.js";
import type { Command } from "./command.js";

export const mergeCommand: Command = {
  name: "merge",
  usage: `  tcescope merge FILE…                      join the JSON of a search's parts (--shard)`,
  maxArguments: Infinity,
  run(args) {
    const files = args.positionals.slice(1);
    if (files.length === 0) bad("No files given.", "Pass the JSON files of all parts.");
    return Promise.resolve(writeReview(args, mergeFiles(files)));
  },
};
