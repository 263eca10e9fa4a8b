// The status of a hunk, and the details of one that failed or matched only in part.

import { describe, expect, it } from "vitest";
import { applyPatch, patchedTree } from "../../engine/patch/apply.js";
import { readPatch } from "../../engine/patch/patchset.js";
import type { AppliedPatch } from "../../engine/patch/types.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { archiveDamage, gitDiff, hunksOf, PATH, WINDOW_C, WINDOW_C_PATCHED } from "./patch-fixtures.js";

const DIFF = gitDiff(WINDOW_C, WINDOW_C_PATCHED);

function apply(diff: string, files: Record<string, string>, selection?: ReadonlySet<number>): AppliedPatch {
  const patch = readPatch(diff, "x.patch");
  if (!patch.ok) throw new Error(patch.error.message);
  return applyPatch(patch.value, treeOf(files), selection);
}

function one(before: string, after: string, tree: string): AppliedPatch {
  return apply(gitDiff(before, after), { [PATH]: tree });
}

const KFREE = WINDOW_C.replace("\tkfree(win);\n", "\tkfree(win->table);\n\tkfree(win);\n");

describe("a hunk", () => {
  it("whose place moved reports the offset and the line of the tree", () => {
    const moved = `/* one */\n/* two */\n${WINDOW_C}`;
    const applied = one(WINDOW_C, KFREE, moved);
    expect(applied.hunks).toEqual([
      { file: PATH, header: expect.stringMatching(/^@@ -24,6 \+24,7 @@ static void window_drop/) as string, status: "offset", offset: 2, line: 26 },
    ]);
    expect(applied.files.get(PATH)).toBe(`/* one */\n/* two */\n${KFREE}`);
  });

  it("reports added lines in the patched text and deleted lines in the tree's", () => {
    const lines = (text: string): readonly string[] => text.split("\n");
    for (const [selection, before] of [
      [undefined, ""],
      [new Set([1, 3]), "\n\n\n"],
    ] as const) {
      const tree = before + WINDOW_C;
      const applied = apply(DIFF, { [PATH]: tree }, selection);
      const patched = lines(applied.files.get(PATH) ?? "");
      expect([...applied.changed.keys()].sort()).toEqual(selection === undefined ? [0, 1, 2, 3] : [1, 3]);
      const hunks = [...applied.changed.values()];
      const added = hunks.flatMap((c) => c.added);
      const deleted = hunks.flatMap((c) => c.deleted);
      // The patched text without the added lines equals the tree's text without the deleted ones.
      expect(patched.filter((_, i) => !added.includes(i + 1))).toEqual(lines(tree).filter((_, i) => !deleted.includes(i + 1)));
      expect(added.length + deleted.length).toBeGreaterThan(1);
    }
  });

  it("is expected at the offset of the hunk before it", () => {
    const applied = apply(DIFF, { [PATH]: "\n\n\n" + WINDOW_C });
    expect(applied.hunks.map((hunk) => hunk.offset)).toEqual([3, 3, 3, 3]);
    expect(applied.files.get(PATH)).toBe("\n\n\n" + WINDOW_C_PATCHED);
  });

  it("whose outer context changed applies with fuzz, keeps the tree's context, and names it", () => {
    const other = WINDOW_C.replace('pr_warn("%s: still in use\\n", __func__);', "report(win);");
    const fuzzy = one(WINDOW_C, KFREE, other);
    expect(fuzzy.hunks[0]).toMatchObject({ status: "fuzz", fuzz: 1, line: 24 });
    expect(fuzzy.hunks[0]?.detail).toContain("`report(win);`");
    expect(fuzzy.files.get(PATH)).toBe(KFREE.replace('pr_warn("%s: still in use\\n", __func__);', "report(win);"));
  });

  it("is not applied with fuzz if little more than a brace is left to match", () => {
    const applied = one(WINDOW_C, KFREE, WINDOW_C.replace("/* give it back */", "/* hand it back */"));
    expect(applied.hunks[0]).toMatchObject({ status: "failed", line: 24, detail: expect.stringContaining("1 of 6 lines differ: line 26") as string });
  });

  it("that the tree already contains is already applied and changes nothing", () => {
    const applied = apply(DIFF, { [PATH]: WINDOW_C_PATCHED });
    expect(applied.hunks.map((hunk) => hunk.status)).toEqual(["already-applied", "already-applied", "already-applied", "already-applied"]);
    expect(applied.files.size).toBe(0);
  });

  it("may be already applied when the others are not", () => {
    const partlyApplied = WINDOW_C.replace("#include <linux/mm.h>\n", "#include <linux/mm.h>\n#include <linux/delay.h>\n");
    const applied = apply(DIFF, { [PATH]: partlyApplied });
    expect(applied.hunks.map((hunk) => hunk.status)).toEqual(["already-applied", "applied", "applied", "applied"]);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("without a place names the nearest place and the difference, and does not affect the others", () => {
    const tree = WINDOW_C.replace("if (win && win->users)\n\t\t\twindow_put(win->start,", "if (win->users)\n\t\t\twindow_release(win->start,");
    const applied = apply(DIFF, { [PATH]: tree });
    expect(applied.hunks.map((hunk) => hunk.status)).toEqual(["applied", "applied", "applied", "failed"]);
    const failed = applied.hunks[3];
    expect(failed?.detail).toMatch(
      /^closest match is line 4\d, where 2 of 1\d lines differ: line 4\d: the patch has `if \(win && win->users\)`, the tree has `if \(win->users\)`/,
    );
    expect(failed?.line).toBe(tree.split("\n").indexOf("\t\tif (window_clear(win, 0, true))") + 1);
    expect(applied.files.get(PATH)).toContain("msleep(50)");
  });

  it("without a line in the file is reported as such", () => {
    const applied = apply(DIFF, { [PATH]: "int other;\n" });
    expect(applied.hunks.every((hunk) => hunk.status === "failed" && hunk.detail === "none of its lines is in the file")).toBe(true);
  });

  it("is applied to the function that its header names if the same lines occur elsewhere", () => {
    const body = (name: string): string => `static int ${name}(int a)\n{\n\tint ret = 0;\n\n\tif (a)\n\t\tret = prepare(a);\n\n\treturn ret;\n}\n\n`;
    const before = ["first", "second", "third"].map(body).join("");
    const after = body("first") + body("second").replace("\treturn ret;", "\ttrace(a);\n\treturn ret;") + body("third");
    const shifted = "/* a line more */\n".repeat(11) + before;
    const applied = one(before, after, shifted);
    expect(applied.files.get(PATH)).toBe("/* a line more */\n".repeat(11) + after);
    expect(applied.hunks[0]?.detail).toMatch(/^matches at 3 places; the match in the function named by its header/);
  });

  it("is not applied with fuzz if several places match", () => {
    const block = "\tif (a)\n\t\tprepare(a);\n\tfinish(a);\n\n";
    const before = `int f(int a)\n{\n${block}\tlast(a);\n}\n`;
    const after = before.replace("\tfinish(a);\n", "\tfinish(a);\n\ttrace(a);\n");
    const tree = `int g(int a)\n{\n${block.repeat(3)}}\n`;
    const applied = one(before, after, tree);
    expect(applied.hunks[0]?.status).toBe("failed");
  });

  it("may differ from the tree in white space only", () => {
    const tree = WINDOW_C.replace("\tkfree(win);", "        kfree( win );");
    const applied = one(WINDOW_C, KFREE, tree);
    expect(applied.hunks[0]?.status).toBe("applied");
    expect(applied.files.get(PATH)).toContain("\tkfree(win->table);\n        kfree( win );\n");
  });

  it("without context is placed by its line number", () => {
    const diff = `--- a/${PATH}\n+++ b/${PATH}\n${hunksOf(WINDOW_C, KFREE, 0)}`;
    expect(apply(diff, { [PATH]: WINDOW_C }).files.get(PATH)).toBe(KFREE);
  });
});

describe("a selection", () => {
  it("applies every subset of the hunks on its own", () => {
    for (let mask = 0; mask < 16; mask += 1) {
      const chosen = new Set([0, 1, 2, 3].filter((i) => (mask >> i) & 1));
      const applied = apply(DIFF, { [PATH]: WINDOW_C }, chosen);
      expect(applied.hunks.map((hunk) => hunk.status)).toEqual([...chosen].map(() => "applied"));
      expect(applied.problems).toEqual([]);
      const text = applied.files.get(PATH) ?? WINDOW_C;
      expect(text.includes("delay.h")).toBe(chosen.has(0));
      expect(text.includes("msleep")).toBe(chosen.has(1));
      expect(text.split("window_put(win->start").length - 1).toBe(1 + Number(chosen.has(2)) - Number(chosen.has(3)));
    }
  });
});

describe("files", () => {
  const created = "int fresh;\n\nint other;\n";

  it("are created, and refused if the tree has a different one", () => {
    const diff = `diff --git a/lib/fresh.c b/lib/fresh.c\nnew file mode 100644\nindex 0000000..1111111\n--- /dev/null\n+++ b/lib/fresh.c\n@@ -0,0 +1,3 @@\n+int fresh;\n+\n+int other;\n`;
    const applied = apply(DIFF + diff, { [PATH]: WINDOW_C });
    expect(applied.files.get("lib/fresh.c")).toBe(created);
    expect(applied.hunks.at(-1)).toMatchObject({ file: "lib/fresh.c", status: "applied" });
    expect(apply(diff, { "lib/fresh.c": created }).hunks[0]?.status).toBe("already-applied");
    expect(apply(diff, { "lib/fresh.c": "int stale;\n" }).hunks[0]).toMatchObject({
      status: "failed",
      detail: expect.stringContaining("different content") as string,
    });
  });

  it("are deleted if their content is that of the patch", () => {
    const diff = `diff --git a/lib/old.c b/lib/old.c\ndeleted file mode 100644\n--- a/lib/old.c\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-int fresh;\n-\n-int other;\n`;
    const applied = apply(diff, { "lib/old.c": created });
    expect([...applied.deleted]).toEqual(["lib/old.c"]);
    expect(applied.files.size).toBe(0);
    expect(apply(diff, { "lib/old.c": `${created}int more;\n` }).deleted.size).toBe(0);
  });

  it("that are new, changed or deleted are so in the patched tree, and all others are unchanged", () => {
    const diff = `${DIFF}diff --git a/lib/fresh.c b/lib/fresh.c\nnew file mode 100644\n--- /dev/null\n+++ b/lib/fresh.c\n@@ -0,0 +1 @@\n+int fresh;\ndiff --git a/lib/old.c b/lib/old.c\ndeleted file mode 100644\n--- a/lib/old.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int old;\n`;
    const files = { [PATH]: WINDOW_C, "lib/old.c": "int old;\n", "lib/same.c": "int same;\n" };
    const tree = patchedTree(treeOf(files), apply(diff, files));
    expect([PATH, "lib/fresh.c", "lib/old.c", "lib/same.c"].map((path) => tree.read(path))).toEqual([
      WINDOW_C_PATCHED,
      "int fresh;\n",
      undefined,
      "int same;\n",
    ]);
    expect(tree.exists("lib/old.c")).toBe(false);
  });

  it("are renamed, with and without a change", () => {
    const head = `diff --git a/lib/old.c b/lib/new.c\nsimilarity index 90%\nrename from lib/old.c\nrename to lib/new.c\n`;
    const pure = apply(head, { "lib/old.c": created });
    expect(pure.files.get("lib/new.c")).toBe(created);
    expect([...pure.deleted]).toEqual(["lib/old.c"]);
    const changed = apply(`${head}--- a/lib/old.c\n+++ b/lib/new.c\n@@ -1,3 +1,3 @@\n-int fresh;\n+int stale;\n \n int other;\n`, { "lib/old.c": created });
    expect(changed.files.get("lib/new.c")).toBe("int stale;\n\nint other;\n");
    expect(changed.hunks[0]).toMatchObject({ file: "lib/new.c", status: "applied", line: 1 });
  });

  it("that the tree lacks fail by name, and a patch with no other files is a problem with its line", () => {
    const foreign = gitDiff(WINDOW_C, KFREE, "drivers/gone/x.c");
    const mixed = apply(foreign + DIFF, { [PATH]: WINDOW_C });
    expect(mixed.hunks[0]).toMatchObject({ file: "drivers/gone/x.c", status: "failed", detail: "no such file in the tree" });
    expect(mixed.hunks[1]?.status).toBe("applied");
    expect(mixed.problems).toEqual([]);
    const alone = apply(`A text.\n${foreign}`, { [PATH]: WINDOW_C });
    expect(alone.problems).toMatchObject([{ code: "patch/no-file-of-tree", place: { file: "x.patch", line: 2 } }]);
    expect(alone.problems[0]?.hint).toBeTruthy();
  });

  it("of another folder are not confused with a file of the same name in the root", () => {
    const diff = `--- a/drivers/gone/Makefile\n+++ b/drivers/gone/Makefile\n@@ -1 +1,2 @@\n obj-y += x.o\n+obj-y += y.o\n`;
    const applied = apply(diff, { Makefile: "obj-y += x.o\n" });
    expect(applied.files.size).toBe(0);
    expect(applied.hunks[0]?.status).toBe("failed");
  });

  it("are never outside the tree", () => {
    const applied = apply(gitDiff(WINDOW_C, KFREE, "../../etc/x.c"), { [PATH]: WINDOW_C, "etc/x.c": WINDOW_C });
    expect(applied.files.size).toBe(0);
    expect(applied.hunks[0]).toMatchObject({ status: "failed", detail: "the path leads outside the tree" });
  });

  it("keep their line endings", () => {
    const crlf = WINDOW_C.replaceAll("\n", "\r\n");
    expect(apply(DIFF, { [PATH]: crlf }).files.get(PATH)).toBe(WINDOW_C_PATCHED.replaceAll("\n", "\r\n"));
  });

  it("gain and lose the line break at their end as in the patch", () => {
    const gain = `--- a/lib/x.c\n+++ b/lib/x.c\n@@ -1,2 +1,2 @@\n int a;\n-int b;\n\\ No newline at end of file\n+int c;\n`;
    expect(apply(gain, { "lib/x.c": "int a;\nint b;" }).files.get("lib/x.c")).toBe("int a;\nint c;\n");
    const lose = `--- a/lib/x.c\n+++ b/lib/x.c\n@@ -1,2 +1,2 @@\n int a;\n-int b;\n+int c;\n\\ No newline at end of file\n`;
    expect(apply(lose, { "lib/x.c": "int a;\nint b;\n" }).files.get("lib/x.c")).toBe("int a;\nint c;");
  });

  it("with addresses that an archive rewrote still match", () => {
    const tree = `// Copyright Ada Example <ada@example.org>\n${WINDOW_C}`;
    const after = tree.replace("#include <linux/types.h>\n", "#include <linux/types.h>\n#include <linux/list.h>\n");
    const applied = apply(archiveDamage(gitDiff(tree, after)).replace("ada@example.org", "ada at example.org"), { [PATH]: tree });
    expect(applied.files.get(PATH)).toBe(after);
    expect(applied.repairs).toContain("1 line: ` at ` replaced by @");
  });
});
