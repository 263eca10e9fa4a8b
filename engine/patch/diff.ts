// Tolerant reading of unified diffs (git, plain, -p0 and -p1): files, renames, hunks. Text between the parts of a diff is
// skipped. A hunk's body is read in reading.ts. Must not know quoting, mails or the tree.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { NO_LIMITS, otherReadings, readBySigns, readStrictly } from "./reading.js";
import type { FilePatch, Hunk, RawLine, Reading } from "./types.js";

export interface Diff {
  readonly files: readonly FilePatch[];
  readonly repairs: readonly string[];
  /** Index of the line the diff begins with. */
  readonly start: number;
}

interface OpenFile {
  oldPath: string | undefined;
  newPath: string | undefined;
  kind: FilePatch["kind"];
  readonly hunks: Hunk[];
  readonly line: number;
  named: boolean;
  readonly git: boolean;
}

/** Limit of hunks per diff that are not read by their signs; text with more is not a damaged patch but junk. */
const MAX_SEARCHES = 300;

/** `firstIndex`: number of the first hunk. `torn`: the mail is known to end too early. */
export function readDiff(lines: readonly RawLine[], name: string, firstIndex: number, torn: boolean): Result<Diff> {
  const files: OpenFile[] = [];
  const repairs: string[] = [];
  let open: OpenFile | undefined;
  let start: number | undefined;
  let index = firstIndex;
  const searches = { left: MAX_SEARCHES };
  let binary: { path: string; line: number } | undefined;
  const begin = (file: OpenFile, at: number): OpenFile => {
    files.push(file);
    start ??= at;
    return file;
  };
  for (let at = 0; at < lines.length; at += 1) {
    const source = lines[at];
    if (source === undefined || source.outside) continue;
    const { text, line } = source;
    const git = gitPaths(text);
    if (git !== undefined) {
      open = begin({ ...git, kind: "modify", hunks: [], line, named: true, git: true }, at);
    } else if (isFileHeader(lines, at)) {
      const oldPath = headerPath(text.slice(4));
      const next = nextInside(lines, at + 1);
      const newPath = headerPath((lines[next]?.text ?? "").slice(4));
      if (open?.git !== true || open.hunks.length > 0) open = begin({ oldPath, newPath, kind: "modify", hunks: [], line, named: true, git: false }, at);
      open.oldPath = oldPath;
      open.newPath = newPath;
      if (oldPath === undefined) open.kind = "create";
      else if (newPath === undefined) open.kind = "delete";
      at = next;
    } else if (text.startsWith("@@")) {
      const header = hunkHeader(text);
      if (header === undefined) continue;
      if (open === undefined) {
        return fail(
          problem(
            "patch/no-file-name",
            "A hunk appears before any file name.",
            name,
            line,
            "Include the lines that begin with --- and +++ above the first @@.",
          ),
        );
      }
      const end = regionEnd(lines, at + 1);
      const raw = lines.slice(at + 1, end.at);
      const read = readHunk(raw, header, end.kind, torn && end.kind === "end", searches);
      if (!read.ok) return fail(tornProblem(read.error, text, name, line, raw));
      open.hunks.push({ index, header: text.trimEnd(), line, ...header, reading: read.value.reading, raw });
      index += 1;
      at += read.value.used;
    } else if (open?.hunks.length === 0) {
      extendedHeader(open, text);
      if (/^(GIT binary patch|Binary files .{1,500} differ)/.test(text)) binary = { path: open.newPath ?? open.oldPath ?? "?", line };
    }
  }
  const kept = files.filter((file) => file.named && (file.hunks.length > 0 || file.kind !== "modify"));
  if (binary !== undefined) {
    if (kept.every((file) => file.hunks.length === 0)) {
      return fail(problem("patch/binary-change", `The patch changes only binary content (${binary.path}).`, name, binary.line, "It contains nothing to run."));
    }
    repairs.push(`binary change of ${binary.path} ignored`);
  }
  return ok({ files: kept.map(({ oldPath, newPath, kind, hunks, line }) => ({ oldPath, newPath, kind, hunks, line })), repairs, start: start ?? lines.length });
}

