// Explains logs of real kernels and of the mail: finds the run with the same stack and locates its functions in the tree, or
// reports that no run has that stack.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explain } from "../../engine/explain/explain.js";
import type { Explanation } from "../../engine/explain/explanation.js";
import { explanationText } from "../../engine/explain/text.js";
import type { PatchInput } from "../../engine/review/review.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { LayeredTree } from "../../engine/tree/layered-tree.js";
import { sharedPath } from "../shared.js";
import { reviewHost, runReview, mailPatch, openTree } from "./trees.js";

const text = (name: string): string | undefined => {
  const path = sharedPath(name);
  return path === undefined ? undefined : readFileSync(path, "utf8");
};

async function explainLog(tree: SourceTree, log: string, patch?: PatchInput): Promise<Explanation> {
  const e = await explain({ tree, text: log, ...(patch === undefined ? {} : { patch }) }, reviewHost());
  if (!e.ok) throw new Error(e.error.map((p) => p.message).join("\n"));
  return e.value;
}

const mail = mailPatch();
const mailText = text("mail/20250219-reply-to-v2.txt");

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  const logs = { "6.12": "truth/T1.log", "6.1": "truth/D61-T1.log" } as const;
  const log = text(logs[series]);
  describe.skipIf(tree === undefined || log === undefined)(`explaining on Linux ${series}`, () => {
    if (tree === undefined || log === undefined) return;

    it("finds the run that reproduces a real kernel's oops and the trace before it", async () => {
      const e = await explainLog(tree, log);
      expect(e).toMatchObject({ verdict: "reproduced", architecture: "powerpc", reproduction: { scenario: "late-unmap", set: { liobn: "0x80000100" } } });
      expect(e.reports.map((r) => r.kind)).toEqual(["trace", "oops"]);
      const m = e.reproduction?.match;
      expect(m?.same).toBe(true);
      expect(m?.functions).toBeGreaterThanOrEqual(5);
      expect(m?.inOrder).toBe(m?.functions);
      expect(m?.messagesSeen).toBeGreaterThanOrEqual(4);
      expect(e.reproduction?.alsoSeen).toEqual([0]);
      const oops = e.reports[e.wanted];
      const freed = oops?.stack.find((f) => f.function === "__iommu_free");
      expect(freed?.file).toBe("arch/powerpc/kernel/iommu.c");
      expect((tree.read(freed?.file ?? "") ?? "").split("\n")[(freed?.line ?? 0) - 1]).toContain("__iommu_free(");
      expect(oops?.stack.find((f) => f.function === "late_fn")?.module).toBe("tcetest");
    });

    it("gives a witness that replays the same run", async () => {
      const e = await explainLog(tree, log);
      const replayed = await runReview(tree, { witness: e.reproduction?.witness ?? "" });
      expect(replayed.result.before.findings.some((f) => f.severity === "oops" && f.function === "__bitmap_clear")).toBe(true);
    });

    it("runs nothing for the log of another architecture, and reports why", async () => {
      const e = await explainLog(
        tree,
        `BUG: kernel NULL pointer dereference, address: 0000000000000008
Oops: 0000 [#1] PREEMPT SMP
CPU: 3 PID: 77 Comm: ip Not tainted 6.6.0 #1
RIP: 0010:intel_iommu_unmap_pages+0x1c/0x40
Call Trace:
 <TASK>
 __iommu_unmap+0x2a/0x60
 dma_unmap_page_attrs+0x2a/0x60
 page_pool_return_page+0x11/0x20
 </TASK>`,
      );
      expect(e.verdict).not.toBe("reproduced");
      expect(e.words).toMatch(/another architecture \(x86\)\. No run can show it/);
      expect(e.tried).toEqual([]);
      expect(e.reports[0]?.stack[0]?.file).toBeUndefined();
    });

    it("runs nothing for the log of a PowerNV machine, and reports why", async () => {
      const e = await explainLog(tree, log.replaceAll(" pSeries", " PowerNV"));
      expect(e).toMatchObject({ verdict: "none", tried: [] });
      expect(e.words).toContain("PowerNV");
    });

    it("does not call a stack reproduced of which one function matches", async () => {
      const foreign = log.replace(/\b(?:__iommu_free|iommu_free|iommu_unmap_page|dma_iommu_unmap_page|dma_unmap_page_attrs)\b/g, "ext4_$&");
      const e = await explainLog(tree, foreign);
      expect(e.verdict).not.toBe("reproduced");
      expect(e.reproduction?.match.lacking ?? []).toEqual(e.reproduction === undefined ? [] : expect.arrayContaining(["ext4___iommu_free"]));
    });

    it("reports a tree on which no scenario can be judged, instead of a run that was not found", async () => {
      const broken = new LayeredTree([new Map([["arch/powerpc/kernel/iommu.c", "int broken = ;\n"]])], tree);
      const e = await explain({ tree: broken, text: log }, reviewHost());
      expect(!e.ok && e.error[0]?.code).toBe("cannot-judge");
    });

    it("rejects a text without a report", async () => {
      const e = await explain({ tree, text: "Dear all,\nit does not work.\n" }, reviewHost());
      expect(!e.ok && e.error[0]?.code).toBe("no-report");
    });
  });
}

