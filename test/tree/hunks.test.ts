// Comparison of hunks on a real tree: the effect of each part of the mail's patch.

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hunkTable } from "../../engine/review/hunks.js";
import { sharedPath } from "../shared.js";
import { reviewHost, openTree } from "./trees.js";

const tree = openTree("6.12");
const mail = sharedPath("mail/20250219-reply-to-v2.txt");

describe.skipIf(tree === undefined || mail === undefined)("the comparison of hunks", () => {
  it("shows that the wait loop needs the new order and that neither is a fix alone", async () => {
    if (tree === undefined || mail === undefined) return;
    let parts = 0;
    const table = await hunkTable(
      { tree, patch: { name: "mail", text: readFileSync(mail) }, scenario: { name: "late-unmap", set: { buffers: "4", late: "2" } }, holds: ["3s"] },
      reviewHost(),
      () => {
        parts++;
      },
    );
    if (!table.ok) throw new Error(table.error[0]?.message);
    const { groups, columns, rows } = table.value;
    // The include, the variable and the loop compile only together; the hunks that add and remove the call compile alone.
    expect(groups.map((g) => g.hunks)).toEqual([[0, 1, 2], [3], [4]]);
    expect(parts).toBe(8);
    const resultOf = (...selected: readonly number[]): string =>
      rows[0]?.cells[columns.findIndex((c) => JSON.stringify(c.groups) === JSON.stringify(selected))]?.words ?? "";
    expect(resultOf()).toContain("oops");
    expect(resultOf(0)).toContain("failed hypercall"); // waits, but the window is gone when the buffer is unmapped
    expect(resultOf(1, 2)).toContain("oops"); // only the new order
    expect(resultOf(0, 1)).toMatch(/refcount|use-after-free|double-free|oops|warn/); // the group is freed twice
    expect(resultOf(0, 1, 2)).toBe("nothing found");
  });
});
