// The entry: bytes or text to a patch set. Splits mails, finds the one with the patch, removes quoting and reads the diff.
// Errors in the input are Problems with a line of the input; nothing here throws.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { byteStringOf, isAscii, splitLines, utf8ByteString } from "./bytes.js";
import { readDiff } from "./diff.js";
import { type Mail, type MailPart, readMails } from "./mail.js";
import { archiveHead, attribution, type Message, nameOf, normalPerson, parseSubject, readMessage, type Subject } from "./people.js";
import { quoteStyle, type QuoteStyle, unquote } from "./quote.js";
import { lineRepairs, linesText } from "./reading.js";
import type { FilePatch, PatchSet, TextLine } from "./types.js";

/** Far above any patch that a person reviews; an mbox of a long thread has a few MB. */
export const MAX_INPUT_BYTES = 16 * 1024 * 1024;
export const MAX_INPUT_LINES = 400_000;

/**
 * Reads a patch from a mail, an mbox, a diff or pasted text. `name` is the input's name in messages. The places of
 * problems are lines of the input as it was given, also where it was encoded.
 */
export function readPatch(input: Uint8Array | string, name: string): Result<PatchSet> {
  const size = input.length;
  if (size > MAX_INPUT_BYTES) {
    const limit = String(MAX_INPUT_BYTES / 1024 / 1024);
    return fail(
      problem(
        "patch/too-large",
        `The input is ${(size / 1024 / 1024).toFixed(1)} MB; the limit is ${limit} MB.`,
        name,
        1,
        "Save only the mail with the patch.",
      ),
    );
  }
  const bytes = typeof input === "string" ? { text: utf8ByteString(input.replace(/^\uFEFF/, "")), notes: [] } : textBytes(input, name);
  if ("code" in bytes) return fail(bytes);
  if (bytes.text.trim() === "") return fail(problem("patch/empty", "The input is empty.", name, 1, "Choose the mail or the .patch file."));
  const binary = binaryLine(bytes.text);
  if (binary !== undefined)
    return fail(
      problem("patch/binary", "This is a binary file, not a mail or a patch.", name, binary, "Choose a mail saved as text, or a .patch or .diff file."),
    );
  const count = lineCount(bytes.text);
  if (count > MAX_INPUT_LINES) {
    const message = `The input has ${String(count)} lines; the limit is ${String(MAX_INPUT_LINES)}.`;
    return fail(problem("patch/too-large", message, name, MAX_INPUT_LINES, "Save only the mail with the patch."));
  }
  const { lines, crlf } = splitLines(bytes.text);
  // Text from a clipboard is already decoded, whatever character set its headers name.
  const decoded = typeof input === "string" && !isAscii(bytes.text);
  const { mails, repairs } = readMails(lines, decoded);
  return choosePatches(mails, [...bytes.notes, ...repairs, ...(crlf > 0 ? [`${linesText(crlf)}: CRLF line ending converted`] : [])], name);
}

function problem(code: string, message: string, file: string, line: number, hint: string): Problem {
  return { code, message, place: { file, line }, hint };
}

function textBytes(input: Uint8Array, name: string): { readonly text: string; readonly notes: readonly string[] } | Problem {
  const [a, b, c] = [input[0], input[1], input[2]];
  if (a === 0x1f && b === 0x8b) return problem("patch/compressed", "The file is compressed with gzip.", name, 1, "Decompress it first (gunzip).");
  if (a === 0x50 && b === 0x4b && c === 0x03) return problem("patch/compressed", "The file is a zip archive.", name, 1, "Extract it first.");
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
    const text = new TextDecoder(a === 0xff ? "utf-16le" : "utf-16be").decode(input);
    return { text: utf8ByteString(text), notes: ["character set utf-16 decoded"] };
  }
  const start = a === 0xef && b === 0xbb && c === 0xbf ? 3 : 0;
  return { text: byteStringOf(start > 0 ? input.subarray(start) : input), notes: [] };
}

function lineCount(text: string): number {
  const end = text.includes("\n") ? "\n" : "\r";
  let count = 1;
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + 1)) count += 1;
  return count;
}

/** The line of a zero byte or of many control characters, which are not text; undefined if there is none. */
function binaryLine(text: string): number | undefined {
  const end = Math.min(text.length, 1 << 20);
  let line = 1;
  let control = 0;
  for (let i = 0; i < end; i += 1) {
    const code = text.charCodeAt(i);
    if (code === 0x0a) line += 1;
    else if (code === 0) return line;
    else if (code < 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0c && code !== 0x1b) control += 1;
  }
  if (control > 16 && control > end / 50) return 1;
  const later = text.indexOf("\0", end);
  return later < 0 ? undefined : line;
}

/** A part of a mail that holds a diff. */
interface Candidate {
  readonly mail: Mail;
  readonly part: MailPart;
  readonly number: number;
  readonly style: QuoteStyle;
  readonly subject: Subject;
}

