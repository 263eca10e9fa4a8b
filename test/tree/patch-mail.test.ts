// The mail as the list archive shows it, applied to real kernel trees: the result is what a careful reader would produce by hand.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { applyPatch } from "../../engine/patch/apply.js";
import { readPatch } from "../../engine/patch/patchset.js";
import type { AppliedPatch, PatchSet } from "../../engine/patch/types.js";
import { checkKernelTree } from "../../engine/tree/kernel-tree.js";
import { projectDir } from "../../scripts/process.mjs";
import { sharedPath } from "../shared.js";

const KERNEL = "arch/powerpc/kernel/iommu.c";
const PSERIES = "arch/powerpc/platforms/pseries/iommu.c";

const mail = sharedPath("mail/20250219-reply-to-v2.txt");

function treeAt(version: string): DiskTree | undefined {
  const root = join(process.env["KERNEL_TREES_DIR"] ?? join(projectDir, ".cache/trees"), version);
  if (existsSync(join(root, "Makefile"))) return new DiskTree(root);
  console.warn(`skipped: no kernel tree ${version} (${root})`);
  return undefined;
}

function readMail(): PatchSet {
  if (mail === undefined) throw new Error("no mail");
  const patch = readPatch(readFileSync(mail), "reply.txt");
  if (!patch.ok) throw new Error(patch.error.message);
  return patch.value;
}

/** The text of a function, from its first line to its closing brace. */
function functionText(applied: AppliedPatch, path: string, start: string): string {
  const text = applied.files.get(path) ?? "";
  const at = text.indexOf(start);
  if (at < 0) throw new Error(`${path} has no ${start}`);
  return text.slice(at, text.indexOf("\n}\n", at) + 3);
}

function changes(before: string, after: string): { readonly added: readonly string[]; readonly removed: readonly string[] } {
  const count = new Map<string, number>();
  for (const line of before.split("\n")) count.set(line, (count.get(line) ?? 0) + 1);
  const added: string[] = [];
  for (const line of after.split("\n")) {
    const left = count.get(line) ?? 0;
    if (left === 0) added.push(line);
    else count.set(line, left - 1);
  }
  return { added, removed: [...count].flatMap(([line, n]) => Array.from({ length: n }, () => line)) };
}

