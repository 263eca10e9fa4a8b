// What the patched removal's wait holds up: the locks it sleeps with, who waits for them, and a second removal.

import { ok } from "../base/index.js";
import { type Evidence, time, type VariantResult } from "../review/index.js";
import { doesNotApply, type Question, runEvidence, unjudged } from "./question.js";
import type { RemovalWait } from "./removal-wait.js";

/** How long each removal's detach took, in a run with several. */
function detachTimes(v: VariantResult): readonly number[] {
  return v.timeline.spans.filter((s) => s.kind === "phase" && s.name.includes("detach host")).map((s) => s.end - s.start);
}

/** Whether one removal took about a whole wait longer than the other. */
function serialised(times: readonly number[], wait: RemovalWait): boolean {
  const [short = 0, long = 0] = [...times].sort((x, y) => x - y);
  return long - short > 0.8 * (wait.pauses.length > 1 ? short : Infinity);
}

export const blocked: Question = {
  id: "blocked",
  wording: "What does the wait block?",
  async answer(runs) {
    const waiting = await runs.removalWait();
    if (!waiting.ok) return waiting;
    const wait = waiting.value;
    if (wait === undefined) return doesNotApply("the patched removal does not sleep in the tree's code.");
    const reviewed = await runs.reviewed();
    if (!reviewed.ok) return reviewed;
    const held = await runs.heldLocks(reviewed.value.scenario, wait);
    const two = await runs.other("two-removals");
    if (!two.ok) return two;

    const lane = reviewed.value.after.timeline.lanes.find((l) => l.id === wait.thread)?.name ?? "the removing thread";
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
    if (two.value !== undefined && unjudged(two.value) === undefined) {
      const [b, a] = [detachTimes(two.value.before), detachTimes(two.value.after)];
      parts.push(
        `Two concurrent removals: ${b.map(time).join(" and ")} before, ${a.map(time).join(" and ")} with the patch${serialised(a, wait) ? ", serialised" : ""}.`,
      );
      evidence.push(runEvidence(two.value, "after"));
    }
    parts.push("Only locks taken in the simulated kernel are tracked, not those taken by callers in user space or sysfs.");
    return ok({ tone: "note", answer: parts.join(" "), evidence });
  },
};
