// How the network stack holds buffers decides when they come back and who brings them: seen from the run itself.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { reviewed, theMail, treeAt } from "./trees.js";

const mail = theMail();
const tree = treeAt("6.12");
const old = treeAt("6.1");

/** Seconds after the start of the detach at which the late buffers were unmapped, in order; those the driver itself unmaps are left out. */
function returns(v: VariantResult): readonly number[] {
  const start = v.detach?.start ?? 0;
  return v.timeline.events.flatMap((e) => (e.k === "unmap" && e.t >= start ? [(e.t - start) / 1e9] : []));
}

const patched = async (set: Readonly<Record<string, string>>): Promise<VariantResult> => {
  if (tree === undefined) throw new Error("no tree");
  const { after } = (await reviewed(tree, { patch: mail, set: { late: "6", hold: "2s", ...set } })).result;
  if (after === undefined) throw new Error("no patched tree");
  return after;
};

describe.skipIf(tree === undefined || mail === undefined)("holds, Linux 6.12 with the mail", () => {
  it("of constant length end together", async () => {
    const at = returns(await patched({}));
    expect(at).toHaveLength(6);
    expect(at[5] ?? 0).toBeLessThan((at[0] ?? 0) + 0.001);
    expect(at[0]).toBeCloseTo(2, 2);
  });

  it("of a uniform distribution end between nothing and twice the hold, by the seed", async () => {
    const one = returns(await patched({ holdkind: "uniform" }));
    expect(one).toHaveLength(6);
    for (const t of one) expect(t).toBeLessThan(4);
    expect(new Set(one.map((t) => Math.round(t * 100))).size).toBeGreaterThan(2);
    expect(returns(await patched({ holdkind: "uniform" }))).toEqual(one);
    expect(returns(await patched({ holdkind: "uniform", seed: "5" }))).not.toEqual(one);
  });

  it("of an exponential distribution are mostly short, and some long", async () => {
    const at = returns(await patched({ holdkind: "exponential", buffers: "128", late: "128" }));
    expect(at).toHaveLength(128);
    expect(at.filter((t) => t < 2).length).toBeGreaterThan(64);
    expect(Math.max(...at)).toBeGreaterThan(4);
    const mean = at.reduce((a, b) => a + b, 0) / at.length;
    expect(mean).toBeGreaterThan(1.4);
    expect(mean).toBeLessThan(2.6);
  });

  it("of an application end one by one when it reads, in its own thread", async () => {
    const v = await patched({ holdkind: "reader" });
    const at = returns(v);
    expect(at).toHaveLength(6);
    expect(at[0]).toBeCloseTo(2, 2);
    expect((at[5] ?? 0) - (at[0] ?? 0)).toBeCloseTo(0.005, 3);
    expect(v.timeline.spans.some((s) => s.name === "application: reads")).toBe(true);
    expect(v.outcome).toBe("clean");
  });

  it("of fragments end with the last fragment, or when the kernel gives the datagram up", async () => {
    expect(returns(await patched({ holdkind: "fragments" }))[0]).toBeCloseTo(2, 2);
    const v = await patched({ holdkind: "fragments", hold: "never" });
    const at = returns(v);
    expect(at).toHaveLength(6);
    expect(at[0]).toBeGreaterThan(29.8);
    expect(at[0]).toBeLessThan(32.2); // the timer wheel rounds 30 s up by at most a sixteenth
    expect(v.outcome).toBe("clean");
  });

  it("without bound outlive the wait loop: what it then frees stays mapped", async () => {
    const v = await patched({ holdkind: "unbounded" });
    expect(returns(v)).toEqual([]);
    expect(v.log.join("\n")).toContain("TCEs still mapped even after 120 seconds");
  });
});

describe.skipIf(old === undefined)("several queues, Linux 6.1", () => {
  if (old === undefined) return;

  it("have a pool each, whose pages come back on other CPUs", async () => {
    const { before } = (await reviewed(old, { scenario: "page-pool", set: { queues: "3", cpus: "4" } })).result;
    expect(before.peak).toBeGreaterThanOrEqual(3 * 64);
    expect(before.mappedAtDetach).toBe(3 * 4);
    expect(before.timeline.lanes.filter((l) => l.name === "napi").map((l) => l.cpu)).toEqual([1, 2]);
    expect(before.findings.some((f) => f.severity === "oops")).toBe(true);
  });

  it("load the same table from as many threads as asked for", async () => {
    const { before } = (await reviewed(old, { scenario: "heavy-io", set: { queues: "6", late: "0" } })).result;
    expect(before.timeline.lanes.filter((l) => l.name === "queue")).toHaveLength(6);
    expect(before.outcome).toBe("clean");
  });
});
