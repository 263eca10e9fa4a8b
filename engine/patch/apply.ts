// Applies a patch set to a tree in memory: the file of each part, the place of each hunk, the new texts. Where patch and
// tree differ only in white space, the tree's lines are kept. Must not know how the patch was read.

import type { Problem } from "../base/index.js";
import { LayeredTree, normalPath, type SourceTree } from "../tree/index.js";
import { type FileLine, FileText } from "./file-text.js";
import { lineKey } from "./match.js";
import { newSide, oldSide, placeHunk, type Placement } from "./place.js";
import { lineRepairs, linesText } from "./reading.js";
import type { AppliedPatch, ChangedLines, FilePatch, Hunk, HunkResult, PatchSet, Reading } from "./types.js";
import { type Damage, Evidence, restoreWhitespace, Twins } from "./whitespace.js";

/** Limit of line comparisons per patch; a treewide patch of a thousand files stays far below it. */
const BUDGET = 60_000_000;

interface OpenFile {
  readonly text: FileText;
  readonly before: string | undefined;
  deleted: boolean;
}

interface Work {
  readonly tree: SourceTree;
  readonly open: Map<string, OpenFile>;
  readonly results: HunkResult[];
  readonly readings: Reading[];
  readonly evidence: Map<number, Evidence>;
  readonly twins: Twins;
  /** Lines of the tree's files that hunks delete, by hunk. */
  readonly deleted: Map<number, number[]>;
  readonly notes: string[];
  readonly budget: { left: number };
  retabbed: number;
  addresses: number;
  touched: boolean;
}

/**
 * Applies the hunks whose numbers are in `selection` (all, if absent). A hunk without a place does not affect the others.
 * `hunks` of the result holds the selected ones only, in the order of their numbers.
 */
export function applyPatch(patch: PatchSet, tree: SourceTree, selection?: ReadonlySet<number>): AppliedPatch {
  const work: Work = {
    tree,
    open: new Map(),
    results: [],
    readings: [],
    evidence: new Map(),
    twins: new Twins(),
    deleted: new Map(),
    notes: [],
    budget: { left: BUDGET },
    retabbed: 0,
    addresses: 0,
    touched: false,
  };
  const strip = usualStrip(patch.files, tree);
  let attempted = false;
  for (const file of patch.files) {
    const hunks = selection === undefined ? file.hunks : file.hunks.filter((hunk) => selection.has(hunk.index));
    if (hunks.length === 0 && selection !== undefined) continue;
    attempted = true;
    applyFile(work, file, hunks, strip);
  }
  const restored = restoreAll(work);
  const files = new Map<string, string>();
  const deleted = new Set<string>();
  for (const [path, file] of work.open) {
    if (file.deleted) {
      if (file.before !== undefined) deleted.add(path);
      continue;
    }
    const text = file.text.toString();
    if (text !== file.before) files.set(path, text);
  }
  const changed = changedLines(work);
  const repairs = [...patch.mailRepairs, ...lineRepairs(work.readings)];
  if (work.retabbed > 0) repairs.push(`${linesText(work.retabbed)}: tabs restored from the tree`);
  if (work.addresses > 0) repairs.push(`${linesText(work.addresses)}: \` at \` replaced by @`);
  if (restored > 0) repairs.push(restored === 1 ? "1 added line: indentation restored" : `${String(restored)} added lines: indentation restored`);
  repairs.push(...work.notes);
  return { hunks: work.results, files, deleted, changed, repairs, problems: work.touched || !attempted ? [] : [noFileProblem(patch)] };
}

/** Lines that each applied hunk added and deleted. */
function changedLines(work: Work): ReadonlyMap<number, ChangedLines> {
  const changed = new Map<number, { readonly added: number[]; readonly deleted: readonly number[] }>();
  for (const [hunk, deleted] of work.deleted) changed.set(hunk, { added: [], deleted });
  for (const { text } of work.open.values())
    text.lines.forEach((line, i) => {
      if (line.hunk !== undefined) changed.get(line.hunk)?.added.push(i + 1);
    });
  return changed;
}

/** The tree with the patch applied. */
export function patchedTree(tree: SourceTree, applied: AppliedPatch): SourceTree {
  const layer = new Map<string, string | undefined>(applied.files);
  for (const path of applied.deleted) layer.set(path, undefined);
  return new LayeredTree([layer], tree);
}

function noFileProblem(patch: PatchSet): Problem {
  const first = patch.files[0];
  const path = first?.newPath ?? first?.oldPath ?? "?";
  const others = patch.files.length > 1 ? ` (and ${String(patch.files.length - 1)} more)` : "";
  return {
    code: "patch/no-file-of-tree",
    message: `The patch touches no file of this tree: ${path}${others}.`,
    place: { file: patch.name, line: first?.line ?? 1 },
    hint: "Open the tree that the patch was made for. Paths are tried with and without leading folders.",
  };
}