function problem(code: string, message: string, file: string, line: number, hint: string): Problem {
  return { code, message, place: { file, line }, hint };
}

interface HunkHeader {
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  readonly section: string;
}

/** The line `@@ -a,b +c,d @@ section`; a count of one may be left out. */
export function hunkHeader(text: string): HunkHeader | undefined {
  const match = /^@@ ?-(\d{1,8})(?:,(\d{1,8}))? \+(\d{1,8})(?:,(\d{1,8}))? ?@@(.*)$/.exec(text);
  if (match === null) return undefined;
  const number = (group: string | undefined): number => (group === undefined ? 1 : Number(group));
  return { oldStart: number(match[1]), oldCount: number(match[2]), newStart: number(match[3]), newCount: number(match[4]), section: (match[5] ?? "").trim() };
}

type RegionEnd = "header" | "trailer" | "end";

/** End of the lines that may belong to a hunk: the next header, the trailer of git or a mailer, or the end of the text. */
function regionEnd(lines: readonly RawLine[], from: number): { readonly at: number; readonly kind: RegionEnd } {
  for (let at = from; at < lines.length; at += 1) {
    const source = lines[at];
    if (source === undefined || source.outside) continue;
    const { text } = source;
    if (hunkHeader(text) !== undefined || text.startsWith("diff --git ") || /^(diff -|Index: )/.test(text) || isFileHeader(lines, at))
      return { at, kind: "header" };
    if (isSignature(lines, at) || /^(base-commit: [0-9a-f]{7}|prerequisite-patch-id: |change-id: |More information about the |_{20})/.test(text))
      return { at, kind: "trailer" };
  }
  return { at: lines.length, kind: "end" };
}

/** git's and mailers' signature mark, not a deleted line that was one minus sign: a version number or nothing follows. */
function isSignature(lines: readonly RawLine[], at: number): boolean {
  if (!/^-- ?$/.test(lines[at]?.text ?? "")) return false;
  const next = lines[at + 1];
  return next === undefined || next.outside || !/^[ +@\\\t-]/.test(next.text);
}

interface Torn {
  readonly oldCount: number;
  readonly newCount: number;
  readonly kind: RegionEnd;
}

function readHunk(
  raw: readonly RawLine[],
  header: HunkHeader,
  end: RegionEnd,
  torn: boolean,
  searches: { left: number },
): Result<{ readonly reading: Reading; readonly used: number }, Torn> {
  const strict = readStrictly(raw, header);
  if (strict.complete) return ok({ reading: strict.reading, used: strict.used });
  const error: Torn = { ...strict.left, kind: end };
  if (torn) return fail(error);
  // At the end of the text a missing line may have been cut off: only one empty last line may be restored.
  const atEnd = end === "end" && strict.used >= raw.length;
  if (!atEnd) {
    const bySigns = strict.sound && end !== "end" ? readBySigns(raw) : undefined;
    if (bySigns !== undefined) return ok({ reading: bySigns, used: raw.length });
  }
  const limits = atEnd ? { inserted: strict.left.oldCount === 1 && strict.left.newCount === 1 ? 1 : 0, sign: false } : NO_LIMITS;
  searches.left -= 1;
  if (searches.left < 0) return fail(error);
  const first = otherReadings(raw, header, limits)[0];
  return first === undefined ? fail(error) : ok({ reading: first, used: raw.length });
}

function tornProblem(torn: Torn, header: string, name: string, line: number, raw: readonly RawLine[]): Problem {
  const missing = [
    torn.oldCount > 0 ? `${String(torn.oldCount)} of the old file` : "",
    torn.newCount > 0 ? `${String(torn.newCount)} of the new file` : "",
  ].filter((text) => text !== "");
  const at = raw[raw.length - 1]?.line ?? line;
  const lack = `the hunk at line ${String(line)} (${header.slice(0, 60).trim()}) is missing lines: ${missing.join(", ")}`;
  return torn.kind === "end"
    ? problem("patch/torn", `The text ends in the middle of a hunk: ${lack}.`, name, at, "Save the complete mail and try again.")
    : problem(
        "patch/hunk-incomplete",
        `A hunk has fewer lines than its header announces: ${lack}.`,
        name,
        at,
        "Lines were cut or changed. Take the patch from the original mail.",
      );
}

