// Every built-in scenario on every tree, as it is and with the mail's patch, comes to what the catalogue says; and each
// scenario really is what its name says, seen from what the tree's own code did in it.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { scenarios } from "../../engine/scenario/catalogue/scenarios.js";
import type { Worst } from "../../engine/scenario/catalogue/spec.js";
import { messages, reviewed, theMail, treeAt } from "./trees.js";

const mail = theMail();

function worst(v: VariantResult | undefined): Worst | "cannot judge" | "not run" {
  if (v === undefined) return "not run";
  if (v.outcome === "cannot-judge") return "cannot judge";
  return (["oops", "silent", "warning"] as const).find((s) => v.findings.some((f) => f.severity === s)) ?? "clean";
}

/** How many TCEs were mapped when, in order. */
const curve = (v: VariantResult): readonly number[] => v.occupancy.map((o) => o.mapped);

for (const series of ["6.12", "6.1"] as const) {
  const tree = treeAt(series);
  describe.skipIf(tree === undefined)(`the catalogue on Linux ${series}`, () => {
    if (tree === undefined) return;

    for (const spec of scenarios) {
      it.skipIf(mail === undefined)(`${spec.name}: ${spec.expected?.[series].tree ?? ""}, with the mail ${spec.expected?.[series].mail ?? ""}`, async () => {
        const { before, after } = (await reviewed(tree, { scenario: spec.name, patch: mail })).result;
        expect({ tree: worst(before), mail: worst(after) }).toEqual({ tree: spec.expected?.[series].tree, mail: spec.expected?.[series].mail });
        expect([...before.functions.assumed, ...(after?.functions.assumed ?? [])]).toEqual([]);
      });
    }

    const run = async (scenario: string, set: Readonly<Record<string, string>> = {}): Promise<VariantResult> =>
      (await reviewed(tree, { scenario, set })).result.before;

    it("has no dynamic window, and no failed hypercall, with the default window", async () => {
      const v = await run("default-window");
      expect(v.functions.tree).not.toContain("create_ddw");
      expect(v.peak).toBe(256); // 16 buffers of 64 KiB in pages of 4 KiB
      expect(v.findings.map((f) => f.kind)).not.toContain("failed-hypercall");
    });

    it("tells whether the default window's table is lost when a dynamic one takes its place", async () => {
      const lost = ((await run("late-unmap")).lost ?? []).map((l) => l.function);
      expect(lost).toEqual(series === "6.12" ? ["iommu_pseries_alloc_table", "iommu_init_table"] : []);
    });

    it("keeps the default window beside the dynamic one", async () => {
      const v = await run("ddw-beside-default");
      expect(v.functions.tree).toContain("create_ddw");
      expect(v.log.join("\n")).not.toContain("Removed default DMA window");
      expect(messages(v.log).some((l) => /query-pe-dma-windows.* wn=1$/.test(l))).toBe(true);
    });

    it("maps all RAM at once with a direct window, and no buffer on its own", async () => {
      const v = await run("direct-mapped");
      expect(v.peak).toBe(16384); // 1 GiB in pages of 64 KiB
      expect(v.functions.tree).toContain("tce_setrange_multi_pSeriesLP");
      expect(v.functions.tree).not.toContain("iommu_map_page");
    });

    it("enters and clears the TCEs of memory that comes and goes", async () => {
      const v = await run("memory-hotplug");
      expect(v.functions.tree).toContain("iommu_mem_notifier");
      expect(v.peak).toBe(16384 + 4096);
      expect(v.mappedAtDetach).toBe(16384);
    });

    it("lets the late unmap of a removed slot clear a TCE of the slot that took its place", async () => {
      const v = await run("remove-then-add", { late: "1" });
      // 16 mapped again by the new driver; the old one's unmap takes one of them away.
      expect(curve(v).slice(-2)).toEqual([16, 15]);
      expect(v.log.join("\n")).not.toContain("plpar_tce_stuff failed");
    });

    it("goes on without the buffer whose hypercall failed", async () => {
      const v = await run("hcall-failure");
      expect(v.peak).toBe(15);
      expect(v.log.join("\n")).toContain("iommu_alloc failed");
    });

    it("removes two slots side by side", async () => {
      const v = await run("two-removals");
      expect(v.peak).toBe(32);
      expect(messages(v.log).filter((l) => l === "iommu_table_free: Unexpected TCEs")).toHaveLength(2);
    });

    it("keeps every queue's entries apart under load", async () => {
      const v = await run("heavy-io", { late: "0" });
      expect(v.outcome).toBe("clean");
      expect(v.peak).toBeGreaterThan(16 + 8);
      expect(v.mappedAtDetach).toBe(0);
    });

    it("spreads the CPUs over the table's pools by the tree's own hash", async () => {
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

    it.skipIf(mail === undefined)("has VFIO take the group by the tree's own calls, and shows what the mail's wait holds up there", async () => {
      const { before, after } = (await reviewed(tree, { scenario: "vfio-takes-group", patch: mail })).result;
      const took = (v: VariantResult | undefined): number => {
        const span = v?.timeline.spans.find((s) => s.name === "VFIO: take the group");
        return ((span?.end ?? 0) - (span?.start ?? 0)) / 1e9;
      };
      const refused = messages(before.log).includes("iommu_tce: it_map is not empty");
      expect(refused).toBe(!before.functions.tree.includes("spapr_tce_take_ownership"));
      expect(took(before)).toBeLessThan(0.1);
      if (refused) return;
      expect(took(after)).toBeGreaterThan(2.9);
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
      // The function at the destination maps its ring again.
      expect(v.occupancy.at(-1)?.mapped).toBeGreaterThanOrEqual(16);
    });
  });
}
