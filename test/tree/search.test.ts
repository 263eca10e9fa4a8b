// Searches of schedules on real trees: their findings, and replays of their witnesses.

import { describe, expect, it } from "vitest";
import type { SearchRequest } from "../../engine/review/search-variant.js";
import { runReview, mailPatch, openTree } from "./trees.js";

const mail = mailPatch();
const search: SearchRequest = { algorithm: "exhaustive", preemptions: 1, executions: 100_000, depth: 3, budgetMs: 120_000 };

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined || mail === undefined)(`Linux ${series}`, () => {
    if (tree === undefined) return;

    it("finds the use after free that the mail's patch leaves: the table is freed during the last unmap", async () => {
      const { after } = (await runReview(tree, { patch: mail, set: { late: "1", buffers: "2" }, search })).result;
      if (after === undefined) throw new Error("no run of the patched tree");
      expect(after.covered.search).toMatchObject({ complete: 1, end: "complete" });
      expect(after.findings.length).toBeGreaterThan(0);
      const unlock = after.findings.find((f) => f.function === "__iommu_free" && f.access?.type === "write");
      expect(unlock).toMatchObject({ kind: "use-after-free", severity: "silent", object: { kind: "slab" } });
      expect(unlock?.condition).toMatch(
        /Needs 1 preemption: kworker\/1:1 is preempted between __bitmap_clear .* and __iommu_free .*, unmapping buffer 1, while drmgr runs/,
      );

      // The story has one switch, and the remover's free races with the worker's access.
      const story = unlock?.story;
      expect(story?.switches.map((s) => [s.kind, s.heldName, s.goesName])).toEqual([["preemption", "kworker/1:1", "drmgr"]]);
      const race = story?.edges.find((e) => e.kind === "race" && story.accesses[e.to]?.bad === true);
      expect(story?.accesses[race?.from ?? -1]).toMatchObject({ type: "free" });
      // The freed table is read at the line that looks up the flush operation.
      const flush = after.findings.find((f) => f.function === "iommu_free");
      expect(flush?.freed?.stack.map((f) => f.function)).toContain("iommu_table_free");

      // The remover reads the map without the lock that unmaps hold when they clear it.
      expect(after.concurrency?.some((w) => w.kind === "data-race" && [w.first.function, w.second.function].includes("__bitmap_clear"))).toBe(true);
      expect(after.concurrency?.some((w) => w.kind === "lock-order")).toBe(false);

      const witness = unlock?.witness ?? "";
      const replayed = (await runReview(tree, { patch: mail, witness })).result;
      expect(replayed.replayed).toBe("after");
      expect(replayed.before.covered.preemptions).toBe(1);
      expect(replayed.before.findings.find((f) => f.function === "__iommu_free" && f.access?.type === "write")?.story).toEqual(story);
      expect(replayed.before.findings.some((f) => f.function === "__iommu_free" && f.line === unlock?.line && f.access?.type === "write")).toBe(true);
      const second = (await runReview(tree, { patch: mail, witness })).result;
      expect(second.before).toEqual(replayed.before);
    });

    it("finds nothing in the schedules without preemptions, and reports that it covers no others", async () => {
      const { after } = (await runReview(tree, { patch: mail, set: { late: "2", buffers: "3" }, search: { ...search, preemptions: 0 } })).result;
      expect(after?.outcome).toBe("clean");
      expect(after?.covered.text).toContain("at most 0 preemptions");
    });

    it("needs no preemption for the oops of the unpatched tree", async () => {
      const { before } = (await runReview(tree, { set: { late: "1", buffers: "1" }, search })).result;
      expect(before.findings.find((f) => f.severity === "oops")?.condition).toContain("Default schedule");
    });

    it("starts with the first actor if a scenario has no removal", async () => {
      const racing = `#include "../world/all.c"
        WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);
        static unsigned long counter;
        static void add(void *unused)
        {
          unsigned long seen = counter;

          __tcs_visible(&counter, sizeof(counter), TCS_WRITE);
          counter = seen + 1;
          world_nap(1000000);
          if (counter == 1)
            pr_info("lost\\n");
          BUG_ON(counter == 1);
        }
        void tcs_main(void *unused)
        {
          world_boot(1);
          svc_thread("one", add, NULL, 0, 0);
          svc_thread("two", add, NULL, 1, 0);
        }`;
      const { before } = (await runReview(tree, { own: { name: "racing.c", text: racing }, search })).result;
      expect(before.covered.search?.operations).toBeGreaterThan(10);
      const lost = before.findings.find((f) => f.function === "add");
      expect(lost?.condition).toMatch(/Needs 1 preemption/);
      expect(lost?.file).toContain("racing.c");
    });

    it("claims only a sample for PCT and random schedules", async () => {
      for (const algorithm of ["pct", "random"] as const) {
        const { after } = (await runReview(tree, { patch: mail, set: { late: "1", buffers: "1" }, search: { ...search, algorithm, executions: 20 } })).result;
        expect(after?.covered.executions).toBe(21);
        expect(after?.covered.text).toMatch(/^Sampled/);
        expect(after?.covered.search?.complete).toBeLessThanOrEqual(0);
      }
    });
  });
}
