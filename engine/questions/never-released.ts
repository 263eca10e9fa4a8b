// How the removal ends while buffers are never released.

import { ok } from "../base/index.js";
import { time, type VariantResult } from "../review/index.js";
import { cannotJudge, doesNotApply, plural, type Question, runEvidence, unjudged } from "./question.js";

/** Entries of the table in use: by the hypervisor's count, or by the allocation map once the window is gone. */
function usedAt(v: VariantResult, t: number): number {
  let used = 0;
  for (const reading of v.occupancy) {
    if (reading.t > t) break;
    used = Math.max(reading.mapped, reading.bits);
  }
  return used;
}

function removalEnd(v: VariantResult): string {
  if (v.detach === null) return "the removal does not reach the detach";
  if (v.detach.end === null) return `the removal does not return within ${time(v.timeline.end)} of virtual time`;
  return `the removal returns after ${time(v.detach.end - v.detach.start)}`;
}

export const neverReleased: Question = {
  id: "never-released",
  wording: "What if a buffer is never released?",
  async answer(runs) {
    const never = await runs.neverReleased();
    if (!never.ok) return never;
    if (never.value === undefined) return doesNotApply("the scenario holds no buffer.");
    const why = unjudged(never.value);
    if (why !== undefined) return cannotJudge(why);
    const wait = await runs.removalWait();
    if (!wait.ok) return wait;
    const { before, after } = never.value;
    const left = wait.value === undefined || after.detach?.end === null ? 0 : usedAt(after, wait.value.end);
    const still = left > 0 ? `, with ${plural(left, "table entry", "table entries")} still in use when the wait ends` : "";
    return ok({
      tone: after.detach?.end === null ? "bad" : "note",
      answer: `Before: ${removalEnd(before)}. With the patch: ${removalEnd(after)}${still}.`,
      evidence: [runEvidence(never.value, "after")],
    });
  },
};
