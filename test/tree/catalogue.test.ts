// Every built-in scenario has the outcome that the catalogue documents, on every tree, with and without the mail's patch, and
// does what its name says, as the tree's own code shows.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { scenarios } from "../../engine/scenario/catalogue/scenarios.js";
import type { Worst } from "../../engine/scenario/catalogue/spec.js";
import { mailPatch, messages, openTree, runReview } from "./trees.js";

const mail = mailPatch();

function worst(v: VariantResult | undefined): Worst | "cannot judge" | "not run" {
  if (v === undefined) return "not run";
  if (v.outcome === "cannot-judge") return "cannot judge";
  return (["oops", "silent", "warning"] as const).find((s) => v.findings.some((f) => f.severity === s)) ?? "clean";
}

/** The numbers of mapped TCEs, in order. */
const mappedCounts = (v: VariantResult): readonly number[] => v.occupancy.map((o) => o.mapped);

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`the catalogue on Linux ${series}`, () => {
    if (tree === undefined) return;

    for (const spec of scenarios) {
      it.skipIf(mail === undefined)(
        `${spec.name}: the outcome is ${spec.expected?.[series].tree ?? ""}, with the mail's patch ${spec.expected?.[series].mail ?? ""}`,
        async () => {
          const { before, after } = (await runReview(tree, { scenario: spec.name, patch: mail })).result;
          expect({ tree: worst(before), mail: worst(after) }).toEqual({ tree: spec.expected?.[series].tree, mail: spec.expected?.[series].mail });
          expect([...before.functions.assumed, ...(after?.functions.assumed ?? [])]).toEqual([]);
        },
      );
    }

    const run = async (scenario: string, set: Readonly<Record<string, string>> = {}): Promise<VariantResult> =>
      (await runReview(tree, { scenario, set })).result.before;

    it("uses no dynamic window and has no failed hypercall with the default window only", async () => {
      const v = await run("default-window");
      expect(v.functions.tree).not.toContain("create_ddw");
      expect(v.peak).toBe(256); // 16 buffers of 64 KiB in pages of 4 KiB
      expect(v.findings.map((f) => f.kind)).not.toContain("failed-hypercall");
    });

    it("reports whether the default window's table is lost when a dynamic window replaces it", async () => {
      const lost = ((await run("late-unmap")).lost ?? []).map((l) => l.function);
      expect(lost).toEqual(series === "6.12" ? ["iommu_pseries_alloc_table", "iommu_init_table"] : []);
    });

    it("keeps the default window next to the dynamic window", async () => {
      const v = await run("ddw-beside-default");
      expect(v.functions.tree).toContain("create_ddw");
      expect(v.log.join("\n")).not.toContain("Removed default DMA window");
      expect(messages(v.log).some((l) => /query-pe-dma-windows.* wn=1$/.test(l))).toBe(true);
    });

    it("maps all RAM at once with a direct window, and no single buffers", async () => {
      const v = await run("direct-mapped");
      expect(v.peak).toBe(16384); // 1 GiB in pages of 64 KiB
      expect(v.functions.tree).toContain("tce_setrange_multi_pSeriesLP");
      expect(v.functions.tree).not.toContain("iommu_map_page");
    });

    it("sets and clears the TCEs of memory that is added and removed", async () => {
      const v = await run("memory-hotplug");
      expect(v.functions.tree).toContain("iommu_mem_notifier");
      expect(v.peak).toBe(16384 + 4096);
      expect(v.mappedAtDetach).toBe(16384);
    });

    it("lets the late unmap of a removed slot clear a TCE of the slot that replaced it", async () => {
      const v = await run("remove-then-add", { late: "1" });
      // The new driver maps 16 buffers again; the old driver's unmap clears one of them.
      expect(mappedCounts(v).slice(-2)).toEqual([16, 15]);
      expect(v.log.join("\n")).not.toContain("plpar_tce_stuff failed");
    });

    it("continues without the buffer whose hypercall failed", async () => {
      const v = await run("hcall-failure");
      expect(v.peak).toBe(15);
      expect(v.log.join("\n")).toContain("iommu_alloc failed");
    });

    it("removes two slots at the same time", async () => {
      const v = await run("two-removals");
      expect(v.peak).toBe(32);
      expect(messages(v.log).filter((l) => l === "iommu_table_free: Unexpected TCEs")).toHaveLength(2);
    });

    it("keeps the entries of all queues separate under load", async () => {
      const v = await run("heavy-io", { late: "0" });
      expect(v.outcome).toBe("clean");
      expect(v.peak).toBeGreaterThan(16 + 8);
      expect(v.mappedAtDetach).toBe(0);
    });

    it("distributes the CPUs over the table's pools with the tree's own hash", async () => {
      const v = await run("heavy-io", { late: "0", window: "default" });
      expect(v.functions.tree).toContain("setup_iommu_pool_hash");
      const pools = new Set(v.timeline.events.flatMap((e) => (e.k === "hcall" && e.name.startsWith("H_PUT_TCE") ? [Math.floor(e.index / 0xc000)] : [])));
      expect(pools.size).toBeGreaterThan(1);
    });

    it("frees the table when VFIO drops the last reference, not at the detach", async () => {
      const v = await run("vfio-holds-table");
      const put = v.timeline.spans.find((s) => s.name === "VFIO: container is closed");
      expect(put?.start).toBeGreaterThan(4e9);
      expect(v.functions.tree).toContain("iommu_table_free");
      expect(v.log.join("\n")).not.toContain("Unexpected TCEs");
    });

    it.skipIf(mail === undefined)("lets VFIO take the group with the tree's own calls, and shows how long the mail's wait delays it", async () => {
      const { before, after } = (await runReview(tree, { scenario: "vfio-takes-group", patch: mail })).result;
      const takeSeconds = (v: VariantResult | undefined): number => {
        const span = v?.timeline.spans.find((s) => s.name === "VFIO: take the group");
        return ((span?.end ?? 0) - (span?.start ?? 0)) / 1e9;
      };
      const refused = messages(before.log).includes("iommu_tce: it_map is not empty");
      expect(refused).toBe(!before.functions.tree.includes("spapr_tce_take_ownership"));
      expect(takeSeconds(before)).toBeLessThan(0.1);
      if (refused) return;
      expect(takeSeconds(after)).toBeGreaterThan(2.9);
      expect(before.functions.tree).toContain("pseries_setup_default_iommu_config");
      expect(after?.findings.map((f) => f.kind)).toEqual(["failed-hypercall"]);
    });

    it("shows the phases of a migration on the timeline", async () => {
      const v = await run("lpm-failover");
      const names = v.timeline.spans.map((s) => s.name).filter((n) => n.startsWith("LPM: "));
      expect(names).toEqual([
        "LPM: validate",
        "LPM: bond fails over to virtual Ethernet",
        "LPM: remove the SR-IOV function",
        "LPM: copy memory",
        "LPM: suspend, go on at the destination",
        "LPM: add an SR-IOV function",
        "LPM: bond fails back",
      ]);
      const bursts = /bond0: (\d+) bursts by the SR-IOV function, (\d+) by virtual Ethernet/.exec(v.log.join("\n"));
      expect(Number(bursts?.[1])).toBeGreaterThan(10);
      expect(Number(bursts?.[2])).toBeGreaterThan(100);
      // The function at the destination maps its ring.
      expect(v.occupancy.at(-1)?.mapped).toBeGreaterThanOrEqual(16);
    });
  });
}
