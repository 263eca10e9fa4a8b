// tcescope replay: the run of a finding, by its witness.

import { bad, readHunks, readPatchFile, readTree, refuse } from "./cli-input.js";
import { runReview } from "./cli-review.js";
import type { Command } from "./command.js";

export const replayCommand: Command = {
  name: "replay",
  usage: `  tcescope replay --tree DIR [--patch FILE] --witness STRING
                                            replay the run of a finding`,
  maxArguments: 0,
  async run(args) {
    const { patch, witness, search } = args.options;
    const tree = readTree(args.options);
    if (witness === undefined) return bad("No witness given.", "Use --witness STRING with a witness copied from a finding.");
    if (search !== undefined) bad("replay does not accept a search.", "Use tcescope review or run.");
    refuse(args.options, "replay", ["questions"]);
    return runReview(args, { tree, ...(patch === undefined ? {} : { patch: readPatchFile(patch) }), witness, ...readHunks(args.options) });
  },
};
