import { describe, expect, it } from "vitest";
import { functionNotes, noteWords } from "../../extension/overlay/function-notes.js";
import type { VariantResult } from "../../engine/protocol.js";
import { fixtureVariant, seconds } from "../fixtures/review.js";

const core = "arch/powerpc/kernel/iommu.c";
const run: VariantResult = {
  ...fixtureVariant({ hold: 3 * seconds }),
  functions: { tree: ["__iommu_free", "iommu_table_free", "iommu_range_alloc"], provided: [], assumed: [] },
  coverage: [
    {
      file: core,
      lines: [
        [200, 16],
        [430, 12],
        [456, 12],
        [815, 1],
        [900, 3],
      ],
    },
  ],
};
const lines = new Map([
  [200, "static unsigned long iommu_range_alloc(struct device *dev,"],
  [430, "static void __iommu_free(struct iommu_table *tbl, dma_addr_t dma_addr,"],
  [456, "\tbitmap_clear(tbl->it_map, free_entry, npages);"],
  [815, "static void iommu_table_free(struct kref *kref)"],
  [900, "static void never_ran(void)"],
]);

describe("the code lens above a function", () => {
  const notes = functionNotes(run, core, (line) => lines.get(line));

  it("counts the entries of each function, and distinguishes a definition from a call", () => {
    expect(notes.map(({ name, line, times }) => [name, line, times])).toEqual([
      ["iommu_range_alloc", 200, 16],
      ["__iommu_free", 430, 12],
      ["iommu_table_free", 815, 1],
    ]);
  });

  it("lists the findings of the function, the worst first", () => {
    const free = notes.find(({ name }) => name === "__iommu_free");
    expect(free === undefined ? "" : noteWords(free, run)).toContain("✖ 1 oops");
    expect(run.findings[free?.findings[0] ?? -1]?.severity).toBe("oops");
    expect(free?.moment).toBe(run.findings[free?.findings[0] ?? -1]?.t);
  });

  it("shows nothing for a line that was edited since", () => {
    expect(functionNotes(run, core, () => undefined)).toEqual([]);
  });
});
