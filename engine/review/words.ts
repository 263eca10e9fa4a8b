// The sentences of a review that more than one place says: what was covered, what a finding takes, what is assumed.

import type { Scenario } from "../scenario/index.js";
import type { VariantResult } from "./result.js";

export function parametersInWords(s: Scenario): string {
  const p = s.parameters;
  return `${p["buffers"] ?? "?"} buffers, ${p["late"] ?? "?"} of them held ${p["hold"] === "never" ? "for ever" : `for ${p["hold"] ?? "?"}`}, ${p["cpus"] ?? "?"} CPUs`;
}

/** What "nothing found" means for one run. */
export function coveredText(s: Scenario, preemptions: number): string {
  const schedule =
    preemptions === 0 ? "the schedule without preemptions" : `one schedule with ${preemptions === 1 ? "1 preemption" : `${String(preemptions)} preemptions`}`;
  return `1 execution: ${schedule}; ${parametersInWords(s)}; sequential consistency. Other schedules and timings were not run.`;
}

export function conditionOf(s: Scenario, preemptions: number): string {
  const how = preemptions === 0 ? "Needs no preemption" : `Seen with ${preemptions === 1 ? "1 preemption" : `${String(preemptions)} preemptions`}`;
  return `${how}: ${parametersInWords(s)}.`;
}

const SLAB: Readonly<Record<string, string>> = {
  kept: "Freed memory is not reused within a run: reads of a freed table see its old values.",
  poisoned: "A freed slab object holds slub's poison; its memory is not handed out again within a run.",
  reused: "A freed slab object holds made-up values of another object; its memory is not handed out again within a run.",
};

/** What a verdict assumes, whatever the tree. */
export function assumptionsOf(s: Scenario): readonly string[] {
  return [
    "Memory is sequentially consistent; reordering by the CPU is not explored.",
    "Interrupts are not simulated; threads are not preempted by the clock.",
    "Times of hypercalls, RTAS calls and the steps of DLPAR are nominal; waits and timeouts are the kernel's own.",
    SLAB[s.parameters["slab"] ?? "kept"] ?? "",
    "The configuration is the built-in pseries one (64 KiB pages, radix, SMP).",
    ...(s.files === undefined
      ? []
      : ["Plain accesses in the scenario's own C file are no places where a thread can be preempted; its calls into the kernel are."]),
  ];
}

/** The outcome in a few words: "oops in __bitmap_clear", "nothing found", "cannot judge". */
export function outcomeWords(v: VariantResult): string {
  if (v.outcome === "cannot-judge") return "cannot judge";
  if (v.outcome === "clean") return "nothing found";
  const oops = v.findings.find((f) => f.severity === "oops");
  if (oops !== undefined) return `oops in ${oops.function}`;
  const worst = v.findings.find((f) => f.kind === "hang") ?? v.findings.find((f) => f.severity === "warning") ?? v.findings[0];
  return worst === undefined ? "nothing found" : `${worst.kind} in ${worst.function}`;
}
