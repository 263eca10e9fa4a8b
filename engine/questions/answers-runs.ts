// Answers that runs give: how long a hold is survived, what follows when it is not, what the wait holds up, and what a
// removal costs where nothing is left to wait for. Each sentence says figures of runs and leads to them.

import type { HeldWhileSleeping } from "./held-locks.js";
import type { Holds, Pair } from "./questions.js";
import type { RemovalWait } from "./removal-wait.js";
import { type Answer, type Evidence, holdText, outcomeWords, type Survives, time, type VariantResult } from "../review/index.js";

export { time };

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

export function runEvidence(pair: Pair, variant: "before" | "after", text?: string): Evidence {
  const v = pair[variant];
  const hold = pair.scenario.set["hold"];
  const words = `${variant === "before" ? "Before" : "With the patch"}${hold === undefined ? "" : `, ${holdText(hold)}`}: ${outcomeWords(v)}`;
  return { k: "run", text: text ?? words, scenario: pair.scenario, variant, witness: v.witness };
}

export function notApplying(id: string, question: string, why: string): Answer {
  return { id, question, tone: "does-not-apply", answer: `Does not apply: ${why}`, evidence: [] };
}
function cannot(id: string, question: string, why: string): Answer {
  return { id, question, tone: "cannot-judge", answer: `Cannot judge: ${why}`, evidence: [] };
}
/** Why a pair of runs says nothing, or undefined where it does. */
function unjudged(pair: Pair): string | undefined {
  const v = [pair.before, pair.after].find((one) => one.outcome === "cannot-judge");
  return v === undefined ? undefined : (v.reason?.message ?? "a run could not be judged.");
}

/** Limits are found to the millisecond: all three digits are shown. */
function limit(ns: number): string {
  return ns >= 1e9 ? `${(ns / 1e9).toFixed(3)} s` : time(ns);
}

function everyHold(s: Survives): string {
  return `every hold tried (up to ${limit(s.hold)}), ${s.never ? "and a hold that never ends" : "but not a hold that never ends"}`;
}

/** "Survives a hold of up to 120.010 s; 120.011 s oopses (before: 4 ms)." */
function holdWords(before: Survives, after: Survives, beyond: Pair | undefined): string {
  const was = before.fails === undefined ? everyHold(before) : before.hold === 0 ? "none" : limit(before.hold);
  if (after.fails === undefined) return `Survives ${everyHold(after)} (before: ${was}).`;
  const fails = beyond?.after.findings.some((f) => f.severity === "oops") === true ? "oopses" : "fails";
  if (after.hold === 0) return `Survives no hold: ${limit(after.fails)} ${fails} (before: ${was}).`;
  return `Survives a hold of up to ${limit(after.hold)}; ${limit(after.fails)} ${fails} (before: ${was}).`;
}

export function longestHold(base: Pair, holds: Holds): Answer {
  const [id, question] = ["longest-hold", "How long may the network stack hold a buffer?"];
  const { before, after, beyond, fragments } = holds;
  if (base.scenario.set["hold"] === undefined && base.before.detach === null && after === undefined)
    return notApplying(id, question, "the scenario holds no buffer.");
  if (after === undefined || before === undefined) return cannot(id, question, "no hold limit could be determined in this scenario.");
  const evidence: Evidence[] = beyond === undefined ? [] : [runEvidence(beyond, "after")];
  const parts = [holdWords(before, after, beyond)];
  if (fragments !== undefined) {
    const survived = after.fails === undefined || fragments.ns < after.fails;
    parts.push(`IP defragmentation may hold a packet for ${time(fragments.ns)}: ${survived ? "survived" : "not survived"}.`);
    evidence.push({ k: "place", text: "IP_FRAG_TIME", file: fragments.file, line: fragments.line, variant: "before" });
  }
  parts.push(
    `Measured to 1 ms by ${plural(before.executions + after.executions, "run")} of the default schedule (no preemptions). Oopses and silent corruption count as failures, warnings do not.`,
  );
  const worse = (after.fails ?? Infinity) < (before.fails ?? Infinity);
  const tone = after.fails === undefined ? "good" : worse || (fragments !== undefined && after.fails <= fragments.ns) ? "bad" : "note";
  return { id, question, tone, answer: parts.join(" "), evidence };
}

