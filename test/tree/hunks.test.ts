// Hunk by hunk on a real tree: which part of the mail's patch does what.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hunkTable } from "../../engine/review/hunks.js";
import { sharedPath } from "../shared.js";
import { hostOf, treeAt } from "./trees.js";

const tree = treeAt("6.12");
const mail = sharedPath("mail/20250219-reply-to-v2.txt");

describe.skipIf(tree === undefined || mail === undefined)("hunk by hunk", () => {
  it("shows that the loop needs the new order, and that neither alone is the fix", async () => {
    if (tree === undefined || mail === undefined) return;
    let parts = 0;
    const made = await hunkTable(
      { tree, patch: { name: "mail", text: readFileSync(mail) }, scenario: { name: "late-unmap", set: { buffers: "4", late: "2" } }, holds: ["3s"] },
      hostOf(),
      () => {
        parts++;
      },
    );
    if (!made.ok) throw new Error(made.error[0]?.message);
    const { groups, columns, rows } = made.value;
    // The include, the variable and the loop compile only together; adding and removing the call do so alone.
    expect(groups.map((g) => g.hunks)).toEqual([[0, 1, 2], [3], [4]]);
    expect(parts).toBe(8);
    const of = (...wanted: readonly number[]): string =>
      rows[0]?.cells[columns.findIndex((c) => JSON.stringify(c.groups) === JSON.stringify(wanted))]?.words ?? "";
    expect(of()).toContain("oops");
    expect(of(0)).toContain("failed hypercall"); // waits, but the window is gone when the buffer is unmapped
    expect(of(1, 2)).toContain("oops"); // the order alone
    expect(of(0, 1)).toMatch(/refcount|use-after-free|double-free|oops|warn/); // the group is freed twice
    expect(of(0, 1, 2)).toBe("nothing found");
  });
});
