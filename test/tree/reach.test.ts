// What of a patch a run came to: told for each hunk, and with the verdict where something was not run.

import { describe, expect, it } from "vitest";
import type { PatchInput } from "../../engine/review/review.js";
import { KERNEL, reviewed, theMail, treeAt } from "./trees.js";

const tree = treeAt("6.12");
const mail = theMail();
const NET = "net/core/skbuff.c";

/** A patch with one hunk for each edit, by the tree's own lines. */
function patchOf(edits: readonly { readonly file: string; readonly find: string; readonly put: string }[]): PatchInput {
  const text = ["From: A <a@example.org>", "Subject: [PATCH] iommu: three places", "", "Text.", "---"];
  for (const { file, find, put } of edits) {
    const lines = (tree?.read(file) ?? "").split("\n");
    const at = lines.indexOf(find);
    if (at < 0) throw new Error(`${file} has no line ${find}`);
    const around = (from: number, to: number): readonly string[] => lines.slice(from, to).map((line) => ` ${line}`);
    text.push(`--- a/${file}`, `+++ b/${file}`, `@@ -${String(at - 1)},5 +${String(at - 1)},6 @@`);
    text.push(...around(at - 2, at), `-${find}`, ...put.split("\n").map((line) => `+${line}`), ...around(at + 1, at + 3));
  }
  return { name: "places.patch", text: [...text, ""].join("\n") };
}

describe.skipIf(tree === undefined)("what of a patch ran, Linux 6.12", () => {
  if (tree === undefined) return;

  it.skipIf(mail === undefined)("is told for each hunk of the mail", async () => {
    const { result } = await reviewed(tree, { patch: mail });
    const reach = result.patch?.hunks.map((h) => h.reach);
    expect(reach?.every((r) => r?.compiled === true)).toBe(true);
    expect(reach?.map((r) => r?.code)).toEqual([0, 0, 10, 2, 2]);
    // The loop's end by its limit is not reached with a hold of 3 s; with one that is longer, it is.
    expect(reach?.[2]?.ran).toBeLessThan(10);
    const longer = (await reviewed(tree, { patch: mail, set: { hold: "135s" } })).result.patch?.hunks[2]?.reach;
    expect(longer?.ran).toBe(10);
    expect(result.assumptions[0]).not.toMatch(/[Nn]ot compiled|does not reach/);
  });

  it("says which hunks were not compiled or not come to", async () => {
    const patch = patchOf([
      { file: NET, find: "#include <linux/types.h>", put: "#include <linux/types.h>\n#include <linux/delay.h>" },
      { file: KERNEL, find: "\tif (gpa & mask)", put: "\tmask |= 0;\n\tif (gpa & mask)" },
      { file: KERNEL, find: "\t\tkfree(tbl);", put: "\t\ttbl->it_size = 0;\n\t\tkfree(tbl);" },
    ]);
    const { result } = await reviewed(tree, { patch });
    const reach = result.patch?.hunks.map((h) => h.reach);
    expect(reach?.[0]).toEqual({ compiled: false, code: 0, ran: 0 });
    expect(reach?.[1]).toMatchObject({ compiled: true, ran: 0 });
    expect(reach?.[2]).toMatchObject({ compiled: true, code: 3, ran: 0 });
    expect(result.assumptions.slice(0, 2)).toEqual([`Not compiled, not run: hunk 1 (${NET}).`, `The scenario does not reach hunk 3 (${KERNEL}).`]);
  });

  it("says that both verdicts are of the same program", async () => {
    const patch = patchOf([{ file: NET, find: "#include <linux/types.h>", put: "#include <linux/types.h>\n#include <linux/delay.h>" }]);
    const { assumptions } = (await reviewed(tree, { patch })).result;
    expect(assumptions[1]).toContain("the same program");
  });
});
