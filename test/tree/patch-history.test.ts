// A large real change as one diff: all changes to the IOMMU code between two kernels. Applied to the older file it gives the
// newer file, also after an archive has damaged its white space.

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
const hasTrees = ["6.1", "6.12"].every((version) => existsSync(join(trees, version, "Makefile")));
if (!hasTrees) console.warn(`skipped: no kernel trees 6.1 and 6.12 (${trees})`);

function apply(text: string, tree: DiskTree): AppliedPatch {
  const patch = readPatch(text, "history.patch");
  if (!patch.ok) throw new Error(patch.error.message);
  return applyPatch(patch.value, tree);
}

describe.skipIf(!hasTrees).each(FILES)("the diff of %s from 6.1 to 6.12", (path) => {
  const old = new DiskTree(join(trees, "6.1"));
  const before = old.read(path) ?? "";
  const after = new DiskTree(join(trees, "6.12")).read(path) ?? "";
  const diff = gitDiff(before, after, path);

  it("applies exactly", () => {
    const applied = apply(diff, old);
    expect(applied.hunks.every((hunk) => hunk.status === "applied")).toBe(true);
    expect(applied.files.get(path)).toBe(after);
  });

  it.each([
    ["as archive text", archiveDamage(diff)],
    ["as archive text, quoted", quote(archiveDamage(diff))],
  ])("applies %s with every word restored, and nearly all of the author's indentation", (_, text) => {
    const applied = apply(text, old);
    expect(applied.hunks.every((hunk) => hunk.status === "applied")).toBe(true);
    const lines = (applied.files.get(path) ?? "").split("\n");
    const expected = after.split("\n");
    expect(lines.map((line) => line.replace(/\s/g, ""))).toEqual(expected.map((line) => line.replace(/\s/g, "")));
    // The other lines differ in alignments within a line or of a continuation line.
    const added = diff.split("\n").filter((line) => /^\+(?!\+\+ )/.test(line)).length;
    const other = lines.filter((line, i) => line !== expected[i]).length;
    expect(other / added).toBeLessThan(0.05);
  });

  it("is reported as already applied to the newer tree", () => {
    const applied = applyToNewer(diff);
    expect(applied.hunks.filter((hunk) => hunk.status !== "already-applied")).toEqual([]);
    expect(applied.files.size).toBe(0);
  });

  function applyToNewer(text: string): AppliedPatch {
    return apply(text, new DiskTree(join(trees, "6.12")));
  }
});