const old = openTree("6.1");
const current = openTree("6.12");

describe.skipIf(old === undefined || mailText === undefined)("the mail's trace on Linux 6.1", () => {
  it("comes from the page pool's own release and disappears with the mail's patch", async () => {
    if (old === undefined || mailText === undefined) return;
    const e = await explainLog(old, mailText, mail);
    expect(e).toMatchObject({ verdict: "reproduced", release: "6.4.0-623164-default", reproduction: { scenario: "page-pool", variant: "before" } });
    expect(e.reproduction?.match.lacking).toEqual([]);
    expect(e.otherVariant).toMatchObject({ variant: "after", shows: false });
    expect(e.reports[0]?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["tce_freemulti_pSeriesLP", "page_pool_release_retry"]));
    expect(explanationText(e)).toContain("Witness: page-pool:");
  });
});

describe.skipIf(current === undefined || mailText === undefined)("the mail's trace on Linux 6.12", () => {
  it("does not come from its page pool: the same hypercall fails, with a different caller", async () => {
    if (current === undefined || mailText === undefined) return;
    const e = await explainLog(current, mailText);
    expect(e.verdict).toBe("similar");
    expect(e.reproduction?.match.lacking).toEqual(expect.arrayContaining(["page_pool_release", "page_pool_release_retry"]));
    expect(e.tried.filter((t) => t.scenario === "page-pool").every((t) => t.inOrder === 0)).toBe(true);
  });
});

describe.skipIf(current === undefined || text("truth/K-T1-multi.log") === undefined)("other logs of real kernels on Linux 6.12", () => {
  if (current === undefined) return;

  it("reproduces the KASAN reports and the oops in the same run", async () => {
    const e = await explainLog(current, text("truth/K-T1-multi.log") ?? "");
    expect(e).toMatchObject({ verdict: "reproduced", reproduction: { scenario: "late-unmap", set: { report: "kasan" } } });
    const first = e.reports[0];
    expect(first).toMatchObject({ kind: "kasan", bug: "slab-use-after-free" });
    expect(first?.allocated.find((f) => f.function === "iommu_bypass_supported_pSeriesLP")?.file).toBe("arch/powerpc/platforms/pseries/iommu.c");
    expect(first?.freed.find((f) => f.function === "iommu_tce_table_put")?.file).toBe("arch/powerpc/kernel/iommu.c");
    expect(e.reproduction?.alsoSeen).toContain(0);
  });

  it("reproduces the mail's wait messages on the patched tree only", async () => {
    const log = text("truth/T4a.log") ?? "";
    expect((await explainLog(current, log)).verdict).toBe("none");
    const e = await explainLog(current, log, mail);
    expect(e).toMatchObject({ verdict: "reproduced", reproduction: { variant: "after" }, otherVariant: { variant: "before", shows: false } });
  });

  it("finds no report in the log of a successful removal", async () => {
    const e = await explain({ tree: current, text: text("truth/T2.log") ?? "" }, reviewHost());
    expect(!e.ok && e.error[0]?.code).toBe("no-report");
  });

  it("reproduces an oops from a poisoned table with the parameter that poisons it", async () => {
    const { before } = (await runReview(current, { set: { slab: "poisoned" } })).result;
    const e = await explainLog(current, before.log.join("\n"));
    expect(e).toMatchObject({ verdict: "reproduced" });
    expect(e.reproduction?.set).toMatchObject({ slab: "poisoned" });
  });
});