describe.skipIf(mail === undefined)("the mail of 19 February 2025", () => {
  it("is read completely: author, date, version, repairs", () => {
    const patch = readMail();
    expect(patch).toMatchObject({
      subject: "powerpc/pseries/iommu: Wait until all TCEs are unmapped before deleting DDW",
      from: "Gaurav Batra <gbatra@linux.ibm.com>",
      date: "13/02/2025 18.10",
      version: "v2",
    });
    expect(patch.body).toMatch(/^Some of the network drivers[^]*Signed-off-by: Gaurav Batra <gbatra@linux.ibm.com>$/);
    expect(patch.body).not.toContain("netdev and Yunsheng");
    expect(patch.repairs).toEqual([
      "quote marks `> ` removed from 175 lines",
      "1 line of the message: ` at ` replaced by @",
      "24 lines: leading space restored",
      "6 lines: leading space of empty context line restored",
    ]);
    const lines = patch.hunks.flatMap((hunk) => hunk.reading.lines);
    expect([lines.filter((line) => line.kind === "add").length, lines.filter((line) => line.kind === "delete").length]).toEqual([24, 6]);
  });

  for (const version of ["6.12", "6.1"]) {
    const tree = treeAt(version);

    describe.skipIf(tree === undefined)(`on ${version}`, () => {
      const apply = (selection?: ReadonlySet<number>): AppliedPatch => {
        if (tree === undefined) throw new Error("no tree");
        return applyPatch(readMail(), tree, selection);
      };

      it("recognises the kernel tree", () => {
        const checked = tree === undefined ? undefined : checkKernelTree(tree);
        expect(checked).toMatchObject({ ok: true, value: { version: { version: 6, patchLevel: Number(version.split(".")[1]) } } });
      });

      it("reports the status of each hunk", () => {
        const applied = apply();
        expect(applied.problems).toEqual([]);
        expect(applied.hunks.map((hunk) => hunk.file)).toEqual([KERNEL, KERNEL, KERNEL, PSERIES, PSERIES]);
        for (const hunk of applied.hunks) {
          // Hunks are located by content: the tree's line is the hunk's first line.
          const first = tree?.read(hunk.file)?.split("\n")[hunk.line - 1] ?? "";
          expect(first).toBe(
            new Map([
              ["@@ -14,6 +14,7 @@", "#include <linux/types.h>"],
              ["@@ -803,6 +804,7 @@ bool iommu_table_in_use(struct iommu_table *tbl)", "static void iommu_table_free(struct kref *kref)"],
              ["@@ -817,8 +819,24 @@ static void iommu_table_free(struct kref *kref)", "\tiommu_debugfs_del(tbl);"],
              ["@@ -2390,6 +2390,10 @@ static int iommu_reconfig_notifier(struct notifier_block *nb, unsigned long acti", ""],
              [
                "@@ -2400,10 +2404,6 @@ static int iommu_reconfig_notifier(struct notifier_block *nb, unsigned long acti",
                version === "6.12"
                  ? "\t\tif (remove_dma_window_named(np, false, DIRECT64_PROPNAME, true))"
                  : "\t\tif (remove_ddw(np, false, DIRECT64_PROPNAME))",
              ],
            ]).get(hunk.header),
          );
        }
        const kinds = applied.hunks.map((hunk) => hunk.status);
        if (version === "6.12") {
          expect(kinds.every((kind) => kind === "applied" || kind === "offset")).toBe(true);
          expect(applied.hunks.every((hunk) => hunk.fuzz === undefined && hunk.detail === undefined)).toBe(true);
        } else {
          expect(kinds.slice(0, 4).every((kind) => kind === "applied" || kind === "offset")).toBe(true);
          expect(applied.hunks[4]).toMatchObject({ status: "fuzz", fuzz: 2 });
          expect(applied.hunks[4]?.detail).toMatch(/the patch has `if \(remove_dma_window_named\(.*the tree has `if \(remove_ddw\(/);
        }
      });

      it("frees the group before it removes the window", () => {
        const text = functionText(apply(), PSERIES, "static int iommu_reconfig_notifier(");
        const order = [
          "case OF_RECONFIG_DETACH_NODE:",
          "\t\tif (pci && pci->table_group)\n\t\t\tiommu_pseries_free_group(pci->table_group,\n\t\t\t\t\tnp->full_name);\n\n\t\t/*\n",
          version === "6.12" ? "remove_dma_window_named(np" : "remove_ddw(np",
          "spin_lock(&dma_win_list_lock);",
        ].map((part) => text.indexOf(part));
        expect(order.every((at, i) => at > (order[i - 1] ?? 0))).toBe(true);
        expect(text.split("iommu_pseries_free_group(").length).toBe(2);
      });

      it("waits in iommu_table_free, with kernel indentation", () => {
        const applied = apply();
        expect(applied.files.get(KERNEL)).toContain("#include <linux/mm.h>\n#include <linux/delay.h>\n#include <linux/spinlock.h>\n");
        const text = functionText(applied, KERNEL, "static void iommu_table_free(struct kref *kref)");
        const depths = text.split("\n").map((line) => /^\t*/.exec(line)?.[0].length ?? 0);
        const depthOf = (part: string): number | undefined => depths[text.split("\n").findIndex((line) => line.includes(part))];
        expect(
          [
            "unsigned long start_time;",
            "start_time = jiffies;",
            "while (iommu_table_in_use(tbl)) {",
            "int sec;",
            "msleep(50);",
            "* page_pool.",
            "if (sec >= 120) {",
            "break;",
            "vfree(tbl->it_map);",
          ].map(depthOf),
        ).toEqual([1, 1, 1, 2, 2, 2, 2, 3, 1]);
        expect(text).toContain("\t\tmsleep(50);\n\n\t\t/* Come out");
        expect(text).toContain("\n\t\t * page_pool.\n\t\t */\n\t\tsec =");
      });

      it("changes nothing else", () => {
        const applied = apply();
        expect([...applied.files.keys()]).toEqual([KERNEL, PSERIES]);
        expect(applied.deleted.size).toBe(0);
        const kernel = changes(tree?.read(KERNEL) ?? "", applied.files.get(KERNEL) ?? "");
        expect([kernel.added.length, kernel.removed.length]).toEqual([20, 2]);
        expect(changes(tree?.read(PSERIES) ?? "", applied.files.get(PSERIES) ?? "")).toEqual({ added: [], removed: [] });
      });

      it("lists the repairs that used the tree", () => {
        const repairs = apply().repairs;
        expect(repairs.slice(0, 4)).toEqual(readMail().repairs);
        expect(repairs.slice(4)).toEqual([expect.stringMatching(/^\d+ lines: tabs restored from the tree$/), "20 added lines: indentation restored"]);
      });

      it("applies parts: only the wait, only the order", () => {
        const wait = apply(new Set([0, 1, 2]));
        expect([...wait.files.keys()]).toEqual([KERNEL]);
        expect(wait.hunks).toHaveLength(3);
        const order = apply(new Set([3, 4]));
        expect([...order.files.keys()]).toEqual([PSERIES]);
        expect(order.files.get(PSERIES)).toBe(apply().files.get(PSERIES));
      });

      it("reports a second application as already applied", () => {
        const first = apply();
        const patched = { read: (path: string) => first.files.get(path) ?? tree?.read(path), exists: (path: string) => tree?.exists(path) ?? false };
        const second = applyPatch(readMail(), patched);
        const kinds = second.hunks.map((hunk) => hunk.status);
        if (version === "6.12") expect(new Set(kinds)).toEqual(new Set(["already-applied"]));
        else expect(new Set(kinds.slice(0, 4))).toEqual(new Set(["already-applied"]));
        expect(second.files.size).toBe(0);
      });
    });
  }
});