function nextInside(lines: readonly RawLine[], from: number): number {
  let at = from;
  while (at < lines.length && at < from + 3 && (lines[at]?.outside === true || lines[at]?.text === "")) at += 1;
  return at;
}

/** `--- path` with `+++ path` on the next line: neither a deleted line nor the `---` below a commit message. */
function isFileHeader(lines: readonly RawLine[], at: number): boolean {
  const text = lines[at]?.text;
  if (text?.startsWith("--- ") !== true || text.length > 4096) return false;
  return lines[nextInside(lines, at + 1)]?.text.startsWith("+++ ") === true;
}

/** Path of a `---` or `+++` line, its time stamp removed; undefined for `/dev/null`. */
function headerPath(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('"')) return unquotePath(trimmed);
  const bare = trimmed.split("\t")[0] ?? "";
  // A tab before the time stamp may have become a blank.
  const stamp = / {1,8}(?:\d{4}-\d\d-\d\d|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z][a-z] )/.exec(bare);
  const path = (stamp === null ? bare : bare.slice(0, stamp.index)).trim();
  return path === "/dev/null" ? undefined : path;
}

/** `diff --git a/x b/y`; without rename lines both paths are the same apart from their prefixes. */
function gitPaths(text: string): { readonly oldPath: string; readonly newPath: string } | undefined {
  if (!text.startsWith("diff --git ") || text.length > 8192) return undefined;
  const rest = text.slice(11).trim();
  if (rest.startsWith('"')) {
    const end = rest.indexOf('" ', 1);
    return end < 0 ? undefined : { oldPath: unquotePath(rest.slice(0, end + 1)), newPath: unquotePath(rest.slice(end + 2)) };
  }
  const middle = (rest.length - 1) / 2;
  if (Number.isInteger(middle) && rest[middle] === " " && afterPrefix(rest.slice(0, middle)) === afterPrefix(rest.slice(middle + 1))) {
    return { oldPath: rest.slice(0, middle), newPath: rest.slice(middle + 1) };
  }
  const blank = rest.indexOf(" ");
  return blank < 0 ? { oldPath: rest, newPath: rest } : { oldPath: rest.slice(0, blank), newPath: rest.slice(blank + 1) };
}

function afterPrefix(path: string): string {
  return path.slice(path.indexOf("/") + 1);
}

/** git's C-style quoting: octal bytes of UTF-8 and the usual escapes. */
function unquotePath(text: string): string {
  const inner = text.startsWith('"') ? text.slice(1, text.endsWith('"') ? -1 : undefined) : text;
  if (!inner.includes("\\")) return inner;
  const bytes: number[] = [];
  const escapes: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, a: 7, b: 8, f: 12, v: 11 };
  for (let i = 0; i < inner.length; i += 1) {
    const c = inner[i] ?? "";
    if (c !== "\\") {
      bytes.push(...new TextEncoder().encode(c));
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(inner.slice(i + 1, i + 4))?.[0];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      i += 3;
    } else {
      const next = inner[i + 1] ?? "\\";
      bytes.push(escapes[next] ?? next.charCodeAt(0));
      i += 1;
    }
  }
  return new TextDecoder().decode(new Uint8Array(bytes));
}

function extendedHeader(file: OpenFile, text: string): void {
  const moved = /^(rename|copy) (from|to) (.{1,4096})$/.exec(text);
  if (moved?.[3] !== undefined) {
    file.kind = moved[1] === "copy" ? "copy" : "rename";
    // These paths have no prefix; the others of the patch do.
    const path = moved[3].startsWith('"') ? unquotePath(moved[3]) : moved[3].trim();
    if (moved[2] === "from") file.oldPath = `a/${path}`;
    else file.newPath = `b/${path}`;
  } else if (text.startsWith("new file mode")) {
    file.kind = "create";
    file.oldPath = undefined;
  } else if (text.startsWith("deleted file mode")) {
    file.kind = "delete";
    file.newPath = undefined;
  }
}
