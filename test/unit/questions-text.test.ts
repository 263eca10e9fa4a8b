// Times and promises read from a mail's prose, and callers read from a tree's text.

import { describe, expect, it } from "vitest";
import { readPatch } from "../../engine/patch/patchset.js";
import { callersOf } from "../../engine/questions/caller-search.js";
import { addedWords, namedTimes, untilAll } from "../../engine/questions/named-times.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";

describe("times in a text", () => {
  it("are read with their units, each once, with the sentence around them", () => {
    const text = "Poll every 20ms, give up\nafter 1.5 seconds. A grace time of 2-minute length follows. Poll again after 20 ms.";
    expect(namedTimes(text).map((t) => [t.ns, t.words])).toEqual([
      [20e6, "20ms"],
      [1.5e9, "1.5 seconds"],
      [120e9, "2-minute"],
    ]);
    expect(namedTimes(text)[0]?.sentence).toBe("Poll every 20ms, give up after 1.5 seconds.");
  });

  it("are not read from text that only looks like a time", () => {
    for (const text of ["[ 3610.403820] x: 48 callbacks", "offset 0x50ms", "v1.5s", "16 TCEs", "5 hunks", "6.12.4 stable", "at 10 MHz"])
      expect(namedTimes(text)).toEqual([]);
  });

  it("are read from comments and strings of added lines only", () => {
    const made = readPatch(
      [
        "From: A <a@example.org>",
        "Subject: [PATCH] x: y",
        "",
        "--- a/f.c",
        "+++ b/f.c",
        "@@ -1,2 +1,4 @@",
        " /* 7 seconds */",
        "-old();",
        "+/* wait for",
        "+ * 3 seconds */",
        '+warn("after 40ms");',
        "",
      ].join("\n"),
      "x.patch",
    );
    if (!made.ok) throw new Error(made.error.message);
    expect(namedTimes(addedWords(made.value)).map((t) => t.words)).toEqual(["3 seconds", "40ms"]);
  });

  it("finds the promise to wait for all", () => {
    expect(untilAll("Sleep. Then wait until every buffer is released. Done.")).toBe("Then wait until every buffer is released.");
    expect(untilAll("Wait until the timer fires.")).toBeUndefined();
  });
});

describe("callers found in the tree's text", () => {
  const files: Readonly<Record<string, string>> = {
    "arch/powerpc/a.c": [
      "static void inner(struct kref *k)",
      "{",
      "\tx();",
      "}",
      "",
      "int outer(struct t *t)",
      "{",
      "\t/* inner does it */",
      "\treturn kref_put(&t->k, inner);",
      "}",
      "",
    ].join("\n"),
    "arch/powerpc/sub/b.c": ["static void user_b(void)", "{", "\touter(t);", "}", "", "static void other(void)", "{", "\touterspace(t);", "}", ""].join("\n"),
  };
  const tree: SourceTree = {
    read: (path) => files[path],
    exists: (path) => path in files,
    list: (folder) => (folder === "arch/powerpc" ? ["a.c", "sub/"] : folder === "arch/powerpc/sub" ? ["b.c"] : undefined),
  };

  it("include, for a static function, the callers of its file", () => {
    expect(callersOf(tree, "inner", "arch/powerpc/a.c")).toEqual([{ function: "user_b", file: "arch/powerpc/sub/b.c", line: 3 }]);
  });

  it("are not claimed if the tree cannot list its folders", () => {
    expect(callersOf({ read: (path) => files[path], exists: (path) => path in files }, "inner", "arch/powerpc/a.c")).toBeUndefined();
  });
});