function applyFile(work: Work, file: FilePatch, hunks: readonly Hunk[], strip: number): void {
  if (file.kind === "create") {
    createFile(work, file, hunks, strip);
    return;
  }
  const path = pathInTree(work, file);
  if (path === undefined) {
    missingFile(work, file, hunks, strip);
    return;
  }
  work.touched = true;
  let target = open(work, path);
  if (file.kind === "rename" || file.kind === "copy") {
    const to = file.newPath === undefined ? undefined : stripped(file.newPath, strip);
    if (to !== undefined && to !== path) {
      const source = target;
      target = { text: new FileText(source.text.toString()), before: work.tree.read(to), deleted: false };
      work.open.set(to, target);
      if (file.kind === "rename") source.deleted = true;
      work.notes.push(`${file.kind === "rename" ? "renamed" : "copied"}: ${path} to ${to}`);
    }
  }
  const failedBefore = work.results.filter((result) => result.status === "failed").length;
  applyHunks(work, target, hunks, file.kind === "rename" || file.kind === "copy" ? (stripped(file.newPath ?? "", strip) ?? path) : path);
  if (file.kind === "delete") {
    const failed = work.results.filter((result) => result.status === "failed").length - failedBefore;
    target.deleted = failed === 0 && target.text.lines.length === 0;
    if (target.deleted) work.notes.push(`deleted: ${path}`);
  }
}

function applyHunks(work: Work, target: OpenFile, hunks: readonly Hunk[], path: string): void {
  const numbers = new Set(hunks.map((hunk) => hunk.index));
  const { text } = target;
  // Lines added by earlier hunks, and the offset of the tree's lines from the patch's.
  let grown = 0;
  let drift = 0;
  let after = 0;
  for (const hunk of hunks) {
    const start = hunk.oldStart - (hunk.oldCount > 0 ? 1 : 0) + grown;
    const placement = placeHunk(hunk, text, {
      expected: Math.max(0, start + drift),
      after,
      taken: (at) => {
        const by = text.lines[at]?.hunk;
        return by !== undefined && by !== hunk.index && numbers.has(by);
      },
      budget: work.budget,
    });
    work.results.push(resultOf(hunk, placement, text, path, start));
    if (placement.kind === "found") {
      const added = applyPlaced(work, target, hunk, placement);
      drift = placement.at - placement.prefix - start;
      grown += added.lines - added.replaced;
      after = placement.at + added.lines;
    } else if (placement.kind === "already") {
      work.readings.push(placement.reading);
      drift = placement.at - start;
      after = placement.at + newSide(placement.reading.lines).length;
      // The tree already has the lines of this hunk, so later hunks have no offset from it.
      const { lines } = placement.reading;
      grown += newSide(lines).length - oldSide(lines).length;
    } else {
      work.readings.push(hunk.reading);
    }
  }
}

function resultOf(hunk: Hunk, placement: Placement, text: FileText, path: string, start: number): HunkResult {
  const base = { file: path, header: hunk.header };
  if (placement.kind === "failed") return { ...base, status: "failed", line: text.treeLine(placement.at), detail: placement.detail };
  const first = placement.kind === "found" ? placement.at - placement.prefix : placement.at;
  const line = text.treeLine(first);
  const offset = first - start;
  const off = offset === 0 ? {} : { offset };
  if (placement.kind === "already") return { ...base, status: "already-applied", line, ...off };
  const fuzz = Math.max(placement.prefix, placement.suffix);
  const detail = placement.detail === undefined ? {} : { detail: placement.detail };
  if (fuzz > 0) return { ...base, status: "fuzz", line, ...off, fuzz, ...detail };
  return { ...base, status: offset === 0 ? "applied" : "offset", line, ...off, ...detail };
}

/** Inserts a placed hunk into the text. Context lines are the tree's. */
function applyPlaced(
  work: Work,
  target: OpenFile,
  hunk: Hunk,
  placement: Placement & { readonly kind: "found" },
): { readonly lines: number; readonly replaced: number } {
  const { text } = target;
  const { reading, prefix, suffix } = placement;
  const core = reading.lines.slice(prefix, reading.lines.length - suffix);
  const evidence = new Evidence();
  const lines: FileLine[] = [];
  const deleted: number[] = [];
  let at = placement.at;
  for (const line of core) {
    if (line.kind === "add") {
      lines.push({ text: line.text, key: lineKey(line.text), origin: 0, hunk: hunk.index });
      continue;
    }
    const there = text.lines[at];
    at += 1;
    if (there === undefined) continue;
    if (there.text.trimEnd() !== line.text.trimEnd()) {
      if (there.text.includes("@") && !line.text.includes("@")) work.addresses += 1;
      else work.retabbed += 1;
    }
    evidence.add(line.text, there.text);
    if (line.kind === "context") lines.push(there);
    else {
      work.twins.add(there.text);
      if (there.origin > 0) deleted.push(there.origin);
    }
  }
  const replaced = at - placement.at;
  const atEnd = at >= text.lines.length;
  text.replace(placement.at, replaced, lines);
  if (atEnd && suffix === 0) {
    const last = newSide(core)[newSide(core).length - 1];
    const lastOld = oldSide(core)[oldSide(core).length - 1];
    if (last?.noNewline === true) text.finalNewline = false;
    else if (lastOld?.noNewline === true || target.before === undefined) text.finalNewline = true;
  }
  work.readings.push(reading);
  work.evidence.set(hunk.index, evidence);
  work.deleted.set(hunk.index, deleted);
  return { lines: lines.length, replaced };
}

