// Window layouts that firmware may offer, and failing calls: how the tree's own code handles them.

import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { withEdit, messages, PSERIES, runReview, mailPatch, openTree } from "./trees.js";

const mail = mailPatch();

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`layouts on Linux ${series}`, () => {
    if (tree === undefined) return;
    const run = async (set: Readonly<Record<string, string>>): Promise<VariantResult> => (await runReview(tree, { set })).result.before;
    const putCount = (v: VariantResult): number => v.timeline.events.filter((e) => e.k === "hcall" && e.rc === 0 && e.name.includes("PUT_TCE")).length;

    it.each([
      ["12", "1", "c"],
      ["16", "3", "10"],
      ["21", "103", "15"],
      ["24", "7", "18"],
    ])("maps with I/O pages of 2^%s bytes, the largest in the mask %s", async (pageshift, mask, shift) => {
      const v = await run({ pageshift, buffers: "8", late: "0" });
      expect(v.outcome).toBe("clean");
      expect(messages(v.log).some((l) => l.includes(` ps=${mask} wn=1`))).toBe(true);
      expect(messages(v.log).some((l) => new RegExp(`create-pe-dma-window\\(2027\\) 0 8000000 20000001 ${shift} 1c returned 0`).test(l))).toBe(true);
      expect(v.peak).toBe(pageshift === "12" ? 8 * 16 : 8);
    });

    it("treats a query with five outputs like a query with six", async () => {
      const five = await run({ queryouts: "5" });
      const six = await run({});
      expect(messages(five.log)).toEqual(messages(six.log));
    });

    it("finds the window at a bridge between host bridge and function and removes it with the bridge's node", async () => {
      const v = await run({ windownode: "parent" });
      expect(messages(v.log)).toContain("tcetest 0001:00:00.0: Removed default DMA window for /pci@800000020000001/pci@0");
      expect(v.mappedAtDetach).toBe(4);
      expect(v.findings.some((f) => f.severity === "oops")).toBe(true);
      const phases = v.timeline.spans.map((s) => s.name).filter((n) => n.startsWith("DLPAR: "));
      expect(phases).toEqual([
        "DLPAR: remove device",
        "DLPAR: remove slot",
        "DLPAR: detach device node",
        "DLPAR: detach bridge node",
        "DLPAR: detach host bridge node",
      ]);
    });

    it.skipIf(mail === undefined)("also waits for the TCEs of a bridge's window with the mail's patch", async () => {
      const { after } = (await runReview(tree, { patch: mail, set: { windownode: "parent" } })).result;
      expect(after?.outcome).toBe("clean");
      expect(((after?.detach?.end ?? 0) - (after?.detach?.start ?? 0)) / 1e9).toBeGreaterThan(3);
    });

    it("never requests more than 512 TCEs at once, and a larger request is rejected", async () => {
      const v = await run({ window: "direct" });
      const counts = v.timeline.events.flatMap((e) => (e.k === "hcall" ? [e.count] : []));
      expect(Math.max(...counts)).toBeLessThanOrEqual(512);
      const oversized = withEdit(tree, PSERIES, (t) => t.replace(", 0, limit);", ", 0, 513);"));
      const rejected = (await runReview(oversized, { set: { late: "0" } })).result.before;
      expect(rejected.timeline.events.some((e) => e.k === "hcall" && e.name === "H_STUFF_TCE" && e.count === 513 && e.rc === -57)).toBe(true);
    });

    it.each(["H_NOT_ENOUGH_RESOURCES", "H_BUSY", "H_HARDWARE", "H_PARAMETER"])(
      "handles %s from the hypercall that sets TCEs and continues",
      async (failcode) => {
        const v = await run({ late: "0", failcall: "3", failcode });
        const rc = { H_NOT_ENOUGH_RESOURCES: -44, H_BUSY: 1, H_HARDWARE: -1, H_PARAMETER: -4 }[failcode];
        // Clearing the default window's last range requests zero TCEs, also on real machines.
        const failed = v.timeline.events.filter((e) => e.k === "hcall" && e.rc !== 0 && e.count > 0);
        expect(failed.map((e) => (e.k === "hcall" ? e.rc : 0))).toEqual([rc]);
        expect(v.detach?.end).not.toBeNull();
        expect(v.mappedAtDetach).toBe(0);
        expect(putCount(v)).toBeGreaterThanOrEqual(15);
      },
    );

    it("leaves the TCE set if clearing it fails, and logs the failure", async () => {
      const v = await run({ late: "0", failcall: "2", failon: "clear", failcode: "H_HARDWARE" });
      expect(v.timeline.events.filter((e) => e.k === "hcall" && e.rc === -1)).toHaveLength(1);
      expect(v.log.join("\n")).toMatch(/plpar_tce_stuff failed|clear|returned/);
    });

    it("falls back to the default window if an RTAS call for a dynamic window fails", async () => {
      for (const failrtas of ["query", "create", "remove"]) {
        const v = await run({ late: "0", failrtas });
        expect([failrtas, v.outcome, v.peak]).toEqual([failrtas, "clean", 256]); // pages of 4 KiB
        expect(v.timeline.events.some((e) => e.k === "rtas" && e.rc === -1)).toBe(true);
      }
      const reset = await run({ late: "0", failrtas: "create" });
      expect(reset.timeline.events.some((e) => e.k === "rtas" && e.name === "ibm,reset-pe-dma-windows" && e.rc === 0)).toBe(true);
    });

    it("returns the current TCE from H_GET_TCE", async () => {
      const withGet = withEdit(tree, PSERIES, (t) =>
        t
          .replace(
            "static void tce_freemulti_pSeriesLP(",
            "static unsigned long tce_get_pSeriesLP(struct iommu_table *tbl, long tcenum);\nstatic void tce_freemulti_pSeriesLP(",
          )
          .replace(
            /(\nstatic void tce_freemulti_pSeriesLP\([^;{]*\)\n\{\n(?:\t[^;]*;\n)*?)\n/,
            `$1\n\tif (tbl->it_index == 0x70000016)\n\t\tpr_info("entry %lx\\n", tce_get_pSeriesLP(tbl, tcenum) & 3);\n`,
          ),
      );
      const v = (await runReview(withGet, { set: { late: "0", buffers: "2" } })).result.before;
      expect(messages(v.log).filter((l) => l.startsWith("entry "))).toEqual(["entry 0", "entry 3", "entry 3"]); // cleared first, then readable and writable
    });
  });
}

