// Every form in which a patch arrives gives the same patched text, and each repair is reported.

import { describe, expect, it } from "vitest";
import { applyPatch } from "../../engine/patch/apply.js";
import { readPatch } from "../../engine/patch/patchset.js";
import type { AppliedPatch, PatchSet } from "../../engine/patch/types.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { archiveDamage, formatPatch, gitDiff, hunksOf, MESSAGE, PATH, quote, WINDOW_C, WINDOW_C_PATCHED } from "./patch-fixtures.js";

const TREE = treeOf({ [PATH]: WINDOW_C });

function read(input: string | Uint8Array): PatchSet {
  const result = readPatch(input, "mail.txt");
  if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.value;
}

function apply(input: string | Uint8Array): AppliedPatch {
  return applyPatch(read(input), TREE);
}

function statuses(applied: AppliedPatch): readonly string[] {
  return applied.hunks.map((hunk) => hunk.status);
}

function bytes(text: string, encoding: BufferEncoding = "utf8"): Uint8Array {
  return new Uint8Array(Buffer.from(text, encoding));
}

function quotedPrintable(text: string): string {
  const encoded = Buffer.from(text, "utf8")
    .toString("latin1")
    .replace(/[^\n\x20-\x3c\x3e-\x7e]|=/g, (c) => `=${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
  return encoded
    .split("\n")
    .map((line) => line.replace(/ $/, "=20").replace(/((?:=..|[^=]){60})(?=.)/g, "$1=\n"))
    .join("\n");
}

function base64(text: string): string {
  return Buffer.from(text, "utf8")
    .toString("base64")
    .replace(/(.{76})/g, "$1\n");
}

const ALL_APPLIED = ["applied", "applied", "applied", "applied"];

describe("a patch reads the same", () => {
  it("as git format-patch writes it", () => {
    const patch = read(formatPatch());
    expect(patch).toMatchObject({
      subject: "window: Wait for the users",
      version: "v3",
      from: "Ada Example <ada@example.org>",
      date: "Tue, 4 Feb 2025 10:00:00 +0100",
    });
    expect(patch.body).toBe(MESSAGE.trim());
    expect(patch.repairs).toEqual([]);
    const applied = applyPatch(patch, TREE);
    expect(statuses(applied)).toEqual(ALL_APPLIED);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs).toEqual([]);
  });

  it("as bytes", () => {
    expect(apply(bytes(formatPatch())).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("as a bare git diff", () => {
    expect(apply(gitDiff(WINDOW_C, WINDOW_C_PATCHED)).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it.each([
    ["-p0", PATH],
    ["-p1 of two folders", `linux-6.12.orig/${PATH}`],
    ["many folders", `home/ada/src/linux/${PATH}`],
  ])("as plain diff -u with %s and time stamps", (_, path) => {
    const diff = `--- ${path}\t2025-02-04 10:00:00.000000000 +0100\n+++ ${path.replace(".orig", "")}\t2025-02-04 11:00:00.000000000 +0100\n${hunksOf(WINDOW_C, WINDOW_C_PATCHED)}`;
    expect(apply(diff).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("as diff -u whose tab before the time stamp became a blank", () => {
    const diff = `--- ${PATH} 2025-02-04 10:00:00.000000000 +0100\n+++ ${PATH} 2025-02-04 11:00:00.000000000 +0100\n${hunksOf(WINDOW_C, WINDOW_C_PATCHED)}`;
    expect(apply(diff).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("with CRLF line endings", () => {
    const applied = apply(formatPatch().replaceAll("\n", "\r\n"));
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs.some((text) => /^\d+ lines: CRLF line ending converted$/.test(text))).toBe(true);
  });

  it.each(["> ", ">", "> > ", ">>", ">> ", "> > > > ", "| ", "AE> "])("quoted with `%s`", (mark) => {
    const reply = `From: Bob Sample <bob@example.net>\nSubject: Re: [PATCH v3] window: Wait for the users\n\nOn Tue, 4 Feb 2025 at 10:00, Ada Example wrote:\n${quote(formatPatch().split("\n").slice(5).join("\n"), mark)}\nLooks good.\n`;
    const patch = read(reply);
    expect(patch).toMatchObject({ subject: "window: Wait for the users", version: "v3", from: "Ada Example <ada@example.org>" });
    expect(patch.body).toBe(MESSAGE.trim());
    expect(patch.repairs.some((text) => text.startsWith("quote marks "))).toBe(true);
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("quoted, with a reply between its lines", () => {
    const lines = quote(gitDiff(WINDOW_C, WINDOW_C_PATCHED)).split("\n");
    const at = lines.findIndex((line) => line.includes("msleep"));
    lines.splice(at, 0, "", "Why 50?", "+1 for a constant.", "");
    const applied = apply(`Subject: Re: x\nFrom: b@example.net\n\nHi,\n${lines.join("\n")}`);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs).toContain("2 lines: reply text between patch lines ignored");
  });

  it("quoted by a mailer that does not mark empty lines", () => {
    const lines = gitDiff(WINDOW_C, WINDOW_C_PATCHED).split("\n");
    const quoted = lines.map((line) => (line.trim() === "" ? "" : `> ${line}`)).join("\n");
    expect(apply(`Subject: Re: x\nFrom: b@example.net\n\n${quoted}\n`).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("from a list archive: tabs, leading blanks and the blanks of empty lines gone", () => {
    const text = `[PATCH v3] window: Wait for the users\nAda Example\nada at example.org\nTue Feb 4 10:00:00 CET 2025\n${archiveDamage(formatPatch().split("\n").slice(5).join("\n"))}`;
    const patch = read(text);
    expect(patch).toMatchObject({
      subject: "window: Wait for the users",
      version: "v3",
      from: "Ada Example <ada@example.org>",
      date: "Tue Feb 4 10:00:00 CET 2025",
    });
    const applied = applyPatch(patch, TREE);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs.join("\n")).toMatch(/leading space restored[^]*empty context line[^]*tabs restored from the tree[^]*indentation restored/);
  });

  it("pasted from a terminal that expanded the tabs", () => {
    const expanded = gitDiff(WINDOW_C, WINDOW_C_PATCHED)
      .split("\n")
      .map((line) => {
        let out = "";
        for (const c of line) out += c === "\t" ? " ".repeat(8 - (out.length % 8)) : c;
        return out;
      })
      .join("\n");
    expect(apply(expanded).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("pasted into the clipboard without its last line break", () => {
    expect(apply(gitDiff(WINDOW_C, WINDOW_C_PATCHED).trimEnd()).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("with long lines wrapped by the mailer", () => {
    const wrapped = gitDiff(WINDOW_C, WINDOW_C_PATCHED)
      .split("\n")
      .map((line) => (line.includes("its last user") ? line.replace('user\\n", ', 'user\\n",\n') : line))
      .join("\n");
    const applied = apply(wrapped);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs).toContain("1 line: wrapped line joined");
  });

  it("quoted, with a long line wrapped so that its rest lost the quote mark", () => {
    const wrapped = quote(gitDiff(WINDOW_C, WINDOW_C_PATCHED)).replace('user\\n", ', 'user\\n",\n');
    expect(apply(`Subject: Re: x\nFrom: b@example.net\n\n${wrapped}`).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("with all empty lines dropped by an archive", () => {
    const after = WINDOW_C.replace("\tkfree(win);", "\tkfree(win->table);\n\tkfree(win);");
    const squeezed = gitDiff(WINDOW_C, after)
      .split("\n")
      .filter((line) => line !== " ")
      .join("\n");
    const applied = apply(`${squeezed}\nMore information about the list\n`);
    expect(applied.files.get(PATH)).toBe(after);
    expect(applied.repairs.some((text) => text.includes("dropped empty line restored"))).toBe(true);
  });

  it("with wrong counts in a header that somebody edited", () => {
    const edited = gitDiff(WINDOW_C, WINDOW_C_PATCHED).replace(
      /^@@ -(\d+),(\d+) /m,
      (_, start: string, count: string) => `@@ -${start},${String(Number(count) + 1)} `,
    );
    const applied = apply(edited);
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
    expect(applied.repairs).toContain("1 hunk: line counts in the header corrected");
  });
});

describe("MIME", () => {
  const head = (extra: string): string =>
    `From: =?UTF-8?Q?J=C3=BCrgen_Beispiel?= <j@example.org>\nSubject: =?utf-8?B?${Buffer.from("[PATCH v2] window: Grö").toString("base64")}?=\n =?utf-8?B?${Buffer.from("ße").toString("base64")}?=\nMIME-Version: 1.0\n${extra}\n\n`;
  const body = `${MESSAGE}---\n${gitDiff(WINDOW_C, WINDOW_C_PATCHED)}-- \n2.39.5\n`;

  it("quoted-printable, with encoded subject and sender", () => {
    const patch = read(head("Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable") + quotedPrintable(body));
    expect(patch).toMatchObject({ subject: "window: Größe", version: "v2", from: "Jürgen Beispiel <j@example.org>" });
    expect(patch.repairs).toContain("quoted-printable decoded");
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("base64", () => {
    const patch = read(head("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64") + base64(body));
    expect(patch.repairs).toContain("base64 decoded");
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("latin1 bytes", () => {
    const after = WINDOW_C_PATCHED.replace("gave up", "gave up: Größe");
    const mail = `Subject: x\nFrom: a@example.org\nContent-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: 8bit\n\n${gitDiff(WINDOW_C, after)}`;
    expect(apply(bytes(mail, "latin1")).files.get(PATH)).toBe(after);
    // Bytes that are not UTF-8 are read the same without a declared character set.
    expect(apply(bytes(gitDiff(WINDOW_C, after), "latin1")).files.get(PATH)).toBe(after);
  });

  it("decoded text from a clipboard whose headers still name another character set", () => {
    const after = WINDOW_C_PATCHED.replace("gave up", "gave up: Größe");
    const mail = `Subject: x\nFrom: a@example.org\nContent-Type: text/plain; charset="iso-8859-1"\n\n${gitDiff(WINDOW_C, after)}`;
    expect(apply(mail).files.get(PATH)).toBe(after);
  });

  it("format=flowed, where each leading blank was doubled", () => {
    const stuffed = body.replace(/^ /gm, "  ");
    const mail = head("Content-Type: text/plain; charset=utf-8; format=flowed") + stuffed;
    expect(apply(mail).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("multipart with the patch attached", () => {
    const mail = `${head('Content-Type: multipart/mixed; boundary="=_x y"')}preamble\n--=_x y\nContent-Type: text/plain\n\nSee the patch.\n--=_x y\nContent-Type: text/x-patch; name="window.patch"\nContent-Disposition: attachment; filename="window.patch"\nContent-Transfer-Encoding: base64\n\n${base64(body)}\n--=_x y--\n`;
    const applied = apply(mail);
    expect(applied.repairs).toContain("patch taken from the attachment window.patch");
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("multipart/alternative: the plain text, not its HTML twin", () => {
    const html = `<html><body><pre>${gitDiff(WINDOW_C, WINDOW_C_PATCHED).replaceAll("&", "&amp;").replaceAll("<", "&lt;")}</pre></body></html>`;
    const mail = `${head("Content-Type: multipart/alternative; boundary=b1")}--b1\nContent-Type: text/plain\n\n${body}\n--b1\nContent-Type: text/html\n\n${html}\n--b1--\n`;
    const patch = read(mail);
    expect(patch.hunks).toHaveLength(4);
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("a page of a list archive saved as HTML", () => {
    const html = `<!DOCTYPE html>\n<html><head><title>x</title><style>a{}</style></head>\n<body><h1>[PATCH v3] window: Wait</h1>\n<pre>\n${gitDiff(WINDOW_C, WINDOW_C_PATCHED).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")}</pre>\n</body></html>\n`;
    const applied = apply(html);
    expect(applied.repairs).toContain("text taken from HTML");
    expect(applied.files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("quoted-printable text pasted without its headers", () => {
    expect(apply(quotedPrintable(`A change = better.\n${body}`)).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("names lines of the mail, not of the decoded text", () => {
    const torn = body.slice(0, body.indexOf("msleep"));
    const mail = head("Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64") + base64(torn);
    const result = readPatch(mail, "torn.eml");
    expect(result.ok).toBe(false);
    if (!result.ok) expect(result.error.place?.line).toBeLessThanOrEqual(mail.split("\n").length);
  });
});

describe("an mbox", () => {
  const mail = (subject: string, text: string): string =>
    `From ada@example.org Tue Feb  4 10:00:00 2025\nFrom: Ada Example <ada@example.org>\nSubject: ${subject}\n\n${text}\n`;
  const HALF = WINDOW_C.replace("#include <linux/mm.h>\n", "#include <linux/mm.h>\n#include <linux/delay.h>\n");

  it("with a series: all its patches, in the order of their numbers", () => {
    const box =
      mail("[PATCH 0/2] window", "Two patches.") +
      mail("[PATCH 2/2] window: Wait", gitDiff(HALF, WINDOW_C_PATCHED)) +
      mail("[PATCH 1/2] window: Include", gitDiff(WINDOW_C, HALF));
    const patch = read(box);
    expect(patch.subject).toBe("window: Include");
    expect(patch.repairs).toContain("3 mails: patch taken from mails 3, 2, 1 ignored");
    expect(patch.hunks.map((hunk) => hunk.index)).toEqual([0, 1, 2, 3]);
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("with a thread: the patch, not the replies that quote it, and of two versions the newest", () => {
    const diff = gitDiff(WINDOW_C, WINDOW_C_PATCHED);
    const box =
      mail("[PATCH] window: Wait", gitDiff(WINDOW_C, HALF)) +
      mail("Re: [PATCH] window: Wait", quote(gitDiff(WINDOW_C, HALF))) +
      mail("[PATCH v2] window: Wait", diff) +
      mail("Re: [PATCH v2] window: Wait", quote(diff));
    const patch = read(box);
    expect(patch.version).toBe("v2");
    expect(patch.repairs).toEqual(["several versions in the mbox: v2 used", "4 mails: patch taken from mail 3, 3 ignored"]);
    expect(applyPatch(patch, TREE).files.get(PATH)).toBe(WINDOW_C_PATCHED);
  });

  it("keeps `>From ` of a body", () => {
    const after = WINDOW_C.replace("// A pool of windows.", "// A pool of windows.\nFrom here on");
    const box = mail("[PATCH] x", `text\n\n>From what I see it helps.\n---\n${gitDiff(WINDOW_C, after)}`) + mail("Re: x", "Fine.");
    expect(read(box).body).toContain("From what I see");
  });
});

describe("the author", () => {
  const diff = gitDiff(WINDOW_C, WINDOW_C_PATCHED);

  it("of a forwarded patch is named in its first line", () => {
    const patch = read(`From: Bob Sample <bob@example.net>\nSubject: [PATCH] x\n\nFrom: Ada Example <ada@example.org>\n\nText.\n---\n${diff}`);
    expect(patch.from).toBe("Ada Example <ada@example.org>");
    expect(patch.body).toBe("Text.");
  });

  it("of a quoted patch is the signer that the reply names, not the last signer", () => {
    const quoted = quote(`Text.\n\nSigned-off-by: Cy Other <cy@example.org>\nSigned-off-by: Ada Example <ada@example.org>\n---\n${diff}`);
    expect(read(`From: b@example.net\nSubject: Re: [PATCH] x\n\nOn 13/02/2025 18.10, Ada Example wrote:\n${quoted}`).from).toBe(
      "Ada Example <ada@example.org>",
    );
  });

  it("of a quoted patch without a signer is named in the attribution, even if it is wrapped", () => {
    const patch = read(`From: b@example.net\nSubject: Re: [PATCH] x\n\nOn Thu, Feb 13, 2025 at 6:10 PM Ada Example\n<ada@example.org> wrote:\n${quote(diff)}`);
    expect(patch.from).toBe("Ada Example <ada@example.org>");
    expect(patch.date).toBe("Thu, Feb 13, 2025 at 6:10 PM");
  });
});

it("reports a reply that quotes only part of the patch", () => {
  const cut = formatPatch().replace(/^@@ -\d+,\d+ \+\d+,\d+ @@ int window_event[^]*(?=^-- $)/m, "");
  expect(read(cut).repairs.join("\n")).toMatch(/part of the patch is missing/);
});