function choosePatches(mails: readonly Mail[], mailNotes: readonly string[], name: string): Result<PatchSet> {
  const notes = [...mailNotes];
  const candidates = mails.flatMap((mail, i) => candidateOf(mail, i + 1, notes));
  if (candidates.length === 0) return fail(noDiffProblem(mails, name));
  const chosen = chooseSeries(candidates, mails.length, notes);
  const read: { readonly candidate: Candidate; readonly one: OnePatch }[] = [];
  let index = 0;
  for (const candidate of chosen) {
    const one = readOne(candidate, name, index);
    if (!one.ok) return one;
    index += one.value.files.reduce((sum, file) => sum + file.hunks.length, 0);
    read.push({ candidate, one: one.value });
  }
  const files = read.flatMap(({ one }) => one.files);
  const first = read[0];
  if (first === undefined || files.length === 0) return fail(noDiffProblem(mails, name));
  const hunks = files.flatMap((file) => file.hunks);
  const mailRepairs = [...notes, ...read.flatMap(({ one }) => one.repairs)];
  const { subject, version } = first.one.subject;
  return ok({
    name,
    subject,
    from: first.one.from,
    ...(first.one.date === undefined ? {} : { date: first.one.date }),
    ...(version === undefined ? {} : { version }),
    body: read
      .map(({ one }) => one.body)
      .filter((body) => body !== "")
      .join("\n\n"),
    files,
    hunks,
    mailRepairs: combined(mailRepairs),
    repairs: [...combined(mailRepairs), ...lineRepairs(hunks.map((hunk) => hunk.reading))],
  });
}

function combined(notes: readonly string[]): readonly string[] {
  return [...new Set(notes)];
}

function candidateOf(mail: Mail, number: number, notes: string[]): readonly Candidate[] {
  const found = mail.parts.flatMap((part) => {
    const style = quoteStyle(part.lines);
    if (style === undefined) return [];
    return [{ mail, part, number, style, subject: subjectOf(mail, part) }];
  });
  // The mail's own text before what is attached, and plain text before its HTML twin.
  const inline = found.filter(({ part }) => part.fileName === undefined);
  const plain = inline.filter(({ part }) => part.type !== "text/html");
  const kept = plain.length > 0 ? plain : inline.length > 0 ? inline : found;
  for (const { part } of kept) {
    if (part.fileName !== undefined) notes.push(`patch taken from the attachment ${part.fileName}`);
  }
  return kept;
}

function subjectOf(mail: Mail, part: MailPart): Subject {
  const header = mail.headers.get("subject");
  if (header !== undefined) return parseSubject(header);
  const head = archiveHead(part.lines);
  if (head !== undefined) return parseSubject(head.subject);
  const line = part.lines.find((one) => one.text.includes("[PATCH"))?.text ?? "";
  return parseSubject(line.slice(Math.max(0, line.indexOf("[PATCH"))));
}

/**
 * Which mails of several: patches themselves before replies that quote them, the newest version of those, in the order of
 * the series' numbers. What is left out is reported.
 */
function chooseSeries(candidates: readonly Candidate[], mails: number, notes: string[]): readonly Candidate[] {
  const own = candidates.filter(({ style }) => style.depth === 0);
  let kept = own.length > 0 ? own : candidates.slice(0, 1);
  const versions = kept.map(({ subject }) => Number((subject.version ?? "v1").slice(1)));
  const newest = versions.reduce((most, version) => Math.max(most, version), 1);
  if (versions.some((version) => version !== newest)) {
    kept = kept.filter((_, i) => versions[i] === newest);
    notes.push(`several versions in the mbox: v${String(newest)} used`);
  }
  if (kept.length > 1 && kept.every(({ subject }) => subject.part !== undefined)) {
    kept = [...kept].sort((a, b) => (a.subject.part?.number ?? 0) - (b.subject.part?.number ?? 0));
    const seen = new Set<string>();
    kept = kept.filter(({ subject, part }) => {
      const key = `${String(subject.part?.number)} ${subject.subject} ${part.fileName ?? ""}`;
      return !seen.has(key) && seen.add(key).size > 0;
    });
  }
  if (mails > 1) {
    const taken = [...new Set(kept.map(({ number }) => number))];
    const which = taken.length === 1 ? `mail ${String(taken[0])}` : `mails ${taken.join(", ")}`;
    notes.push(`${String(mails)} mails: patch taken from ${which}${mails > taken.length ? `, ${String(mails - taken.length)} ignored` : ""}`);
  }
  return kept;
}

interface OnePatch {
  readonly subject: Subject;
  readonly from: string;
  readonly date: string | undefined;
  readonly body: string;
  readonly files: readonly FilePatch[];
  readonly repairs: readonly string[];
}

