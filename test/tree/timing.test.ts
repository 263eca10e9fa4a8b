// The longest hold survived: at the limit that the search reports, runs just below and just above it have different outcomes.

import { describe, expect, it } from "vitest";
import { runReview, mailPatch, openTree } from "./trees.js";

const search = { algorithm: "exhaustive", preemptions: 0, executions: 1000, depth: 3, budgetMs: 60_000 } as const;
const tree = openTree("6.12");
const mail = mailPatch();

describe.skipIf(tree === undefined || mail === undefined)("the longest hold survived, Linux 6.12", () => {
  if (tree === undefined) return;

  it("is below 1 s for the unpatched tree and the end of the wait for the patched tree", async () => {
    const { before, after } = (await runReview(tree, { patch: mail, set: { late: "1", buffers: "2" }, search })).result;
    expect(before.survives?.fails).toBeDefined();
    expect(before.survives?.hold ?? 0).toBeLessThan(1e9);
    const limit = after?.survives;
    expect(limit?.hold ?? 0).toBeGreaterThan(60e9);
    expect((limit?.fails ?? 0) - (limit?.hold ?? 0)).toBe(1e6);
    for (const [ns, outcome] of [
      [limit?.hold, "clean"],
      [limit?.fails, "finding"],
    ] as const) {
      const set = { late: "1", buffers: "2", hold: `${String((ns ?? 0) / 1e6)}ms` };
      expect((await runReview(tree, { patch: mail, set })).result.after?.outcome).toBe(outcome);
    }
  });
});
