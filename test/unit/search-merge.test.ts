// The JSON results of a search's parts are joined to one verdict; results of different searches are refused.

import { describe, expect, it } from "vitest";
import { mergeParts } from "../../engine/review/merge.js";
import type { Finding, ReviewResult, VariantResult } from "../../engine/review/result.js";
import { fixtureReview } from "../fixtures/review.js";

const whole = fixtureReview();

/** A finding of a search, with a witness of this many preemptions. */
function found(line: number, preemptions: number, times: number): Finding {
  const [finding] = whole.before.findings;
  if (finding === undefined) throw new Error("the fixture has no finding");
  return {
    ...finding,
    line,
    condition: `Needs so much. Seen in ${String(times)} of 10 executions.`,
    witness: `late-unmap:-:before:00000000:${"p".repeat(preemptions)}`,
    search: { setting: 0, preemptions, answers: 0, beside: 0, times, executions: 10 },
  };
}

function part(index: number, count: number, findings: readonly Finding[], complete = 2): ReviewResult {
  const before: VariantResult = {
    ...whole.before,
    findings,
    covered: {
      ...whole.before.covered,
      text: `Part ${String(index + 1)} of ${String(count)}, to be merged: Every schedule (10 executions, 100 operations).`,
      executions: 11,
      preemptions: complete,
      search: {
        algorithm: "exhaustive",
        complete,
        end: complete === 2 ? "complete" : "time",
        operations: 100,
        realMs: 5,
        settings: [10],
        shard: { index, count },
      },
    },
  };
  const { after: _, ...rest } = whole;
  return { ...rest, before };
}

describe("parts of a search", () => {
  it("are joined with the simplest witness of each finding and the sum of their counts", () => {
    const made = mergeParts([part(0, 2, [found(1, 2, 3)]), part(1, 2, [found(1, 1, 4), found(2, 1, 1)])]);
    if (!made.ok) throw new Error(made.error.map((p) => p.message).join());
    const { before } = made.value;
    expect(before.findings.map((f) => [f.line, f.search?.preemptions, f.search?.times, f.search?.executions])).toEqual([
      [1, 1, 7, 20],
      [2, 1, 1, 20],
    ]);
    expect(before.findings[0]?.condition).toContain("Seen in 7 of 20 executions");
    // The executions of a part without the finding count as well.
    expect(before.findings[1]?.condition).toContain("Seen in 1 of 20 executions");
    expect(before.covered).toMatchObject({ executions: 21, text: "Every schedule (20 executions in 2 parts, 200 operations)." });
    expect(before.covered.search).toEqual({ algorithm: "exhaustive", complete: 2, end: "complete", operations: 200, realMs: 5, settings: [20] });
  });

  it("have the sum of their states and executions, however few each has", () => {
    const few = (index: number): ReviewResult => {
      const one = part(index, 2, []);
      const { covered } = one.before;
      if (covered.search === undefined) throw new Error("a part has a search");
      const text = covered.text.replace("10 executions,", "1 execution, 1 state,");
      return { ...one, before: { ...one.before, covered: { ...covered, text, executions: 2, search: { ...covered.search, states: 1, settings: [1] } } } };
    };
    const made = mergeParts([few(0), few(1)]);
    if (!made.ok) throw new Error(made.error.map((p) => p.message).join());
    expect(made.value.before.covered).toMatchObject({ text: "Every schedule (2 executions in 2 parts, 2 states, 200 operations).", search: { states: 2 } });
  });

  it("claim only what the weakest part claims", () => {
    const made = mergeParts([part(0, 2, []), part(1, 2, [], 0)]);
    expect(made.ok && made.value.before.covered.search).toMatchObject({ complete: 0, end: "time" });
  });

  it("are refused if a part is missing, repeated, or from another run", () => {
    const other = { ...part(1, 2, []), tree: { version: "6.1.1" } };
    for (const parts of [[], [part(0, 2, [])], [part(0, 2, []), part(0, 2, [])], [part(0, 2, []), other], [whole]]) {
      const made = mergeParts(parts);
      expect(made.ok).toBe(false);
    }
  });
});
