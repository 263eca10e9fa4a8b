// What the patched tree does under the shortest hold that it does not survive.

import { ok } from "../base/index.js";
import { outcomeWords } from "../review/index.js";
import { cannotJudge, doesNotApply, limitText, type Question, runEvidence } from "./question.js";

export const afterLimit: Question = {
  id: "after-limit",
  wording: "Does a hold past the limit still fail?",
  async answer(runs) {
    const limits = await runs.holdLimits();
    if (!limits.ok) return limits;
    const { after, beyond } = limits.value;
    if (after === undefined) return doesNotApply("no hold limit was determined in this scenario.");
    if (after.fails === undefined) {
      const never = after.never ? "and a hold that never ends" : "but not a hold that never ends";
      return ok({
        tone: after.never ? "good" : "bad",
        answer: `Not in these runs: the patched tree survives every hold tried, up to ${limitText(after.hold)}, ${never}.`,
        evidence: [],
      });
    }
    if (beyond === undefined) return cannotJudge("the run past the limit did not end.");
    const worst = beyond.after.findings.find((f) => f.severity === "oops") ?? beyond.after.findings[0];
    const where = worst === undefined ? outcomeWords(beyond.after) : `${outcomeWords(beyond.after)} (${worst.file}:${String(worst.line)})`;
    return ok({
      tone: "bad",
      answer: `Yes. With a hold of ${limitText(after.fails)}: ${where}.`,
      evidence: [
        runEvidence(beyond, "after"),
        ...(worst === undefined ? [] : [{ k: "place", text: worst.function, file: worst.file, line: worst.line, variant: "after" } as const]),
      ],
    });
  },
};
