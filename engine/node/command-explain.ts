// tcescope explain: the run that shows what a kernel log reports.

import { readFileSync } from "node:fs";
import { explain } from "../explain/index.js";
import { bad, BadInput, readBytes, readPatchFile, readTree, refuseWitness } from "./cli-input.js";
import { clearProgress, terminalHost, writeReport } from "./cli-output.js";
import type { Command } from "./command.js";

export const explainCommand: Command = {
  name: "explain",
  usage: `  tcescope explain --tree DIR [--patch FILE] LOG|-
                                            find the run that shows the oops in a kernel log`,
  maxArguments: 1,
  async run(args) {
    const { patch } = args.options;
    const tree = readTree(args.options);
    const log = args.positionals[1] ?? bad("No log given.", "Pass a file with the kernel log, or - for standard input.");
    refuseWitness(args.options, "explain");
    const subject = patch === undefined ? {} : { patch: readPatchFile(patch) };
    const text = new TextDecoder().decode(log === "-" ? readFileSync(0) : readBytes(log));
    const explained = await explain({ tree, text, ...subject }, terminalHost());
    clearProgress();
    if (!explained.ok) throw new BadInput(explained.error);
    writeReport(args, (format) => format.explanation(explained.value));
    return explained.value.verdict === "reproduced" ? 0 : 1;
  },
};
