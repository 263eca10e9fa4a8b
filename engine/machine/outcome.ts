// The result of a finished run: outcome, findings, timeline, coverage, functions reached, witness. It only reads the
// machine's state.

import { encodeDecisions } from "./decisions.js";
import type { Core } from "./core.js";
import type { Lost, MachineFinding, Occupancy, Span, Timeline } from "./record.js";
import { hashOf, type TraceState } from "./state.js";

export interface RunOutcome {
  readonly outcome: "clean" | "finding" | "cannot-judge" | "cancelled";
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number; readonly function: string };
  readonly findings: readonly MachineFinding[];
  readonly lost: readonly Lost[];
  readonly log: readonly string[];
  readonly timeline: Timeline;
  readonly occupancy: readonly Occupancy[];
  readonly detach: { readonly start: number; readonly end: number | null } | null;
  readonly mappedAtDetach: number;
  readonly peak: number;
  /** Times each line was executed, by file, in order of line. */
  readonly coverage: readonly { readonly file: string; readonly lines: readonly (readonly [number, number])[] }[];
  /** C names of the functions that ran. */
  readonly functions: { readonly tree: readonly string[]; readonly provided: readonly string[]; readonly assumed: readonly string[] };
  /** Decision string that replays this run. */
  readonly decisions: string;
  /** Equal for equal runs. */
  readonly hash: string;
  readonly stats: {
    readonly virtualTime: number;
    readonly visibleOps: number;
    readonly slices: number;
    readonly preemptions: number;
    readonly decisionsAsked: readonly number[];
  };
}

export function outcomeOf(core: Core): Omit<RunOutcome, "lost"> {
  const { state, program } = core;
  const { trace, end } = state;
  const judged = state.findings.length > 0 ? "finding" : "clean";
  const outcome = end?.k === "cannot" ? "cannot-judge" : end?.k === "cancelled" ? "cancelled" : judged;
  const timesRun = core.timesRun();
  const assumedNames = [...program.assumed.keys()];
  return {
    outcome,
    ...(end?.k === "cannot" ? { reason: { message: end.message, file: end.file, line: end.line, function: end.function } } : {}),
    findings: state.findings,
    log: trace.log,
    timeline: timelineOf(core),
    // The last reading is always included, even if readings were thinned.
    occupancy: trace.thinOccupancy.left > 0 ? [...trace.occupancy, { t: state.clock, mapped: trace.mapped, bits: trace.bits }] : trace.occupancy,
    detach: trace.detachStart < 0 ? null : { start: trace.detachStart, end: trace.detachEnd < 0 ? null : trace.detachEnd },
    mappedAtDetach: trace.mappedAtDetach,
    peak: trace.peak,
    coverage: coverageOf(core, timesRun),
    functions: { ...executed(core, timesRun), assumed: state.assumed.map((index) => assumedNames[index] ?? "?") },
    decisions: encodeDecisions(state.deviations),
    hash: hashOf(trace),
    stats: { virtualTime: state.clock, visibleOps: state.ops, slices: state.slices, preemptions: state.preemptions, decisionsAsked: [...state.asked] },
  };
}

function timelineOf(core: Core): Timeline {
  const { state } = core;
  const end = state.clock;
  const spans: Span[] = state.trace.spans.map((span) => (span.kind === "dead" ? { ...span, end } : span));
  for (const { thread, name, start } of state.trace.phases) spans.push({ thread, start, end, kind: "phase", name });
  for (const thread of state.threads.list) {
    if (thread.state !== "blocked") continue;
    const sites = core.callSitesOf(thread.id, thread.csp);
    const site = core.waitFrame(sites);
    if (site === undefined && thread.daemon) continue;
    const name = site?.function ?? core.frame(sites[0] ?? -1).function;
    spans.push({ thread: thread.id, start: thread.since, end, kind: thread.spin ? "lock" : "sleep", name, ...(site === undefined ? {} : { site }) });
  }
  return { end, lanes: state.threads.list.map(({ id, name, cpu }) => ({ id, name, cpu })), spans, events: state.trace.events, ...thinnedOf(state.trace) };
}

function thinnedOf({ thinEvents, thinSpans, thinOccupancy }: TraceState): Pick<Timeline, "thinned"> {
  const thinned = { events: thinEvents.left, spans: thinSpans.left, occupancy: thinOccupancy.left };
  return thinned.events + thinned.spans + thinned.occupancy > 0 ? { thinned } : {};
}

function coverageOf(core: Core, timesRun: Uint32Array): RunOutcome["coverage"] {
  const files = new Map<string, Map<number, number>>();
  core.program.lines.forEach(({ file, line }, cov) => {
    const times = timesRun[cov] ?? 0;
    if (times === 0) return;
    const lines = files.get(file) ?? new Map<number, number>();
    files.set(file, lines);
    // A line may have several counters, for example in a macro: the highest one counts.
    lines.set(line, Math.max(lines.get(line) ?? 0, times));
  });
  return [...files].map(([file, lines]) => ({ file, lines: [...lines].sort(([a], [b]) => a - b) }));
}

/** A function ran if one of its lines did. */
function executed(core: Core, timesRun: Uint32Array): { readonly tree: readonly string[]; readonly provided: readonly string[] } {
  const tree = new Set<string>();
  const provided = new Set<string>();
  for (const fn of core.program.functions) {
    const ran = fn.blocks.some((block) => block.code.some((inst) => inst.k === "line" && (timesRun[inst.cov] ?? 0) > 0));
    if (ran) (fn.origin === "tree" ? tree : provided).add(fn.name);
  }
  return { tree: [...tree].sort(), provided: [...provided].sort() };
}
