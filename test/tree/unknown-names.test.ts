// A tree that uses names unknown to the engine: everything that can run does, the rest is reported with name and place, and
// nothing breaks.

import { describe, expect, it } from "vitest";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { withEdit, KERNEL, runReview, openTree } from "./trees.js";

const INSERT_BEFORE = "\t/* verify that table contains no entries */\n";

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`unknown names on Linux ${series}`, () => {
    if (tree === undefined) return;
    const withCall = (declaration: string, call: string): SourceTree =>
      withEdit(tree, KERNEL, (t) =>
        t.replace("static void iommu_table_free(", `${declaration}\nstatic void iommu_table_free(`).replace(INSERT_BEFORE, `\t${call}\n${INSERT_BEFORE}`),
      );

    it("are assumed functions if they are declared but not defined, and are listed with the verdict", async () => {
      const { before } = (await runReview(withCall("extern int iommu_quiesce_adapter(struct iommu_table *tbl);", "iommu_quiesce_adapter(tbl);"))).result;
      expect(before.functions.assumed).toEqual(["iommu_quiesce_adapter"]);
      expect(before.findings.find((f) => f.severity === "oops")?.assumed).toEqual(["iommu_quiesce_adapter"]);
    });

    it("lead to cannot judge if they are not declared, with name and place", async () => {
      const edited = withCall("", "iommu_new_barrier_of_next_year(tbl);");
      const { before } = (await runReview(edited)).result;
      const lines = (edited.read(KERNEL) ?? "").split("\n");
      expect(before.outcome).toBe("cannot-judge");
      expect(before.reason?.message).toContain("iommu_new_barrier_of_next_year");
      expect(before.reason?.file).toBe(KERNEL);
      expect(lines[(before.reason?.line ?? 0) - 1]).toContain("iommu_new_barrier_of_next_year");
    });

    it("have no effect in functions that are never called", async () => {
      const { before } = (
        await runReview(withCall("static __attribute__((unused)) int nobody_calls(void) { return another_unknown(1, 2); }", ";"), { set: { late: "0" } })
      ).result;
      expect(before.outcome).toBe("clean");
    });

    it("do not prevent a run if an initcall has a different name", async () => {
      const renamed = withEdit(tree, KERNEL, (t) => t.replaceAll("setup_iommu_pool_hash", "iommu_pool_hash_init"));
      const { before } = (await runReview(renamed, { set: { late: "0" } })).result;
      expect(before.outcome).toBe("clean");
      expect(before.functions.tree).not.toContain("setup_iommu_pool_hash");
    });
  });
}
