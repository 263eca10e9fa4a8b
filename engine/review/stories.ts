// Findings with their stories: each witness is replayed in the build that records every visible operation.

import { keyOf, Recorder, type Recording, STALL_NS, storyOf, tracedBuild } from "../explore/index.js";
import { Machine, type MachineFinding, replay, type RunOptions } from "../machine/index.js";
import type { Program } from "../c/ir/index.js";
import type { Scenario } from "../scenario/index.js";
import type { Finding } from "./result.js";
import { LIMITS, type Loaded } from "./run-variant.js";

/** Further findings of a run get no story: they concern the same few objects. */
const MAX_STORIES = 12;

/** Options with which searches and recordings run a program. */
export function searchOptions(l: Loaded, scenario: Scenario): Omit<RunOptions, "decisions" | "onVisible" | "onEffect" | "stall"> {
  return {
    params: scenario.values,
    cpus: Number(scenario.values["cpus"] ?? 2n),
    limits: LIMITS,
    main: "tcs_main",
    ...(l.compiled.program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
  };
}

type Starts = (machine: Machine) => boolean;

/** A removal begins with the thread that carries it out. */
const removes: Starts = (machine) => machine.progress.threads.list.some((t) => t.name === "drmgr");
/** A custom scenario may have other actors: then it is the first actor after the thread that boots. */
const acts: Starts = (machine) => machine.progress.threads.list.some((t) => t.id !== 1 && !t.daemon);
const always: Starts = () => true;

/** Found once for a search and the stories of all its findings. */
const starts = new WeakMap<Program, WeakMap<Scenario, Starts>>();

/**
 * Where the search and its stories begin: the first of these moments that the default run reaches. Everything before it is
 * the same in every execution. A run that reaches none is not searched and must not be called searched.
 */
export function searchStart(l: Loaded, scenario: Scenario): Starts {
  const { program } = l.compiled;
  const known = starts.get(program) ?? new WeakMap<Scenario, Starts>();
  starts.set(program, known);
  const start = known.get(scenario) ?? findStart(l, scenario);
  known.set(scenario, start);
  return start;
}

function findStart(l: Loaded, scenario: Scenario): Starts {
  const machine = new Machine(tracedBuild(l.compiled.program), { ...searchOptions(l, scenario), decisions: replay([]), stall: STALL_NS });
  let others = false;
  try {
    do {
      if (removes(machine)) return removes;
      others ||= acts(machine);
    } while (machine.step());
  } finally {
    machine.release();
  }
  return others ? acts : always;
}

export function recorderOf(l: Loaded, scenario: Scenario): Recorder {
  return new Recorder(tracedBuild(l.compiled.program), searchOptions(l, scenario), searchStart(l, scenario));
}

/** The finding in the recorded run. */
export function inRecording(recording: Recording, finding: MachineFinding): MachineFinding | undefined {
  return recording.outcome.findings.find((f) => keyOf(f) === keyOf(finding));
}

/** Findings of a run, the worst ones with stories. */
export function withStories(recording: Recording, findings: readonly Finding[]): readonly Finding[] {
  const rank = { oops: 0, silent: 1, warning: 2 } as const;
  const chosen = new Set([...findings].sort((a, b) => rank[a.severity] - rank[b.severity]).slice(0, MAX_STORIES));
  return findings.map((f) => {
    const seen = chosen.has(f) ? inRecording(recording, f) : undefined;
    return seen === undefined ? f : { ...f, story: storyOf(recording, seen) };
  });
}
