// The build that a run is looked at in: each line of the tree's code and each visible operation can stop a thread. What
// the run itself can see (schedule, clock, call traces in the log) is that of the build it was recorded in.

import { type CompiledProgram, compileProgram } from "../machine/index.js";

const builds = new WeakMap<CompiledProgram, CompiledProgram>();

/** @param recorded the build whose runs are to be played again */
export function debugBuild(recorded: CompiledProgram): CompiledProgram {
  const known = builds.get(recorded);
  if (known !== undefined) return known;
  const { codeOffset, codeSize, siteOffset, preemptible } = recorded.emitted;
  const made = compileProgram(recorded.program, { preemptible, debug: true });
  // Call traces print offsets and sizes of code.
  const build: CompiledProgram = { ...made, emitted: { ...made.emitted, codeOffset, codeSize, siteOffset } };
  builds.set(recorded, build);
  return build;
}