const current = openTree("6.12");
describe.skipIf(current === undefined)("a window larger than all RAM, Linux 6.12", () => {
  if (current === undefined) return;

  it("is part direct, part managed: persistent memory has separate TCEs behind those of RAM", async () => {
    const { before } = (await runReview(current, { set: { window: "hybrid" } })).result;
    expect(before.functions.tree).toEqual(expect.arrayContaining(["tce_setrange_multi_pSeriesLP", "iommu_alloc", "arch_dma_map_page_direct"]));
    expect(before.peak).toBe(16384 + 4);
    const maps = before.timeline.events.flatMap((e) => (e.k === "map" ? [Number(e.dma)] : []));
    expect(maps.filter((dma) => dma >= 0x80000000)).toHaveLength(4);
    expect(maps.filter((dma) => dma < 0x40000000)).toHaveLength(12);
    expect(before.functions.assumed).toEqual([]);
  });

  it.skipIf(mail === undefined)("lets the mail's loop wait its full time, because an unmap treats managed TCEs as direct", async () => {
    const { before, after } = (await runReview(current, { patch: mail, set: { window: "hybrid" } })).result;
    const detachSeconds = (v: VariantResult | undefined): number => ((v?.detach?.end ?? 0) - (v?.detach?.start ?? 0)) / 1e9;
    expect(detachSeconds(before)).toBeLessThan(0.1);
    expect(detachSeconds(after)).toBeGreaterThan(119);
  });
});
