// Which parts of a patch ran: reported for each hunk, and with the verdict if a part did not run.

import { describe, expect, it } from "vitest";
import type { PatchInput } from "../../engine/review/review.js";
import { KERNEL, runReview, mailPatch, openTree } from "./trees.js";

const tree = openTree("6.12");
const mail = mailPatch();
const NET = "net/core/skbuff.c";

/** A patch with one hunk per edit, generated from the tree's lines. */
function patchOf(edits: readonly { readonly file: string; readonly find: string; readonly put: string }[]): PatchInput {
  const text = ["From: A <a@example.org>", "Subject: [PATCH] iommu: three places", "", "Text.", "---"];
  for (const { file, find, put } of edits) {
    const lines = (tree?.read(file) ?? "").split("\n");
    const at = lines.indexOf(find);
    if (at < 0) throw new Error(`${file} has no line ${find}`);
    const around = (from: number, to: number): readonly string[] => lines.slice(from, to).map((line) => ` ${line}`);
    text.push(`--- a/${file}`, `+++ b/${file}`, `@@ -${String(at - 1)},5 +${String(at - 1)},${String(4 + put.split("\n").length)} @@`);
    text.push(...around(at - 2, at), `-${find}`, ...put.split("\n").map((line) => `+${line}`), ...around(at + 1, at + 3));
  }
  return { name: "places.patch", text: [...text, ""].join("\n") };
}

describe.skipIf(tree === undefined)("the reach of a patch, Linux 6.12", () => {
  if (tree === undefined) return;

  it.skipIf(mail === undefined)("is reported for each hunk of the mail", async () => {
    const { result } = await runReview(tree, { patch: mail });
    const reach = result.patch?.hunks.map((h) => h.reach);
    expect(reach?.every((r) => r?.compiled === true)).toBe(true);
    expect(reach?.map((r) => r?.code)).toEqual([0, 0, 10, 3, 3]);
    // With a hold of 3 s the loop does not reach its limit; with a longer hold it does.
    expect(reach?.[2]?.ran).toBeLessThan(10);
    const longer = (await runReview(tree, { patch: mail, set: { hold: "135s" } })).result.patch?.hunks[2]?.reach;
    expect(longer?.ran).toBe(10);
    expect(result.assumptions[0]).not.toMatch(/[Nn]ot compiled|does not reach/);
  });

  it("lists hunks that were not compiled or not reached", async () => {
    const patch = patchOf([
      { file: NET, find: "#include <linux/types.h>", put: "#include <linux/types.h>\n#include <linux/delay.h>" },
      { file: KERNEL, find: "\tif (gpa & mask)", put: "\tmask |= 0;\n\tif (gpa & mask)" },
      { file: KERNEL, find: "\t\tkfree(tbl);", put: "\t\ttbl->it_size = 0;\n\t\tkfree(tbl);" },
    ]);
    const { result } = await runReview(tree, { patch });
    const reach = result.patch?.hunks.map((h) => h.reach);
    expect(reach?.[0]).toEqual({ compiled: false, code: 0, ran: 0 });
    expect(reach?.[1]).toMatchObject({ compiled: true, ran: 0 });
    expect(reach?.[2]).toMatchObject({ compiled: true, code: 3, ran: 0 });
    expect(result.assumptions.slice(0, 2)).toEqual([`Not compiled, not run: hunk 1 (${NET}).`, `The scenario does not reach hunk 3 (${KERNEL}).`]);
  });

  it("counts a changed line within a statement as part of the statement", async () => {
    const find = "\t\t\t\t      (unsigned long)page &";
    const { result } = await runReview(tree, { patch: patchOf([{ file: KERNEL, find, put: "\t\t\t\t      (unsigned long)(page) &" }]) });
    expect(result.patch?.hunks[0]?.reach).toEqual({ compiled: true, code: 2, ran: 2 });
  });

  it("does not count a changed line between two statements", async () => {
    const find = "\tentry += tbl->it_offset;\t/* Offset into real TCE table */";
    const { result } = await runReview(tree, { patch: patchOf([{ file: KERNEL, find, put: `${find}\n\t/* a comment */` }]) });
    expect(result.patch?.hunks[0]?.reach).toEqual({ compiled: true, code: 2, ran: 2 });
  });

  it("warns that both verdicts are for the same program", async () => {
    const patch = patchOf([{ file: NET, find: "#include <linux/types.h>", put: "#include <linux/types.h>\n#include <linux/delay.h>" }]);
    const { assumptions } = (await runReview(tree, { patch })).result;
    expect(assumptions[1]).toContain("the same program");
  });

  it("warns of it for a comment in a compiled file", async () => {
    const patch = patchOf([
      { file: KERNEL, find: "\tentry = dma_addr >> tbl->it_page_shift;", put: "\t/* an index */\n\tentry = dma_addr >> tbl->it_page_shift;" },
    ]);
    const { assumptions } = (await runReview(tree, { patch })).result;
    expect(assumptions.filter((a) => a.includes("the same program"))).toHaveLength(1);
  });

  it("does not warn of it for changed code that keeps all data, strings and called names", async () => {
    const patch = patchOf([
      { file: KERNEL, find: "\tentry = dma_addr >> tbl->it_page_shift;", put: "\tentry = dma_addr;\n\tentry >>= tbl->it_page_shift + 0 * entry;" },
    ]);
    const { assumptions } = (await runReview(tree, { patch })).result;
    expect(assumptions.filter((a) => a.includes("the same program"))).toEqual([]);
  });
});