export function afterLimit(holds: Holds): Answer {
  const [id, question] = ["after-limit", "Does a hold past the limit still fail?"];
  const { after, beyond } = holds;
  if (after === undefined) return notApplying(id, question, "no hold limit was determined in this scenario.");
  if (after.fails === undefined) {
    const never = after.never ? "and a hold that never ends" : "but not a hold that never ends";
    return {
      id,
      question,
      tone: after.never ? "good" : "bad",
      answer: `Not in these runs: the patched tree survives every hold tried, up to ${limit(after.hold)}, ${never}.`,
      evidence: [],
    };
  }
  if (beyond === undefined) return cannot(id, question, "the run past the limit did not end.");
  const worst = beyond.after.findings.find((f) => f.severity === "oops") ?? beyond.after.findings[0];
  const where = worst === undefined ? outcomeWords(beyond.after) : `${outcomeWords(beyond.after)} (${worst.file}:${String(worst.line)})`;
  return {
    id,
    question,
    tone: "bad",
    answer: `Yes. With a hold of ${limit(after.fails)}: ${where}.`,
    evidence: [
      runEvidence(beyond, "after"),
      ...(worst === undefined ? [] : [{ k: "place", text: worst.function, file: worst.file, line: worst.line, variant: "after" } as const]),
    ],
  };
}

/** Entries of the table in use: by the hypervisor's count, or by the allocation map where the window is gone already. */
function usedAt(v: VariantResult, t: number): number {
  let used = 0;
  for (const reading of v.occupancy) {
    if (reading.t > t) break;
    used = Math.max(reading.mapped, reading.bits);
  }
  return used;
}

/** How long a wait goes on while nothing is released; undefined where it does not end in the run. */
export function limitOf(v: VariantResult, wait: RemovalWait | undefined): number | undefined {
  return wait === undefined || v.detach?.end === null ? undefined : wait.end - wait.start;
}

export function neverReleased(forever: Pair | undefined, wait: RemovalWait | undefined): Answer {
  const [id, question] = ["never-released", "What if a buffer is never released?"];
  if (forever === undefined) return notApplying(id, question, "the scenario holds no buffer.");
  const why = unjudged(forever);
  if (why !== undefined) return cannot(id, question, why);
  const { before, after } = forever;
  const said = (v: VariantResult): string => {
    if (v.detach === null) return "the removal does not reach the detach";
    if (v.detach.end === null) return `the removal does not return within ${time(v.timeline.end)} of virtual time`;
    return `the removal returns after ${time(v.detach.end - v.detach.start)}`;
  };
  const left = wait === undefined || after.detach?.end === null ? 0 : usedAt(after, wait.end);
  const still = left > 0 ? `, with ${plural(left, "table entry", "table entries")} still in use when the wait ends` : "";
  const tone = after.detach?.end === null ? "bad" : "note";
  return {
    id,
    question,
    tone,
    answer: `Before: ${said(before)}. With the patch: ${said(after)}${still}.`,
    evidence: [runEvidence(forever, "after")],
  };
}

function calls(v: VariantResult): number {
  const { detach } = v;
  if (detach === null) return 0;
  const end = detach.end ?? v.timeline.end;
  return v.timeline.events.filter((e) => (e.k === "hcall" || e.k === "rtas") && e.t >= detach.start && e.t <= end).length;
}

/** Differences below this share of the removal, or of a jiffy, are the run's own. */
const SAME_NS = 100_000;

export function cleanRemoval(quiet: Pair | undefined): Answer {
  const [id, question] = ["clean-removal", "What does a clean removal cost?"];
  if (quiet === undefined) return notApplying(id, question, "the number of late buffers is fixed in this scenario.");
  const why = unjudged(quiet);
  if (why !== undefined) return cannot(id, question, why);
  const took = (v: VariantResult): number | null => (typeof v.detach?.end === "number" ? v.detach.end - v.detach.start : null);
  const [b, a] = [took(quiet.before), took(quiet.after)];
  if (b === null || a === null) return cannot(id, question, "a removal did not return although every buffer was released.");
  const [cb, ca] = [calls(quiet.before), calls(quiet.after)];
  const figures = (ns: number, v: VariantResult): string =>
    `${time(ns)}, ${plural(calls(v), "hypercall or RTAS call", "hypercalls and RTAS calls")}, ${plural(v.log.length, "log line")}`;
  const same = Math.abs(a - b) <= SAME_NS && ca === cb && quiet.before.log.length === quiet.after.log.length;
  const found = quiet.after.outcome === "finding" && quiet.before.outcome !== "finding";
  return {
    id,
    question,
    tone: found ? "bad" : same ? "good" : "note",
    answer: same
      ? `Same before and after the patch: ${figures(a, quiet.after)}.`
      : `Before: ${figures(b, quiet.before)}. With the patch: ${figures(a, quiet.after)}.${found ? ` New with the patch: ${outcomeWords(quiet.after)}.` : ""}`,
    evidence: [runEvidence(quiet, "before"), runEvidence(quiet, "after")],
  };
}

