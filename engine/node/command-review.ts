// tcescope review: the tree without and with a patch.

import { readHunks, readPatchFile, readTree, refuseWitness, requirePatch } from "./cli-input.js";
import { runReview } from "./cli-review.js";
import type { Command } from "./command.js";

export const reviewCommand: Command = {
  name: "review",
  usage: `  tcescope review --tree DIR --patch FILE   run the tree without and with the patch
                                            (--patch builtin: the built-in change)`,
  maxArguments: 0,
  async run(args) {
    const tree = readTree(args.options);
    const patch = requirePatch(args.options);
    refuseWitness(args.options, "review");
    return runReview(args, { tree, patch: readPatchFile(patch), ...readHunks(args.options) });
  },
};
