// Outcomes that logs of real kernels confirm: the trees without and with the mail's patch, on the schedule of those logs.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { VariantResult } from "../../engine/review/result.js";
import { sharedPath } from "../shared.js";
import { withEdit, KERNEL, messages, PSERIES, runReview, mailPatch, openTree, tryReview } from "./trees.js";

const mail = mailPatch();
const NS = 1e9;

/** Expects each pattern to match a line after the match of the previous pattern. */
function expectInOrder(log: readonly string[], patterns: readonly RegExp[]): void {
  let at = 0;
  for (const p of patterns) {
    const found = log.findIndex((line, i) => i >= at && p.test(line));
    expect(found, `${String(p)} after line ${String(at)} of\n${log.join("\n")}`).toBeGreaterThanOrEqual(0);
    at = found + 1;
  }
}

const oopsOf = (v: VariantResult): VariantResult["findings"][number] => {
  const f = v.findings.find((x) => x.severity === "oops");
  if (f === undefined) throw new Error(`no oops among ${v.findings.map((x) => x.message).join("; ")}`);
  return f;
};

/** Kernel lines of a real log from the detach to the end of the oops, as patterns without numbers that may differ. */
function realLogPatterns(file: string): readonly RegExp[] {
  const text = readFileSync(file, "utf8");
  const lines = text
    .split(/\r?\n/)
    .filter((l) => /^\[ *\d+\.\d+\]/.test(l))
    .map((l) => l.replace(/^\[ *\d+\.\d+\] /, ""));
  const from = lines.findIndex((l) => l.startsWith("iommu_table_free: Unexpected TCEs"));
  const to = lines.findIndex((l) => l.startsWith("---[ end trace"));
  const testLines = /^(init:|tcetest:|===)/;
  const patterns: RegExp[] = [];
  const escape = (s: string): string => s.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  for (const line of lines.slice(from, to + 1).filter((l) => !testLines.test(l))) {
    const trace = /^\[[0-9a-f]+\] \[[0-9a-f]+\] (\w+)\+/.exec(line);
    // Functions of the test driver and of thread start-up do not belong to the tree.
    if (trace !== null) {
      if (
        /^(tce_freemulti_pSeriesLP|__iommu_free|iommu_unmap_page|dma_iommu_unmap_page|dma_unmap_page_attrs|process_one_work|worker_thread|kthread)$/.test(
          trace[1] ?? "",
        )
      )
        patterns.push(new RegExp(`\\] ${trace[1] ?? ""}\\+`));
    } else if (/^(Call Trace:|iommu_table_free|tce_freemulti|\trc |\tnpages|BUG: Unable|Oops: |NIP \[|LR \[|---\[ end)/.test(line)) {
      const shape = line.replace(/0x[0-9a-f]{8,}|\[[0-9a-f]{16}\]/g, "\u0001").replace(/\+0x[0-9a-f]+\/0x[0-9a-f]+/g, "\u0001");
      patterns.push(new RegExp(`^${escape(shape).replaceAll("\u0001", ".*")}$`));
    }
  }
  return patterns;
}

for (const [series, truth] of [
  ["6.12", "truth/T1.log"],
  ["6.1", "truth/D61-T1.log"],
] as const) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`Linux ${series}`, () => {
    if (tree === undefined) return;

    it("oopses without the patch when a buffer is unmapped after the detach, in the order of a real kernel's log", async () => {
      const { before } = (await runReview(tree)).result;
      expect(before.outcome).toBe("finding");
      const log = messages(before.log);
      expectInOrder(log, [
        /^iommu_table_free: Unexpected TCEs$/,
        /^tce_freemulti_pSeriesLP: plpar_tce_stuff failed$/,
        /^\trc {6}= -4$/,
        /^\tindex {3}= 0x70000016$/,
        /^\tnpages {2}= 0x1$/,
        /^Call Trace:$/,
        / tce_freemulti_pSeriesLP\+/,
        / __iommu_free\+/,
        / iommu_unmap_page\+/,
        / dma_iommu_unmap_page\+/,
        / dma_unmap_page_attrs\+/,
        /^BUG: Unable to handle kernel data access/,
        /^Oops: /,
        /^NIP .*bitmap_clear/,
        / __iommu_free\+/,
      ]);
      const real = sharedPath(truth);
      if (real !== undefined) {
        const patterns = realLogPatterns(real);
        expect(patterns.length).toBeGreaterThan(20);
        expectInOrder(log, patterns);
      }
      const oops = oopsOf(before);
      expect(oops).toMatchObject({
        kind: "use-after-free",
        function: expect.stringContaining("bitmap_clear") as string,
        object: { kind: "vmalloc" },
        thread: "kworker/1:1",
      });
      const names = oops.stack.map((f) => f.function);
      expect(names).toContain("__iommu_free");
      expect(oops.freed?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["iommu_table_free", "iommu_tce_table_put", "iommu_reconfig_notifier"]));
      expect(oops.allocated?.stack.map((f) => f.function)).toEqual(
        expect.arrayContaining(["iommu_init_table", "enable_ddw", "iommu_bypass_supported_pSeriesLP", "dma_set_mask"]),
      );
      // The line of the free is found in the tree, since its number depends on the point release.
      const place = oops.freed?.stack.find((f) => f.function === "iommu_table_free");
      expect(tree.read(KERNEL)?.split("\n")[(place?.line ?? 0) - 1]).toContain("vfree(tbl->it_map)");
    });

    it("unmaps TCE by TCE if the firmware lacks multi-TCE hypercalls, with the same oops", async () => {
      const { before } = (await runReview(tree, { set: { multitce: "off" } })).result;
      for (const name of ["tce_build_pSeriesLP", "tce_free_pSeriesLP"]) expect(before.functions.tree).toContain(name);
      expect(oopsOf(before).function).toContain("bitmap_clear");
      expect(before.log.join("\n")).toContain("tce_free_pSeriesLP: plpar_tce_put failed");
    });

    it("reports the silent reads of the freed table that a KASAN kernel reports", async () => {
      const { before } = (await runReview(tree)).result;
      const silent = before.findings.filter((f) => f.severity === "silent" && f.kind === "use-after-free" && f.object?.kind === "slab");
      const functions = new Set(silent.map((f) => f.function));
      for (const name of ["iommu_unmap_page", "__iommu_free", "tce_freemulti_pSeriesLP"]) expect(functions).toContain(name);
      expect(silent.find((f) => f.function === "iommu_unmap_page")?.access?.text).toContain("it_page_shift");
      for (const f of silent) expect(f.freed?.stack.map((x) => x.function)).toContain("iommu_table_free");
      const oops = oopsOf(before);
      expect(silent.every((f) => f.t <= oops.t)).toBe(true);
    });

    it("runs the code under review from the tree", async () => {
      const { before } = (await runReview(tree)).result;
      const ran = new Set(before.functions.tree);
      for (const name of [
        ..."iommu_init_table iommu_bypass_supported_pSeriesLP enable_ddw query_ddw create_ddw".split(" "),
        ..."dma_iommu_map_page iommu_map_page iommu_alloc iommu_range_alloc tce_build_pSeriesLP tce_buildmulti_pSeriesLP".split(" "),
        ..."dma_iommu_unmap_page iommu_unmap_page iommu_free __iommu_free iommu_free_check get_pool tce_freemulti_pSeriesLP".split(" "),
        ..."iommu_reconfig_notifier remove_dma_window clean_dma_window iommu_pseries_free_group iommu_tce_table_put iommu_table_free iommu_table_in_use".split(
          " ",
        ),
        ..."kref_put dma_unmap_page_attrs of_detach_node".split(" "),
      ])
        expect(ran, name).toContain(name);
      expect(ran.has("remove_ddw") || ran.has("remove_dma_window_named")).toBe(true);
      expect(before.functions.assumed).toEqual([]);
    });

    it("finds nothing and logs nothing about TCEs when everything is unmapped before the detach", async () => {
      const { before } = (await runReview(tree, { set: { late: "0" } })).result;
      expect(before.outcome).toBe("clean");
      expect(before.mappedAtDetach).toBe(0);
      expect(before.log.join("\n")).not.toMatch(/Unexpected TCEs|plpar/);
    });

    it.skipIf(mail === undefined)("waits with the mail's patch, then finds nothing", async () => {
      const { before, after, patch } = (await runReview(tree, { patch: mail })).result;
      expect(before.outcome).toBe("finding");
      expect(patch?.hunks.every((h) => h.status !== "failed")).toBe(true);
      if (after === undefined) throw new Error("no run of the patched tree");
      expect(after.outcome).toBe("clean");
      expect(after.findings).toEqual([]);
      const waits = messages(after.log).filter((l) => l.includes("Unexpected TCEs, wait for 50ms"));
      // A real kernel printed 56 lines (T4a.log): 3 s in steps of 14 or 15 jiffies; fewer than 14 are impossible.
      expect(waits.length).toBeGreaterThanOrEqual(50);
      expect(waits.length).toBeLessThanOrEqual(58);
      const { start = 0, end } = after.detach ?? {};
      expect((end ?? 0) - start).toBeGreaterThan(2.9 * NS);
      expect((end ?? 0) - start).toBeLessThan(3.2 * NS);
      // The timeline names the code that sleeps, not the timer function.
      const sleeps = after.timeline.spans.filter((s) => s.kind === "sleep" && s.start >= start && s.name === "iommu_table_free");
      expect(sleeps.length).toBe(waits.length);
    });

    it.skipIf(mail === undefined)("still oopses with a hold longer than the loop's limit, after the message about the limit", async () => {
      const { after } = (await runReview(tree, { patch: mail, set: { hold: "135s" } })).result;
      if (after === undefined) throw new Error("no run of the patched tree");
      expectInOrder(messages(after.log), [/TCEs still mapped even after 120 seconds/, /plpar_tce_stuff failed/, /BUG: Unable to handle/]);
      expect(oopsOf(after).t).toBeGreaterThan(135 * NS);
      const limit = after.log.findIndex((l) => l.includes("even after 120"));
      expect(Number(/\[ *(\d+)\./.exec(after.log[limit] ?? "")?.[1])).toBe(120);
    });

    it.skipIf(mail === undefined)("follows changes of the loop's numbers", async () => {
      const patched = (await runReview(tree, { patch: mail })).patched;
      const text = patched.get(KERNEL) ?? "";
      const runWith = async (change: (t: string) => string, hold: string): Promise<VariantResult> => {
        const variant = withEdit(
          withEdit(tree, PSERIES, () => patched.get(PSERIES) ?? ""),
          KERNEL,
          () => change(text),
        );
        return (await runReview(variant, { set: { hold } })).result.before;
      };
      // Limit 120 -> 10 seconds: a hold of 12 s is now too long, of 8 s not.
      const limit = (t: string): string => t.replace("sec >= 120", "sec >= 10");
      expect((await runWith(limit, "12s")).outcome).toBe("finding");
      expect((await runWith(limit, "8s")).outcome).toBe("clean");
      expect((await runWith((t) => t, "12s")).outcome).toBe("clean");
      // Pause 50 -> 500 ms: a tenth of the lines.
      const slow = await runWith((t) => t.replace("msleep(50)", "msleep(500)"), "3s");
      const lines = messages(slow.log).filter((l) => l.includes("Unexpected TCEs, wait")).length;
      expect(lines).toBeGreaterThanOrEqual(5);
      expect(lines).toBeLessThanOrEqual(7);
    });

    it("gives the same verdict with a syntax error in a function that is not reached", async () => {
      const broken = withEdit(tree, KERNEL, (t) =>
        t.replace(/(\nint __init iommu_setup|\nstatic int __init setup_iommu)(\([^)]*\)\n\{\n)/, "$1$2\tif (x {{ = ;\n"),
      );
      const { before } = (await runReview(broken)).result;
      expect(before.outcome).toBe("finding");
      expect(oopsOf(before).function).toContain("bitmap_clear");
    });

    it("cannot judge a syntax error in a function that is reached, and reports its place", async () => {
      const broken = withEdit(tree, KERNEL, (t) => t.replace("vfree(tbl->it_map);", "vfree(tbl->it_map;"));
      const { before } = (await runReview(broken)).result;
      expect(before.outcome).toBe("cannot-judge");
      expect(before.reason?.file).toBe(KERNEL);
      expect(broken.read(KERNEL)?.split("\n")[(before.reason?.line ?? 0) - 1]).toContain("vfree(tbl->it_map;");
      expect(before.reason?.message).toContain("iommu_table_free");
    });

    it("does not guess the meaning of incomplete code between functions: same verdict, or cannot judge, with its place", async () => {
      for (const half of ["static int half(struct iommu_table *tbl,\n\n", "int x = \n\n", "}\n\n", "#define tbl_of(x\n\n", "#if 0\n"]) {
        const broken = withEdit(tree, KERNEL, (t) => t.replace("static void iommu_table_free(", `${half}static void iommu_table_free(`));
        const { before } = (await runReview(broken)).result;
        if (before.outcome === "cannot-judge") expect(before.reason, half).toMatchObject({ file: KERNEL, message: expect.stringMatching(/./) as string });
        else expect(oopsOf(before).function, half).toContain("bitmap_clear");
        // "Nothing found" would be a guess: the incomplete code may have swallowed the function that oopses.
        expect(before.outcome, half).not.toBe("clean");
      }
    });

    it("cannot judge inline assembly that is reached", async () => {
      const broken = withEdit(tree, KERNEL, (t) => t.replace("\tvfree(tbl->it_map);", '\tasm volatile("mtspr 1,%0" : : "r"(tbl));\n\tvfree(tbl->it_map);'));
      const { before } = (await runReview(broken)).result;
      expect(before.outcome).toBe("cannot-judge");
      expect(before.reason?.message).toContain("inline assembly");
    });

    it("replays a witness as the same run, and reports a stale witness", async () => {
      const first = (await runReview(tree)).result.before;
      const witness = oopsOf(first).witness;
      const replayed = (await runReview(tree, { witness })).result;
      expect(replayed.replayed).toBe("before");
      expect(replayed.before.log).toEqual(first.log);
      expect(replayed.before.timeline).toEqual(first.timeline);
      const other = withEdit(tree, KERNEL, (t) => t.replace("vfree(tbl->it_map);", "vfree(tbl->it_map); tbl->it_size = 0;"));
      const stale = await tryReview(other, { witness });
      expect(stale).toMatchObject([{ code: "witness-stale" }]);
    });

    it("records the number of mapped TCEs from the first map to the last unmap", async () => {
      const { before } = (await runReview(tree, { set: { buffers: "8", late: "3" } })).result;
      expect(before.peak).toBe(8);
      expect(before.mappedAtDetach).toBe(3);
      expect(Math.max(...before.occupancy.map((o) => o.mapped))).toBe(8);
      const lines = new Set(before.occupancy.map((o) => o.site?.file));
      expect(lines).toContain(PSERIES);
    });

    it("reviews the built-in change", async () => {
      const { before, after } = (await runReview(tree, { patch: "builtin" })).result;
      expect([before.outcome, after?.outcome]).toEqual(["finding", "clean"]);
    });
  });
}