export function blocked(base: Pair, wait: RemovalWait | undefined, held: HeldWhileSleeping | undefined, two: Pair | undefined): Answer {
  const [id, question] = ["blocked", "What does the wait block?"];
  if (wait === undefined) return notApplying(id, question, "the patched removal does not sleep in the tree's code.");
  const lane = base.after.timeline.lanes.find((l) => l.id === wait.thread)?.name ?? "the removing thread";
  const parts = [`${lane} sleeps in ${wait.site.function}.`];
  const evidence: Evidence[] = [{ k: "place", text: wait.site.function, file: wait.site.file, line: wait.site.line, variant: "after" }];
  if (held === undefined || held.sleeps === 0) parts.push("Which locks it holds while it sleeps was not observed.");
  else if (held.held.length === 0) parts.push("It holds no lock while it sleeps.");
  else {
    parts.push(`It holds ${held.held.map((l) => l.name).join(", ")} while it sleeps.`);
    for (const l of held.held)
      if (l.taken !== undefined)
        evidence.push({ k: "place", text: `${l.name} taken in ${l.taken.function}`, file: l.taken.file, line: l.taken.line, variant: "after" });
    parts.push(
      held.waiters.length === 0
        ? "No other thread in the run waited for it."
        : `${held.waiters.map((w) => `${w.thread} waited ${time(w.ns)} for ${w.lock}`).join("; ")}.`,
    );
  }
  if (two !== undefined && unjudged(two) === undefined) {
    const [b, a] = [removals(two.before), removals(two.after)];
    parts.push(
      `Two concurrent removals: ${b.map(time).join(" and ")} before, ${a.map(time).join(" and ")} with the patch${inTurn(a, wait) ? ", serialised" : ""}.`,
    );
    evidence.push(runEvidence(two, "after"));
  }
  parts.push("Only locks taken in the simulated kernel are tracked, not those taken by callers in user space or sysfs.");
  return { id, question, tone: "note", answer: parts.join(" "), evidence };
}

/** How long each removal's detach took, in a run with several. */
function removals(v: VariantResult): readonly number[] {
  return v.timeline.spans.filter((s) => s.kind === "phase" && s.name.includes("detach host")).map((s) => s.end - s.start);
}

/** One took about as long again as the wait on top of the other. */
function inTurn(removed: readonly number[], wait: RemovalWait): boolean {
  const [short = 0, long = 0] = [...removed].sort((x, y) => x - y);
  return long - short > 0.8 * (wait.pauses.length > 1 ? short : Infinity);
}

export function pagePoolAnswer(pool: Pair | undefined): Answer {
  const [id, question] = ["page-pool", "Is the page pool a better place for the fix?"];
  if (pool === undefined) return notApplying(id, question, "there is no page pool scenario with these parameters.");
  const why = unjudged(pool);
  if (why !== undefined) return cannot(id, question, why);
  const already = pool.before.outcome === "clean";
  return {
    id,
    question,
    tone: already ? "note" : pool.after.outcome === "clean" ? "good" : "bad",
    answer: already
      ? `This tree's page pool already handles this: with buffers from the pool, nothing is found before the patch either, and ${plural(pool.before.mappedAtDetach, "TCE")} ${pool.before.mappedAtDetach === 1 ? "is" : "are"} mapped at the detach. The patch remains relevant for mappings outside the pool.`
      : `This tree's page pool leaves ${plural(pool.before.mappedAtDetach, "TCE")} mapped at the detach: ${outcomeWords(pool.before)} before, ${outcomeWords(pool.after)} with the patch.`,
    evidence: [runEvidence(pool, "before"), runEvidence(pool, "after")],
  };
}
