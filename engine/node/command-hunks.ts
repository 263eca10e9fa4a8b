// tcescope hunks: every subset of the patch's hunks, under each hold.

import { hunkTableText } from "../report/index.js";
import { hunkTable } from "../review/index.js";
import { Compiler } from "../world/index.js";
import { BadInput, readPatchFile, readScenario, readTree, refuse, refuseWitness, requirePatch } from "./cli-input.js";
import { readSearch } from "./cli-search.js";
import type { Command } from "./command.js";

export const hunksCommand: Command = {
  name: "hunks",
  usage: `  tcescope hunks  --tree DIR --patch FILE   run every subset of the patch's hunks
                                            (--holds 3s,135s: one table per hold)`,
  maxArguments: 0,
  async run({ options }) {
    const tree = readTree(options);
    const patch = requirePatch(options);
    refuseWitness(options, "hunks");
    readSearch(options);
    refuse(options, "hunks", ["hunks", "questions"]);
    const table = await hunkTable(
      { tree, patch: readPatchFile(patch), scenario: readScenario(options), holds: (options.holds ?? "3s,135s").split(",") },
      { compiler: new Compiler(), breathe: () => Promise.resolve(false), progress: () => undefined },
      () => undefined,
    );
    if (!table.ok) throw new BadInput(table.error);
    process.stdout.write(hunkTableText(table.value));
    return 0;
  },
};