function createFile(work: Work, file: FilePatch, hunks: readonly Hunk[], strip: number): void {
  const path = file.newPath === undefined ? undefined : stripped(file.newPath, strip);
  if (path === undefined) {
    missingFile(work, file, hunks, strip);
    return;
  }
  const target = open(work, path);
  if (target.text.lines.length > 0) {
    work.touched = true;
    for (const hunk of hunks) {
      const keys = newSide(hunk.reading.lines)
        .map((line) => lineKey(line.text))
        .join("\n");
      const same = target.text.keys().join("\n") === keys;
      const base = { file: path, header: hunk.header, line: 1 };
      work.readings.push(hunk.reading);
      work.results.push(
        same
          ? { ...base, status: "already-applied" }
          : { ...base, status: "failed", detail: "the patch creates this file, but it exists in the tree with different content" },
      );
    }
    return;
  }
  applyHunks(work, target, hunks, path);
  target.deleted = false;
  work.notes.push(`created: ${path}`);
}

function missingFile(work: Work, file: FilePatch, hunks: readonly Hunk[], strip: number): void {
  const written = file.oldPath ?? file.newPath ?? "?";
  const path = stripped(written, strip);
  const detail = path === undefined ? "the path leads outside the tree" : "no such file in the tree";
  for (const hunk of hunks) {
    work.readings.push(hunk.reading);
    work.results.push({ file: path ?? written, header: hunk.header, status: "failed", line: Math.max(1, hunk.oldStart), detail });
  }
}

function open(work: Work, path: string): OpenFile {
  const known = work.open.get(path);
  if (known !== undefined) return known;
  const before = work.tree.read(path);
  const file: OpenFile = { text: new FileText(before ?? ""), before, deleted: before === undefined };
  work.open.set(path, file);
  return file;
}

/** Number of leading folders to strip from this patch's paths: from the first file found in the tree, otherwise git's 1. */
function usualStrip(files: readonly FilePatch[], tree: SourceTree): number {
  for (const file of files) {
    for (const written of [file.oldPath, file.newPath]) {
      const found = written === undefined ? undefined : strips(written).find((n) => exists(tree, stripped(written, n)));
      if (found !== undefined) return found;
    }
  }
  const first = files[0]?.newPath ?? files[0]?.oldPath ?? "";
  return /^[abciow]\//.test(first) ? 1 : 0;
}

function exists(tree: SourceTree, path: string | undefined): boolean {
  return path !== undefined && tree.exists(path);
}

/**
 * The usual ones first: -p1 if the path has git's prefix, otherwise -p0, then more and more folders. At least one folder
 * is kept, or `drivers/x/Makefile` of another tree would be taken for this tree's Makefile.
 */
function strips(path: string): readonly number[] {
  const folders = Math.min(path.split("/").length - 1, 16);
  const usual = /^([abciow]|linux[^/]*)\//.test(path) ? [1, 0] : [0];
  const more = Array.from({ length: folders }, (_, i) => i + 1).filter((n) => n < folders && !usual.includes(n));
  return [...usual, ...more];
}

function stripped(path: string, count: number): string | undefined {
  const parts = path.split("/");
  return parts.includes("..") || path.startsWith("/") ? undefined : normalPath(parts.slice(Math.min(count, parts.length - 1)).join("/"));
}

function pathInTree(work: Work, file: FilePatch): string | undefined {
  const there = (path: string | undefined): path is string => {
    if (path === undefined) return false;
    const known = work.open.get(path);
    return known === undefined ? work.tree.exists(path) : !known.deleted;
  };
  for (const written of [file.oldPath, file.newPath]) {
    if (written === undefined) continue;
    for (const count of strips(written)) {
      const path = stripped(written, count);
      if (there(path)) return path;
    }
  }
  return undefined;
}

/** Restores white space of all added lines, once all hunks are placed. */
function restoreAll(work: Work): number {
  const verdicts = new Map<Damage, number>();
  for (const evidence of work.evidence.values()) {
    const verdict = evidence.verdict();
    if (verdict !== undefined) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  }
  const usual = [...verdicts].sort((a, b) => b[1] - a[1])[0]?.[0];
  const damage = new Map<number, Damage>();
  for (const [hunk, evidence] of work.evidence) damage.set(hunk, evidence.verdict() ?? usual ?? "intact");
  let restored = 0;
  for (const [path, file] of work.open) {
    if (!file.deleted && /\.[chS]$/.test(path)) restored += restoreWhitespace(file.text, damage, work.twins);
  }
  return restored;
}
