// A large real change, years of work on the IOMMU code between two kernels, as one diff: read and applied it gives the
// newer file, also after an archive has run its white space together.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { applyPatch } from "../../engine/patch/apply.js";
import { readPatch } from "../../engine/patch/patchset.js";
import type { AppliedPatch } from "../../engine/patch/types.js";
import { projectDir } from "../../scripts/process.mjs";
import { archiveDamage, gitDiff, quote } from "../unit/patch-fixtures.js";

const FILES = ["arch/powerpc/kernel/iommu.c", "arch/powerpc/platforms/pseries/iommu.c", "net/core/page_pool.c"];

const trees = process.env["KERNEL_TREES_DIR"] ?? join(projectDir, ".cache/trees");
const there = ["6.1", "6.12"].every((version) => existsSync(join(trees, version, "Makefile")));
if (!there) console.warn(`skipped: no kernel trees 6.1 and 6.12 (${trees})`);

function apply(text: string, tree: DiskTree): AppliedPatch {
  const patch = readPatch(text, "history.patch");
  if (!patch.ok) throw new Error(patch.error.message);
  return applyPatch(patch.value, tree);
}

describe.skipIf(!there).each(FILES)("the way of %s from 6.1 to 6.12", (path) => {
  const old = new DiskTree(join(trees, "6.1"));
  const before = old.read(path) ?? "";
  const after = new DiskTree(join(trees, "6.12")).read(path) ?? "";
  const diff = gitDiff(before, after, path);

  it("is applied character for character", () => {
    const applied = apply(diff, old);
    expect(applied.hunks.every((hunk) => hunk.status === "applied")).toBe(true);
    expect(applied.files.get(path)).toBe(after);
  });

  it.each([
    ["as archive text", archiveDamage(diff)],
    ["as archive text, quoted", quote(archiveDamage(diff))],
  ])("is applied word for word %s, and nearly all indentation is the author's", (_, text) => {
    const applied = apply(text, old);
    expect(applied.hunks.every((hunk) => hunk.status === "applied")).toBe(true);
    const lines = (applied.files.get(path) ?? "").split("\n");
    const wanted = after.split("\n");
    expect(lines.map((line) => line.replace(/\s/g, ""))).toEqual(wanted.map((line) => line.replace(/\s/g, "")));
    // What is left are alignments an author chose within a line or for a continued one.
    const added = diff.split("\n").filter((line) => /^\+(?!\+\+ )/.test(line)).length;
    const other = lines.filter((line, i) => line !== wanted[i]).length;
    expect(other / added).toBeLessThan(0.05);
  });

  it("is already applied to the newer tree", () => {
    const applied = applyToNewer(diff);
    expect(applied.hunks.filter((hunk) => hunk.status !== "already-applied")).toEqual([]);
    expect(applied.files.size).toBe(0);
  });

  function applyToNewer(text: string): AppliedPatch {
    return apply(text, new DiskTree(join(trees, "6.12")));
  }
});