function readOne({ mail, part, style, subject }: Candidate, name: string, index: number): Result<OnePatch> {
  const repairs: string[] = [];
  const { lines, unquoted, joined } = unquote(part.lines, style);
  if (style.depth > 0) repairs.push(`quote marks \`${(style.blank ? "> " : ">").repeat(style.depth)}\` removed from ${linesText(unquoted)}`);
  if (joined > 0) repairs.push(`${linesText(joined)}: wrapped end without quote mark joined`);
  const head = mail.headers.size === 0 ? archiveHead(part.lines) : undefined;
  const diff = readDiff(lines, name, index, part.torn);
  if (!diff.ok) return diff;
  repairs.push(...diff.value.repairs);
  const { start } = diff.value;
  let from = style.depth === 0 ? (head?.length ?? 0) : 0;
  if (from > start) from = 0;
  const message = readMessage(lines.slice(from, start));
  const quoted =
    style.depth > 0
      ? quotedOrigin(
          part.lines,
          lines.findIndex((line) => !line.outside),
          message,
        )
      : undefined;
  const sender = mail.headers.get("from");
  const author = quoted?.from ?? message.from ?? (sender === undefined ? head?.from : normalPerson(sender)) ?? message.signers[0] ?? "";
  const date = quoted === undefined ? (message.date ?? mail.headers.get("date") ?? head?.date) : quoted.date;
  if (message.addresses > 0) repairs.push(`${linesText(message.addresses)} of the message: \` at \` replaced by @`);
  checkDiffstat(lines, start, diff.value.files, repairs);
  const own = message.subject === undefined ? subject : parseSubject(message.subject);
  return ok({ subject: own.subject === "" ? subject : own, from: author, date, body: message.body, files: diff.value.files, repairs });
}

/** Author of a quoted patch: its From line, otherwise the signer whom the reply names, the first signer, or the name in the reply. */
function quotedOrigin(lines: readonly TextLine[], first: number, message: Message): { readonly from: string; readonly date: string | undefined } {
  const named = attribution(
    lines.map((line) => ({ ...line, outside: false })),
    first,
  );
  if (message.from !== undefined) return { from: message.from, date: message.date ?? named?.date };
  const full = named?.from.includes("@") === true ? named.from : undefined;
  const sameName = message.signers.find((signer) => named !== undefined && nameOf(signer) === nameOf(named.from));
  return { from: sameName ?? full ?? message.signers[0] ?? named?.from ?? "", date: named?.date };
}

/** git's last diffstat line says how much there should be; a reply may have removed parts of it. */
function checkDiffstat(
  lines: readonly { readonly text: string; readonly outside: boolean }[],
  start: number,
  files: readonly FilePatch[],
  repairs: string[],
): void {
  const stat = lines
    .slice(Math.max(0, start - 60), start)
    .map((line) => (line.outside ? null : /^ ?(\d{1,5}) files? changed(?:, (\d{1,8}) insertions?\(\+\))?(?:, (\d{1,8}) deletions?\(-\))?/.exec(line.text)))
    .find((match) => match !== null);
  if (stat === undefined) return;
  const count = (kind: "add" | "delete"): number =>
    files.reduce((sum, file) => sum + file.hunks.reduce((n, hunk) => n + hunk.reading.lines.filter((line) => line.kind === kind).length, 0), 0);
  const [wantAdds, wantDeletes] = [Number(stat[2] ?? 0), Number(stat[3] ?? 0)];
  const [adds, deletes] = [count("add"), count("delete")];
  if (wantAdds > adds || wantDeletes > deletes) {
    repairs.push(
      `part of the patch is missing: the diffstat announces ${String(wantAdds)} insertions and ${String(wantDeletes)} deletions, the text has ${String(adds)} and ${String(deletes)}`,
    );
  }
}

function noDiffProblem(mails: readonly Mail[], name: string): Problem {
  const lines = mails.flatMap((mail) => mail.parts.flatMap((part) => part.lines));
  const find = (pattern: RegExp): number | undefined => lines.find((line) => pattern.test(line.text.slice(0, 300)))?.line;
  const context = find(/^\*{15}/);
  if (context !== undefined)
    return problem("patch/context-diff", "This is a context diff (diff -c).", name, context, "Create a unified diff with diff -u or git.");
  const combinedAt = find(/^[> |]{0,20}@@@ -\d/);
  if (combinedAt !== undefined)
    return problem("patch/combined-diff", "This is a combined diff of a merge.", name, combinedAt, "Use the diff against one parent (git diff HEAD^1).");
  const named = find(/^[> |]{0,20}(?:diff --git |\+\+\+ )/);
  if (named !== undefined)
    return problem(
      "patch/no-hunk",
      "The text has diff file headers but no hunk (no @@ line).",
      name,
      named,
      "Lines were cut. Take the patch from the original mail.",
    );
  const count = mails.length > 1 ? ` (${String(mails.length)} mails searched)` : "";
  return problem("patch/no-diff", `The text contains no diff${count}.`, name, lines[0]?.line ?? 1, "Expected diff lines (---, +++, @@).");
}
