// Findings with their stories: each witness is played once more in the build that tells every visible operation.

import { keyOf } from "../explore/finding-key.js";
import { Recorder, type Recording } from "../explore/recording.js";
import { tracedBuild } from "../explore/search.js";
import { storyOf } from "../explore/story.js";
import type { RunOptions, Machine } from "../machine/machine.js";
import type { MachineFinding } from "../machine/record.js";
import type { Scenario } from "../scenario/scenario.js";
import type { Finding } from "./result.js";
import { LIMITS, type Loaded } from "./run-variant.js";

/** More findings of one run get no story: they are about the same few objects. */
const MOST = 12;

/** How a search and a recording run a program. */
export function searchOptions(l: Loaded, scenario: Scenario): Omit<RunOptions, "decisions" | "onVisible" | "onEffect" | "stall"> {
  return {
    params: scenario.values,
    cpus: Number(scenario.values["cpus"] ?? 2n),
    limits: LIMITS,
    main: "tcs_main",
    ...(l.compiled.program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
  };
}

/** The search begins with the actor that removes the device; until then one thread runs, or all orders are equal. */
export function searchStarts(machine: Machine): boolean {
  return machine.progress.threads.list.some((t) => t.name === "drmgr");
}

export function recorderOf(l: Loaded, scenario: Scenario): Recorder {
  return new Recorder(tracedBuild(l.compiled.program), searchOptions(l, scenario), searchStarts);
}

/** The finding as the recorded run has it. */
export function inRecording(recording: Recording, finding: MachineFinding): MachineFinding | undefined {
  return recording.outcome.findings.find((f) => keyOf(f) === keyOf(finding));
}

/** Findings of one run, the worst ones with their stories. */
export function withStories(recording: Recording, findings: readonly Finding[]): readonly Finding[] {
  const rank = { oops: 0, silent: 1, warning: 2 } as const;
  const chosen = new Set([...findings].sort((a, b) => rank[a.severity] - rank[b.severity]).slice(0, MOST));
  return findings.map((f) => {
    const seen = chosen.has(f) ? inRecording(recording, f) : undefined;
    return seen === undefined ? f : { ...f, story: storyOf(recording, seen) };
  });
}
