// Logs of real kernels and the mail's, explained: the run that shows the same stack is found, its functions have their
// places in the tree; a log whose stack no run shows is told so.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { explain } from "../../engine/explain/explain.js";
import type { Explanation } from "../../engine/explain/explanation.js";
import { explanationText } from "../../engine/explain/text.js";
import type { PatchInput } from "../../engine/review/review.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { sharedPath } from "../shared.js";
import { hostOf, reviewed, theMail, treeAt } from "./trees.js";

const text = (name: string): string | undefined => {
  const path = sharedPath(name);
  return path === undefined ? undefined : readFileSync(path, "utf8");
};

async function explained(tree: SourceTree, log: string, patch?: PatchInput): Promise<Explanation> {
  const e = await explain({ tree, text: log, ...(patch === undefined ? {} : { patch }) }, hostOf());
  if (!e.ok) throw new Error(e.error.map((p) => p.message).join("\n"));
  return e.value;
}

const mail = theMail();
const mailText = text("mail/20250219-reply-to-v2.txt");

for (const series of ["6.12", "6.1"] as const) {
  const tree = treeAt(series);
  const logs = { "6.12": "truth/T1.log", "6.1": "truth/D61-T1.log" } as const;
  const log = text(logs[series]);
  describe.skipIf(tree === undefined || log === undefined)(`explaining on Linux ${series}`, () => {
    if (tree === undefined || log === undefined) return;

    it("finds the run of a real kernel's oops, with the trace before it", async () => {
      const e = await explained(tree, log);
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

    it("names the same run by its witness", async () => {
      const e = await explained(tree, log);
      const replayed = await reviewed(tree, { witness: e.reproduction?.witness ?? "" });
      expect(replayed.result.before.findings.some((f) => f.severity === "oops" && f.function === "__bitmap_clear")).toBe(true);
    });

    it("says that none shows the stack of another machine's driver", async () => {
      const e = await explained(
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
      expect(e.words).toContain("x86");
      expect(e.tried.length).toBeGreaterThan(10);
      expect(e.reports[0]?.stack[0]?.file).toBeUndefined();
    });

    it("refuses a text without a report", async () => {
      const e = await explain({ tree, text: "Dear all,\nit does not work.\n" }, hostOf());
      expect(!e.ok && e.error[0]?.code).toBe("no-report");
    });
  });
}

const old = treeAt("6.1");
const now = treeAt("6.12");

describe.skipIf(old === undefined || mailText === undefined)("the mail's trace on Linux 6.1", () => {
  it("is the page pool's own release, and is gone with the mail's patch", async () => {
    if (old === undefined || mailText === undefined) return;
    const e = await explained(old, mailText, mail);
    expect(e).toMatchObject({ verdict: "reproduced", release: "6.4.0-623164-default", reproduction: { scenario: "page-pool", variant: "before" } });
    expect(e.reproduction?.match.lacking).toEqual([]);
    expect(e.otherVariant).toMatchObject({ variant: "after", shows: false });
    expect(e.reports[0]?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["tce_freemulti_pSeriesLP", "page_pool_release_retry"]));
    expect(explanationText(e)).toContain("Witness: page-pool:");
  });
});

describe.skipIf(now === undefined || mailText === undefined)("the mail's trace on Linux 6.12", () => {
  it("does not come from its page pool: the same hypercall fails, from another caller", async () => {
    if (now === undefined || mailText === undefined) return;
    const e = await explained(now, mailText);
    expect(e.verdict).toBe("similar");
    expect(e.reproduction?.match.lacking).toEqual(expect.arrayContaining(["page_pool_release", "page_pool_release_retry"]));
    expect(e.tried.filter((t) => t.scenario === "page-pool").every((t) => t.inOrder === 0)).toBe(true);
  });
});

describe.skipIf(now === undefined || text("truth/K-T1-multi.log") === undefined)("other real logs on Linux 6.12", () => {
  if (now === undefined) return;

  it("is one run that shows the KASAN reports as well as the oops", async () => {
    const e = await explained(now, text("truth/K-T1-multi.log") ?? "");
    expect(e).toMatchObject({ verdict: "reproduced", reproduction: { scenario: "late-unmap", set: { report: "kasan" } } });
    const first = e.reports[0];
    expect(first).toMatchObject({ kind: "kasan", bug: "slab-use-after-free" });
    expect(first?.allocated.find((f) => f.function === "iommu_bypass_supported_pSeriesLP")?.file).toBe("arch/powerpc/platforms/pseries/iommu.c");
    expect(first?.freed.find((f) => f.function === "iommu_tce_table_put")?.file).toBe("arch/powerpc/kernel/iommu.c");
    expect(e.reproduction?.alsoSeen).toContain(0);
  });

  it("is the patched tree that logs the mail's wait, and not the tree", async () => {
    const log = text("truth/T4a.log") ?? "";
    expect((await explained(now, log)).verdict).toBe("none");
    const e = await explained(now, log, mail);
    expect(e).toMatchObject({ verdict: "reproduced", reproduction: { variant: "after" }, otherVariant: { variant: "before", shows: false } });
  });

  it("is nothing in the log of a removal that went well", async () => {
    const e = await explain({ tree: now, text: text("truth/T2.log") ?? "" }, hostOf());
    expect(!e.ok && e.error[0]?.code).toBe("no-report");
  });

  it("is found with the values that a freed table holds after reuse, where the log is of that kind", async () => {
    const { before } = (await reviewed(now, { set: { slab: "poisoned" } })).result;
    const e = await explained(now, before.log.join("\n"));
    expect(e).toMatchObject({ verdict: "reproduced" });
    expect(e.reproduction?.set).toMatchObject({ slab: "poisoned" });
  });
});
