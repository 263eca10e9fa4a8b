// A tree that calls what was not known when the engine was written: what can be run is run, what can't is said by name and
// place, nothing breaks.

import { describe, expect, it } from "vitest";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { withEdit, KERNEL, runReview, openTree } from "./trees.js";

const BEFORE = "\t/* verify that table contains no entries */\n";

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`unknown names on Linux ${series}`, () => {
    if (tree === undefined) return;
    const changed = (declaration: string, call: string): SourceTree =>
      withEdit(tree, KERNEL, (t) =>
        t.replace("static void iommu_table_free(", `${declaration}\nstatic void iommu_table_free(`).replace(BEFORE, `\t${call}\n${BEFORE}`),
      );

    it("assume a function that is declared and defined nowhere, and name it with the verdict", async () => {
      const { before } = (await runReview(changed("extern int iommu_quiesce_adapter(struct iommu_table *tbl);", "iommu_quiesce_adapter(tbl);"))).result;
      expect(before.functions.assumed).toEqual(["iommu_quiesce_adapter"]);
      expect(before.findings.find((f) => f.severity === "oops")?.assumed).toEqual(["iommu_quiesce_adapter"]);
    });

    it("cannot judge where a name is not declared at all, and say which and where", async () => {
      const made = changed("", "iommu_new_barrier_of_next_year(tbl);");
      const { before } = (await runReview(made)).result;
      const lines = (made.read(KERNEL) ?? "").split("\n");
      expect(before.outcome).toBe("cannot-judge");
      expect(before.reason?.message).toContain("iommu_new_barrier_of_next_year");
      expect(before.reason?.file).toBe(KERNEL);
      expect(lines[(before.reason?.line ?? 0) - 1]).toContain("iommu_new_barrier_of_next_year");
    });

    it("go on without what nothing reaches", async () => {
      const { before } = (
        await runReview(changed("static __attribute__((unused)) int nobody_calls(void) { return another_unknown(1, 2); }", ";"), { set: { late: "0" } })
      ).result;
      expect(before.outcome).toBe("clean");
    });

    it("run without an initcall that has another name there", async () => {
      const renamed = withEdit(tree, KERNEL, (t) => t.replaceAll("setup_iommu_pool_hash", "iommu_pool_hash_init"));
      const { before } = (await runReview(renamed, { set: { late: "0" } })).result;
      expect(before.outcome).toBe("clean");
      expect(before.functions.tree).not.toContain("setup_iommu_pool_hash");
    });
  });
}
