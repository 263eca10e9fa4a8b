// What the patch costs a removal that has nothing to wait for.

import { ok } from "../base/index.js";
import { outcomeWords, time, type VariantResult } from "../review/index.js";
import { cannotJudge, doesNotApply, plural, type Question, runEvidence, unjudged } from "./question.js";

/** Two removals whose times differ by less, in ns, take the same time. */
const SAME_NS = 100_000;

function hypervisorCalls(v: VariantResult): number {
  const { detach } = v;
  if (detach === null) return 0;
  const end = detach.end ?? v.timeline.end;
  return v.timeline.events.filter((e) => (e.k === "hcall" || e.k === "rtas") && e.t >= detach.start && e.t <= end).length;
}

function detachTime(v: VariantResult): number | null {
  return typeof v.detach?.end === "number" ? v.detach.end - v.detach.start : null;
}

function cost(ns: number, v: VariantResult): string {
  return `${time(ns)}, ${plural(hypervisorCalls(v), "hypercall or RTAS call", "hypercalls and RTAS calls")}, ${plural(v.log.length, "log line")}`;
}

export const cleanRemoval: Question = {
  id: "clean-removal",
  wording: "What does a clean removal cost?",
  async answer(runs) {
    const clean = await runs.changed("late", "0");
    if (!clean.ok) return clean;
    if (clean.value === undefined) return doesNotApply("the number of late buffers is fixed in this scenario.");
    const why = unjudged(clean.value);
    if (why !== undefined) return cannotJudge(why);
    const { before, after } = clean.value;
    const [b, a] = [detachTime(before), detachTime(after)];
    if (b === null || a === null) return cannotJudge("a removal did not return although every buffer was released.");
    const same = Math.abs(a - b) <= SAME_NS && hypervisorCalls(after) === hypervisorCalls(before) && before.log.length === after.log.length;
    const found = after.outcome === "finding" && before.outcome !== "finding";
    return ok({
      tone: found ? "bad" : same ? "good" : "note",
      answer: same
        ? `Same before and after the patch: ${cost(a, after)}.`
        : `Before: ${cost(b, before)}. With the patch: ${cost(a, after)}.${found ? ` New with the patch: ${outcomeWords(after)}.` : ""}`,
      evidence: [runEvidence(clean.value, "before"), runEvidence(clean.value, "after")],
    });
  },
};
