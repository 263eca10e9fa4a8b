// Optional log contents: the reports of a KASAN kernel, and the log if the freed table was poisoned or its memory reused
// (modes A and B in KERNEL-FACTS.md of the reference material).

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedPath } from "../shared.js";
import { messages, runReview, openTree } from "./trees.js";

for (const series of ["6.12", "6.1"] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`the log on Linux ${series}`, () => {
    if (tree === undefined) return;

    it("has a KASAN report for each place, in order of execution, before the oops", async () => {
      const { before } = (await runReview(tree, { set: { report: "kasan" } })).result;
      const log = messages(before.log);
      const reports = log.filter((l) => l.startsWith("BUG: KASAN: ")).map((l) => l.replace(/^BUG: KASAN: (\S+) in (\w+)\+.*/, "$1 $2"));
      const slab = series === "6.1" ? "use-after-free" : "slab-use-after-free";
      expect(reports[0]).toBe(`${slab} iommu_unmap_page`);
      expect(reports.at(-1)).toBe("vmalloc-out-of-bounds __bitmap_clear");
      const uses = before.findings.filter((f) => f.kind === "use-after-free");
      expect(reports).toHaveLength(uses.length);
      expect(log.indexOf("The buggy address is located 776 bytes inside of")).toBeGreaterThan(0);
      expect(log.findIndex((l) => l.startsWith("BUG: Unable to handle"))).toBeGreaterThan(log.findLastIndex((l) => l.startsWith("BUG: KASAN: ")));
    });

    it("shows the memory around the bad address in the kernel's format, with the mark below its byte", async () => {
      const { before } = (await runReview(tree, { set: { report: "kasan" } })).result;
      const log = messages(before.log);
      const state = (from: number): readonly string[] => {
        const at = log.indexOf("Memory state around the buggy address:", from);
        return log.slice(at + 1, at + 7);
      };
      const first = state(0);
      const address = /at addr ([0-9a-f]{16})/.exec(log.find((l) => l.startsWith("Read of size 8 at addr")) ?? "")?.[1] ?? "";
      const marked = first.find((l) => l.startsWith(">")) ?? "";
      const row = BigInt(`0x${marked.slice(1, 17)}`);
      const byte = Number((BigInt(`0x${address}`) - row) / 8n);
      expect(marked.slice(19).split(" ")).toHaveLength(16);
      expect(marked.slice(19).split(" ")[byte]).toBe("fb"); // freed slab object
      const mark = first.find((l) => l.trim() === "^") ?? "";
      expect(marked.slice(mark.indexOf("^") - 1, mark.indexOf("^") + 1)).toBe(" f");
      expect(log).toContain(`page: pfn:0x${((BigInt(`0x${address}`) & 0xffffffffn) >> 16n).toString(16)}`);
      const last = state(log.findLastIndex((l) => l.startsWith("BUG: KASAN: vmalloc-out-of-bounds")));
      expect(last.find((l) => l.startsWith(">"))).toContain("f8 f8 f8"); // unmapped by then
    });

    it("has no KASAN report unless requested", async () => {
      const { before } = (await runReview(tree)).result;
      expect(before.log.join("\n")).not.toContain("KASAN");
    });

    it("rejects the poisoned table's entries and oopses on its operations", async () => {
      const { before } = (await runReview(tree, { set: { slab: "poisoned" } })).result;
      const log = messages(before.log);
      expect(log).toContain("iommu_free: invalid entry");
      expect(log).toContain("\tsize      = 0x6b6b6b6b6b6b6b6b");
      expect(log.join("\n")).not.toContain("plpar_tce_stuff failed");
      const oops = before.findings.find((f) => f.severity === "oops");
      expect(oops?.function).toBe("iommu_free");
      expect(oops?.access?.text).toBe("tbl->it_ops->flush");
    });

    it("ends differently with different values in the reused object, and the same with the same seed", async () => {
      const ends = new Set<string>();
      for (const seed of ["1", "2", "3", "4"]) {
        const run = async (): Promise<string> => {
          const { before } = (await runReview(tree, { set: { slab: "reused", seed } })).result;
          const oops = before.findings.find((f) => f.severity === "oops");
          return `${oops?.function ?? "none"} ${oops?.access?.address ?? ""}`;
        };
        const end = await run();
        expect(await run()).toBe(end);
        ends.add(end);
      }
      expect(ends.size).toBeGreaterThan(1);
    });
  });
}

const truth = sharedPath("truth/T1.log");
const tree = openTree("6.12");
describe.skipIf(truth === undefined || tree === undefined)("the steps of a removal", () => {
  it("have the order of a real system's log", async () => {
    if (truth === undefined || tree === undefined) return;
    const steps: readonly (readonly [RegExp, string])[] = [
      [/^=== sysfs remove$/, "DLPAR: remove device"],
      [/^=== remove_slot '/, "DLPAR: remove slot"],
      [/^=== remove_node .*legacy-device/, "DLPAR: detach device node"],
      [/^=== remove_node \/pci@\w+ \(start\)/, "DLPAR: detach host bridge node"],
    ];
    const real = readFileSync(truth, "utf8")
      .split(/\r?\n/)
      .flatMap((line) => steps.filter(([pattern]) => pattern.test(line)).map(([, name]) => name));
    const { before } = (await runReview(tree)).result;
    const phases = before.timeline.spans.filter((s) => s.name.startsWith("DLPAR: ")).sort((a, b) => a.start - b.start);
    expect(real).toHaveLength(4);
    expect(phases.map((s) => s.name)).toEqual(real);
  });
});
