// The debug build: a thread can stop at each line of the tree's code and at each visible operation. Everything that the run
// can observe (schedule, clock, call traces in the log) equals the build in which it was recorded.

import { type CompiledProgram, compileProgram } from "../machine/index.js";

const builds = new WeakMap<CompiledProgram, CompiledProgram>();

/** @param recorded the build whose runs are replayed */
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
