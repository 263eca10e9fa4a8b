// Whether the tree's page pool handles buffers that outlive the device, without the patch and with it.

import { ok } from "../base/index.js";
import { outcomeWords } from "../review/index.js";
import { cannotJudge, doesNotApply, plural, type Question, runEvidence, unjudged } from "./question.js";

export const pagePool: Question = {
  id: "page-pool",
  wording: "Is the page pool a better place for the fix?",
  async answer(runs) {
    const pool = await runs.other("page-pool");
    if (!pool.ok) return pool;
    if (pool.value === undefined) return doesNotApply("there is no page pool scenario with these parameters.");
    const why = unjudged(pool.value);
    if (why !== undefined) return cannotJudge(why);
    const { before, after } = pool.value;
    const handled = before.outcome === "clean";
    return ok({
      tone: handled ? "note" : after.outcome === "clean" ? "good" : "bad",
      answer: handled
        ? `This tree's page pool already handles this: with buffers from the pool, nothing is found before the patch either, and ${plural(before.mappedAtDetach, "TCE")} ${before.mappedAtDetach === 1 ? "is" : "are"} mapped at the detach. The patch remains relevant for mappings outside the pool.`
        : `This tree's page pool leaves ${plural(before.mappedAtDetach, "TCE")} mapped at the detach: ${outcomeWords(before)} before, ${outcomeWords(after)} with the patch.`,
      evidence: [runEvidence(pool.value, "before"), runEvidence(pool.value, "after")],
    });
  },
};
