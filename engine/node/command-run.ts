// tcescope run: the tree alone.

import { bad, readTree, refuse, refuseWitness } from "./cli-input.js";
import { runReview } from "./cli-review.js";
import type { Command } from "./command.js";

export const runCommand: Command = {
  name: "run",
  usage: `  tcescope run    --tree DIR                run the tree alone`,
  maxArguments: 0,
  async run(args) {
    const tree = readTree(args.options);
    if (args.options.patch !== undefined) bad("run does not accept a patch.", "Use tcescope review.");
    refuseWitness(args.options, "run");
    refuse(args.options, "run", ["hunks", "questions"]);
    return runReview(args, { tree });
  },
};
