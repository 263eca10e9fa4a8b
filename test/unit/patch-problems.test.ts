// Input without a readable patch gives a problem with a code, a place and a hint, never an exception or a hang.

import { describe, expect, it } from "vitest";
import { applyPatch } from "../../engine/patch/apply.js";
import { MAX_INPUT_LINES, readPatch } from "../../engine/patch/patchset.js";
import type { Problem } from "../../engine/base/result.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { archiveDamage, formatPatch, gitDiff, PATH, quote, seeded, WINDOW_C, WINDOW_C_PATCHED } from "./patch-fixtures.js";

function problemOf(input: string | Uint8Array): Problem {
  const result = readPatch(input, "in.eml");
  if (result.ok) throw new Error(`read: ${String(result.value.hunks.length)} hunks`);
  expect(result.error.place?.file).toBe("in.eml");
  expect(result.error.hint).toBeTruthy();
  return result.error;
}

/** Milliseconds of processor time, so that other work on the machine does not count. Non-linear code would take minutes. */
const SOON = 5000;

function soon<T>(run: () => T): T {
  const start = process.cpuUsage();
  const value = run();
  const { user, system } = process.cpuUsage(start);
  expect((user + system) / 1000).toBeLessThan(SOON);
  return value;
}

describe("a problem is reported for", () => {
  it.each([
    ["nothing", ""],
    ["white space", "  \n\n\t\n"],
  ])("%s", (_, text) => {
    expect(problemOf(text).code).toBe("patch/empty");
    expect(problemOf(new TextEncoder().encode(text)).code).toBe("patch/empty");
  });

  it("a binary file, with the line of its first zero byte", () => {
    expect(problemOf(new Uint8Array([65, 10, 66, 10, 67, 0, 1, 2]))).toMatchObject({ code: "patch/binary", place: { line: 3 } });
    expect(problemOf(new Uint8Array(Buffer.from("7f454c4602010103040506070e0f101112131415161718191a", "hex"))).code).toBe("patch/binary");
  });

  it("compressed files, by their format", () => {
    expect(problemOf(new Uint8Array([0x1f, 0x8b, 8, 0, 0, 0])).message).toContain("gzip");
    expect(problemOf(new Uint8Array([0x50, 0x4b, 3, 4])).message).toContain("zip");
  });

  it("a text without a diff", () => {
    expect(problemOf("Dear list,\n\nplease apply the patch.\n").code).toBe("patch/no-diff");
    expect(problemOf("From: a@example.org\nSubject: [PATCH] x\n\nText only.\n").code).toBe("patch/no-diff");
  });

  it("file names of a diff without hunks", () => {
    expect(problemOf(`x\n--- a/${PATH}\n+++ b/${PATH}\n`)).toMatchObject({ code: "patch/no-hunk", place: { line: 3 } });
  });

  it("a hunk without a file name", () => {
    expect(problemOf("Text.\n@@ -1,2 +1,3 @@\n a\n+b\n c\n")).toMatchObject({ code: "patch/no-file-name", place: { line: 2 } });
  });

  it("a context diff, a merge's diff, a binary change", () => {
    expect(problemOf("*** a/x.c\t2025\n--- b/x.c\t2025\n***************\n*** 1,3 ****\n  a\n").code).toBe("patch/context-diff");
    expect(problemOf("diff --cc x.c\nindex 1,2..3\n--- a/x.c\n+++ b/x.c\n@@@ -1,2 -1,2 +1,3 @@@\n  a\n").code).toBe("patch/combined-diff");
    expect(problemOf("diff --git a/x.png b/x.png\nindex 1..2 100644\nGIT binary patch\nliteral 3\nabc\n@@ -1 @@\n").code).toMatch(/^patch\//);
  });

  it("a torn mail, cut at any place of a hunk, with the last line and the missing part", () => {
    for (const text of [formatPatch(), quote(formatPatch()), archiveDamage(formatPatch())]) {
      const lines = text.split("\n");
      const last = lines.findLastIndex((line) => line.includes("@@ -"));
      for (let cut = last + 1; cut < last + 9; cut += 1) {
        const problem = problemOf(`${lines.slice(0, cut).join("\n")}\n`);
        expect(problem.code).toBe("patch/torn");
        expect(problem.place?.line).toBe(cut);
        expect(problem.message).toContain(`line ${String(last + 1)}`);
      }
    }
  });

  it("a torn mail in each encoding", () => {
    const half = formatPatch().slice(0, formatPatch().indexOf("msleep") + 4);
    const body = half.slice(half.indexOf("\n\n") + 2);
    const head = "From: a@example.org\nSubject: [PATCH] x\nMIME-Version: 1.0\n";
    expect(problemOf(`${head}Content-Transfer-Encoding: base64\n\n${Buffer.from(body).toString("base64")}`).code).toBe("patch/torn");
    expect(problemOf(`${head}Content-Transfer-Encoding: quoted-printable\n\n${body.replaceAll("=", "=3D")}`).code).toBe("patch/torn");
    expect(problemOf(`${head}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n${body}`).code).toBe("patch/torn");
  });

  it("a hunk from which a reply cut lines", () => {
    const lines = quote(gitDiff(WINDOW_C, WINDOW_C_PATCHED)).split("\n");
    const at = lines.findIndex((line) => line.includes("msleep"));
    lines.splice(at, 6, "> [...]");
    expect(problemOf(`From: a@example.org\nSubject: Re: x\n\n${lines.join("\n")}`).code).toBe("patch/hunk-incomplete");
  });

  it("more text than any patch has", () => {
    expect(problemOf("x".repeat(20 * 1024 * 1024)).code).toBe("patch/too-large");
    expect(problemOf(new Uint8Array(20 * 1024 * 1024).fill(65)).code).toBe("patch/too-large");
    expect(problemOf("+\n".repeat(8_000_000)).code).toBe("patch/too-large");
  });
});

describe("junk is refused quickly:", () => {
  const bytes = 2_000_000;
  const filled = (unit: string): string =>
    unit.repeat(Math.floor(Math.min(bytes / unit.length, MAX_INPUT_LINES / 2 / Math.max(1, unit.split(/[\n\r]/).length - 1))));

  it.each([
    ["one long line", "x"],
    ["blanks", " "],
    ["quote marks", ">"],
    ["spaced quote marks", "> "],
    ["tabs and line breaks", "\t\n"],
    ["plus signs", "+\n"],
    ["dashes", "--- \n+++ \n"],
    ["encoded words", "=?a?q?"],
    ["equals signs", "=\n"],
    ["open tags", "<a "],
    ["entities", "&#"],
    ["quotes", '"'],
    ["file headers", "diff --git a/x b/x\n"],
    ["From lines", "From a@b.c Tue Feb  4 10:00:00 2025\nFrom: a\n\n"],
    ["headers", "Subject: a\n"],
    ["folded headers", "Subject: a\n b\n"],
    ["hunk headers", "@@ -1,3 +1,3 @@\n"],
    ["attributions", "On 1/1/2025 10.10, wrote:\n"],
    ["signers", "Signed-off-by: a at b\n"],
    ["carriage returns", "\r"],
  ])(
    "%s",
    (_, unit) => {
      for (const head of ["", "Subject: x\nFrom: a@example.org\n\n", "<html>\n"]) {
        const result = soon(() => readPatch(head + filled(unit), "junk"));
        expect(result.ok).toBe(false);
      }
    },
    60_000,
  );

  it.each([
    ["subject", (text: string) => `Subject: ${text}\nFrom: a@example.org\n\n`],
    ["sender", (text: string) => `Subject: x\nFrom: ${text}\n\n`],
    ["content type", (text: string) => `Subject: x\nFrom: a\nContent-Type: ${text}\n\n`],
    ["boundary", (text: string) => `Subject: x\nFrom: a\nContent-Type: multipart/mixed; boundary="${text}"\n\n`],
    ["hunk section", (text: string) => `--- a/${PATH}\n+++ b/${PATH}\n@@ -1,3 +1,3 @@ ${text}\n a\n-b\n+c\n d\n`],
    ["file name", (text: string) => `--- a/${text}\n+++ b/${text}\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n`],
    ["attribution", (text: string) => `Subject: Re: x\nFrom: a@example.org\n\nOn ${text} wrote:\n> `],
  ])(
    "an endless %s before a valid patch",
    (_, around) => {
      for (const unit of ["a ", "a@", "[", "[a]", "re: ", "=?a?q?b?=", "<", "\\", "/", "; a=", "10:10 ", "> "]) {
        const text = around(unit.repeat(200_000));
        soon(() => {
          const result = readPatch(`${text}${gitDiff(WINDOW_C, WINDOW_C_PATCHED)}`, "junk");
          if (result.ok) applyPatch(result.value, treeOf({ [PATH]: WINDOW_C }));
        });
      }
    },
    120_000,
  );

  it("a hunk with very many readings of its lines", () => {
    const body = Array.from({ length: 400 }, (_, i) => ["x", "-x", "+x", "", "> x"][i % 5] ?? "").join("\n");
    const diff = `--- a/${PATH}\n+++ b/${PATH}\n@@ -1,300 +1,301 @@\n${body}\n`;
    soon(() => {
      const result = readPatch(`${diff}\n--- a/${PATH}\n+++ b/${PATH}\n@@ -1,3 +1,3 @@\n a\n-b\n+c\n d\n`, "junk");
      if (result.ok) applyPatch(result.value, treeOf({ [PATH]: "x\n".repeat(20_000) }));
    });
  });

  it("very many hunks with very many readings", () => {
    const body = Array.from({ length: 60 }, (_, i) => ["x", "-x", "+x", "", "y"][i % 5] ?? "").join("\n");
    const hunks = `@@ -1,41 +1,42 @@\n${body}\n`.repeat(5_000);
    soon(() => {
      const result = readPatch(`--- a/${PATH}\n+++ b/${PATH}\n${hunks}`, "junk");
      if (result.ok) applyPatch(result.value, treeOf({ [PATH]: "x\n".repeat(5_000) }));
    });
  }, 60_000);

  it("very many hunks against a large file", () => {
    const hunks = Array.from({ length: 20_000 }, (_, i) => `@@ -${String(i + 1)},3 +${String(i + 1)},3 @@\n x\n-y${String(i)}\n+z\n x\n`).join("");
    soon(() => {
      const result = readPatch(`--- a/${PATH}\n+++ b/${PATH}\n${hunks}`, "junk");
      expect(result.ok).toBe(true);
      if (result.ok) applyPatch(result.value, treeOf({ [PATH]: "x\n".repeat(20_000) }));
    });
  }, 60_000);
});

it("random damage never throws", () => {
  const random = seeded(7);
  const source = formatPatch();
  for (let round = 0; round < 400; round += 1) {
    let text = source;
    for (let k = 0; k < 1 + random() * 6; k += 1) {
      const at = Math.floor(random() * text.length);
      const length = Math.floor(random() * 40);
      const insert = ["", "\n", "> ", "@@ -1,2 +1,2 @@\n", "--- a/x\n+++ b/x\n", "\0", "=?x", "é", "+", "-", "\\ "][Math.floor(random() * 11)] ?? "";
      text = text.slice(0, at) + insert + text.slice(at + length);
    }
    const result = readPatch(text, "damaged");
    if (result.ok) {
      const applied = applyPatch(result.value, treeOf({ [PATH]: WINDOW_C }));
      expect(applied.hunks).toHaveLength(result.value.hunks.length);
    } else {
      expect(result.error.code).toMatch(/^patch\//);
    }
  }
});
