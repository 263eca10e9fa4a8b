// Sentences that several parts of a review share: what was covered, the condition of a finding, what is assumed.

import { parseTime, type Scenario } from "../scenario/index.js";
import type { VariantResult } from "./result.js";

export function time(ns: number): string {
  const n = (value: number): string => String(Number(value.toFixed(3)));
  return ns >= 1e9 ? `${n(ns / 1e9)} s` : ns >= 1e6 ? `${n(ns / 1e6)} ms` : ns >= 1e3 ? `${n(ns / 1e3)} µs` : `${n(ns)} ns`;
}

/** A time parameter for people: "120.011 s" for `120011ms`. Witnesses and scenario files keep their own syntax. */
export function timeText(parameter: string): string {
  const ns = parameter === "never" ? undefined : parseTime(parameter);
  return ns === undefined ? parameter : time(Number(ns));
}

export function holdText(hold: string): string {
  return hold === "never" ? "buffers never released" : `hold ${timeText(hold)}`;
}

export function parametersInWords(s: Scenario): string {
  const p = s.parameters;
  const held = p["hold"] === "never" ? "never released" : `held ${timeText(p["hold"] ?? "?")}`;
  return `${p["buffers"] ?? "?"} buffers, ${p["late"] ?? "?"} ${held}, ${p["cpus"] ?? "?"} CPUs`;
}

/** What "nothing found" means for one run. */
export function coveredText(s: Scenario, preemptions: number): string {
  const schedule =
    preemptions === 0 ? "default schedule (no preemptions)" : `1 schedule with ${preemptions === 1 ? "1 preemption" : `${String(preemptions)} preemptions`}`;
  return `1 execution: ${schedule}; ${parametersInWords(s)}; sequential consistency. Other schedules and timings were not run.`;
}

export function conditionOf(s: Scenario, preemptions: number): string {
  const how = preemptions === 0 ? "Default schedule" : `Seen with ${preemptions === 1 ? "1 preemption" : `${String(preemptions)} preemptions`}`;
  return `${how}, ${parametersInWords(s)}`;
}

const SLAB: Readonly<Record<string, string>> = {
  kept: "Freed memory is not reused within a run: reads of a freed table see its old values.",
  poisoned: "A freed slab object holds slub's poison; its memory is not reallocated within a run.",
  reused: "A freed slab object holds made-up values, as if another object reused it; its memory is not reallocated within a run.",
};

/** What every verdict assumes. */
export function assumptionsOf(s: Scenario): readonly string[] {
  return [
    "Memory is sequentially consistent; reordering by the CPU is not explored.",
    "Interrupts are not simulated; the timer tick does not preempt threads.",
    "The durations of hypercalls, RTAS calls and DLPAR steps are nominal; waits and timeouts are the kernel's own.",
    SLAB[s.parameters["slab"] ?? "kept"] ?? "",
    "The kernel configuration is the built-in pseries one (64 KiB pages, radix, SMP).",
    ...(s.files === undefined ? [] : ["Plain memory accesses in the scenario's own C file are not preemption points; its calls into the kernel are."]),
  ];
}

const KINDS: Readonly<Record<string, string>> = { leak: "memory leak", locking: "locking error", refcount: "refcount error", warn: "warning" };

/** The outcome in a few words: "oops in __bitmap_clear", "nothing found", "cannot judge". */
export function outcomeWords(v: VariantResult): string {
  if (v.outcome === "cannot-judge") return "cannot judge";
  if (v.outcome === "clean") return "nothing found";
  const oops = v.findings.find((f) => f.severity === "oops");
  if (oops !== undefined) return `oops in ${oops.function}`;
  const worst = v.findings.find((f) => f.kind === "hang") ?? v.findings.find((f) => f.severity === "warning") ?? v.findings[0];
  return worst === undefined ? "nothing found" : `${KINDS[worst.kind] ?? worst.kind.replaceAll("-", " ")} in ${worst.function}`;
}
