// How many log lines the patched removal's wait prints, and how fast.

import { ok } from "../base/index.js";
import { time } from "../review/index.js";
import { doesNotApply, plural, type Question, runEvidence } from "./question.js";
import { median } from "./removal-wait.js";

export const logging: Question = {
  id: "logging",
  wording: "How much does the wait print?",
  async answer(runs) {
    const never = await runs.neverReleased();
    if (!never.ok) return never;
    const waiting = await runs.removalWait();
    if (!waiting.ok) return waiting;
    const wait = waiting.value;
    if (wait === undefined || never.value === undefined) return doesNotApply("the patched removal does not sleep in the tree's code.");
    const evidence = [runEvidence(never.value, "after")];
    const [most] = wait.lines;
    if (most === undefined) return ok({ tone: "good", answer: "It prints nothing.", evidence });
    const all = wait.lines.reduce((sum, l) => sum + l.times, 0);
    const each = all / wait.pauses.length;
    const per = each > 0.9 && each < 1.1 ? "one line per pause" : `${String(Number(each.toPrecision(2)))} lines per pause`;
    const rate = (1e9 * all) / Math.max(1, wait.end - wait.start);
    return ok({
      tone: all > 10 ? "note" : "good",
      answer: `${plural(all, "line")} in ${time(wait.end - wait.start)}: ${per} of ${time(median(wait.pauses))}, ${String(Number(rate.toPrecision(2)))} per second. “${most.text.trim()}” is printed ${plural(most.times, "time")}.`,
      evidence,
    });
  },
};
