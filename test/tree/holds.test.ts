// The kind of hold decides when late buffers are unmapped and by which thread.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { runReview, mailPatch, openTree } from "./trees.js";

const mail = mailPatch();
const tree = openTree("6.12");
const old = openTree("6.1");

/** Seconds from the start of the detach to each late unmap, in order. Unmaps before the detach are ignored. */
function unmapTimes(v: VariantResult): readonly number[] {
  const start = v.detach?.start ?? 0;
  return v.timeline.events.flatMap((e) => (e.k === "unmap" && e.t >= start ? [(e.t - start) / 1e9] : []));
}

const runPatched = async (set: Readonly<Record<string, string>>): Promise<VariantResult> => {
  if (tree === undefined) throw new Error("no tree");
  const { after } = (await runReview(tree, { patch: mail, set: { late: "6", hold: "2s", ...set } })).result;
  if (after === undefined) throw new Error("no patched tree");
  return after;
};

describe.skipIf(tree === undefined || mail === undefined)("holds, Linux 6.12 with the mail's patch", () => {
  it("of constant length end at the same time", async () => {
    const at = unmapTimes(await runPatched({}));
    expect(at).toHaveLength(6);
    expect(at[5] ?? 0).toBeLessThan((at[0] ?? 0) + 0.001);
    expect(at[0]).toBeCloseTo(2, 2);
  });

  it("with a uniform distribution last up to twice the hold, depending on the seed", async () => {
    const times = unmapTimes(await runPatched({ holdkind: "uniform" }));
    expect(times).toHaveLength(6);
    for (const t of times) expect(t).toBeLessThan(4);
    expect(new Set(times.map((t) => Math.round(t * 100))).size).toBeGreaterThan(2);
    expect(unmapTimes(await runPatched({ holdkind: "uniform" }))).toEqual(times);
    expect(unmapTimes(await runPatched({ holdkind: "uniform", seed: "5" }))).not.toEqual(times);
  });

  it("with an exponential distribution are mostly short and sometimes long", async () => {
    const at = unmapTimes(await runPatched({ holdkind: "exponential", buffers: "128", late: "128" }));
    expect(at).toHaveLength(128);
    expect(at.filter((t) => t < 2).length).toBeGreaterThan(64);
    expect(Math.max(...at)).toBeGreaterThan(4);
    const mean = at.reduce((a, b) => a + b, 0) / at.length;
    expect(mean).toBeGreaterThan(1.4);
    expect(mean).toBeLessThan(2.6);
  });

  it("by an application end one after the other when it reads, in its own thread", async () => {
    const v = await runPatched({ holdkind: "reader" });
    const at = unmapTimes(v);
    expect(at).toHaveLength(6);
    expect(at[0]).toBeCloseTo(2, 2);
    expect((at[5] ?? 0) - (at[0] ?? 0)).toBeCloseTo(0.005, 3);
    expect(v.timeline.spans.some((s) => s.name === "application: reads")).toBe(true);
    expect(v.outcome).toBe("clean");
  });

  it("by fragments end with the last fragment or when reassembly times out", async () => {
    expect(unmapTimes(await runPatched({ holdkind: "fragments" }))[0]).toBeCloseTo(2, 2);
    const v = await runPatched({ holdkind: "fragments", hold: "never" });
    const at = unmapTimes(v);
    expect(at).toHaveLength(6);
    expect(at[0]).toBeGreaterThan(29.8);
    expect(at[0]).toBeLessThan(32.2); // the timer wheel rounds 30 s up by at most a sixteenth
    expect(v.outcome).toBe("clean");
  });

  it("without bound outlast the wait loop, which then frees a table with mapped entries", async () => {
    const v = await runPatched({ holdkind: "unbounded" });
    expect(unmapTimes(v)).toEqual([]);
    expect(v.log.join("\n")).toContain("TCEs still mapped even after 120 seconds");
  });
});

describe.skipIf(old === undefined)("several queues, Linux 6.1", () => {
  if (old === undefined) return;

  it("have separate pools, whose pages are returned on other CPUs", async () => {
    const { before } = (await runReview(old, { scenario: "page-pool", set: { queues: "3", cpus: "4" } })).result;
    expect(before.peak).toBeGreaterThanOrEqual(3 * 64);
    expect(before.mappedAtDetach).toBe(3 * 4);
    expect(before.timeline.lanes.filter((l) => l.name === "napi").map((l) => l.cpu)).toEqual([1, 2]);
    expect(before.findings.some((f) => f.severity === "oops")).toBe(true);
  });

  it("use the same table from the requested number of threads", async () => {
    const { before } = (await runReview(old, { scenario: "heavy-io", set: { queues: "6", late: "0" } })).result;
    expect(before.timeline.lanes.filter((l) => l.name === "queue")).toHaveLength(6);
    expect(before.outcome).toBe("clean");
  });
});
