// The place of a hunk in a file: an exact match of its content, otherwise already applied, otherwise with up to three outer
// context lines ignored (fuzz, as in patch(1)), otherwise the nearest place and what differs there. Changes nothing.

import type { FileText } from "./file-text.js";
import { findAll, lineKey, nearestPlace, sameSection, sectionAbove } from "./match.js";
import { NO_LIMITS, otherReadings } from "./reading.js";
import type { Hunk, HunkLine, Reading } from "./types.js";

export type Placement =
  | {
      readonly kind: "found";
      /** Index of the first line that is matched, and the lines of the reading left out at its start and end. */
      readonly at: number;
      readonly prefix: number;
      readonly suffix: number;
      readonly reading: Reading;
      readonly detail?: string;
    }
  | { readonly kind: "already"; readonly at: number; readonly reading: Reading }
  | { readonly kind: "failed"; readonly at: number; readonly detail: string };

export interface Surroundings {
  /** Expected index of the hunk, from its header and the hunks before it. */
  readonly expected: number;
  /** Index after the last hunk applied to this file: hunks are in order. */
  readonly after: number;
  /** Whether an earlier hunk of the patch added a line: another hunk cannot match it. */
  readonly taken: (at: number) => boolean;
  /** Remaining line comparisons: a patch of absurd size ends the search, not the editor. */
  readonly budget: { left: number };
}

const MAX_PLACES = 200;
/** Limit of line comparisons for other readings of a hunk. */
const READINGS_COST = 200_000;

export function placeHunk(hunk: Hunk, file: FileText, around: Surroundings): Placement {
  const first = findReading(hunk, hunk.reading, file, around);
  if (first !== undefined) return first;
  around.budget.left -= READINGS_COST;
  if (around.budget.left > 0) {
    for (const reading of otherReadings(hunk.raw, hunk, NO_LIMITS)) {
      const found = findReading(hunk, reading, file, around);
      if (found !== undefined) return found;
    }
  }
  if (hunk.reading.sure) {
    const fuzzy = findWithFuzz(hunk, file, around);
    if (fuzzy !== undefined) return fuzzy;
  }
  return failure(hunk.reading, file, around);
}

export function oldSide(lines: readonly HunkLine[]): readonly HunkLine[] {
  return lines.filter((line) => line.kind !== "add");
}

export function newSide(lines: readonly HunkLine[]): readonly HunkLine[] {
  return lines.filter((line) => line.kind !== "delete");
}

function keysOf(lines: readonly HunkLine[]): readonly string[] {
  return lines.map((line) => lineKey(line.text));
}

function findReading(hunk: Hunk, reading: Reading, file: FileText, around: Surroundings): Placement | undefined {
  const old = keysOf(oldSide(reading.lines));
  if (old.length === 0) {
    // Without context only the line number identifies the place (diff -U0).
    const at = Math.min(around.expected, file.lines.length);
    const done = findNewSide(hunk, reading, file, around);
    return done?.at === at ? done : { kind: "found", at, prefix: 0, suffix: 0, reading };
  }
  const places = search(old, file, around, hunk.section);
  const best = choose(places, hunk, file, around);
  if (best === undefined) return findNewSide(hunk, reading, file, around);
  if (whitespaceApplied(reading, file, best)) return { kind: "already", at: best, reading };
  const found: Placement = { kind: "found", at: best, prefix: 0, suffix: 0, reading };
  if (hunk.section === "" || best === around.expected || inSection(hunk, file, best)) return several(found, places, file, hunk);
  // It matches, but in another function. If its result is in the right function, it is already applied.
  const done = findNewSide(hunk, reading, file, around);
  return done !== undefined && inSection(hunk, file, done.at) ? done : several(found, places, file, hunk);
}

/** A change of white space alone matches before and after; then the white space itself tells which of the two the tree has. */
function whitespaceApplied(reading: Reading, file: FileText, at: number): boolean {
  const after = newSide(reading.lines);
  const old = oldSide(reading.lines);
  if (old.length !== after.length || old.some((line, i) => lineKey(line.text) !== lineKey(after[i]?.text ?? ""))) return false;
  return reading.lines.some((line) => line.kind !== "context") && after.every((line, i) => file.lines[at + i]?.text.trimEnd() === line.text.trimEnd());
}

function several(found: Placement & { readonly kind: "found" }, places: readonly number[], file: FileText, hunk: Hunk): Placement {
  if (places.length < 2) return found;
  const how =
    hunk.section !== "" && inSection(hunk, file, found.at)
      ? "the match in the function named by its header was used"
      : "the match closest to its line number was used";
  return { ...found, detail: `matches at ${String(places.length)} places; ${how}` };
}

function findNewSide(hunk: Hunk, reading: Reading, file: FileText, around: Surroundings): (Placement & { readonly kind: "already" }) | undefined {
  const changed = reading.lines.some((line) => line.kind !== "context");
  const after = keysOf(newSide(reading.lines));
  // A few lines that stand anywhere prove nothing.
  if (!changed || after.filter((key) => key.length > 2).length < 2) return undefined;
  const at = choose(search(after, file, around, hunk.section), hunk, file, around);
  return at === undefined ? undefined : { kind: "already", at, reading };
}

function search(keys: readonly string[], file: FileText, around: Surroundings, section: string): readonly number[] {
  const hay = file.keys();
  const fits = (at: number): boolean => at >= 0 && at + keys.length <= hay.length && keys.every((key, i) => hay[at + i] === key && !around.taken(at + i));
  const { expected } = around;
  if (fits(expected) && (section === "" || sameSection(section, sectionAbove(file.texts(), expected)))) return [expected];
  around.budget.left -= hay.length + keys.length;
  if (around.budget.left < 0) return fits(expected) ? [expected] : [];
  return findAll(keys, hay)
    .filter((at) => keys.every((_, i) => !around.taken(at + i)))
    .slice(0, MAX_PLACES);
}

function choose(places: readonly number[], hunk: Hunk, file: FileText, around: Surroundings): number | undefined {
  if (places.length < 2) return places[0];
  const rank = (at: number): number => (at >= around.after ? 2 : 0) + (inSection(hunk, file, at) ? 1 : 0);
  let best: { readonly at: number; readonly rank: number; readonly distance: number } | undefined;
  for (const at of places) {
    const candidate = { at, rank: rank(at), distance: Math.abs(at - around.expected) };
    if (best === undefined || candidate.rank > best.rank || (candidate.rank === best.rank && candidate.distance < best.distance)) best = candidate;
  }
  return best?.at;
}

function inSection(hunk: Hunk, file: FileText, at: number): boolean {
  return hunk.section !== "" && sameSection(hunk.section, sectionAbove(file.texts(), at));
}

function findWithFuzz(hunk: Hunk, file: FileText, around: Surroundings): Placement | undefined {
  const { reading } = hunk;
  const { lines } = reading;
  const leading = lines.findIndex((line) => line.kind !== "context");
  if (leading < 0) return undefined;
  let trailing = 0;
  while (lines[lines.length - 1 - trailing]?.kind === "context") trailing += 1;
  for (const [prefix, suffix] of TRIMS) {
    if (prefix > leading || suffix > trailing) continue;
    const core = lines.slice(prefix, lines.length - suffix);
    const at = onlyPlace(oldSide(core), prefix, hunk, file, around);
    if (at !== undefined) return { kind: "found", at, prefix, suffix, reading, detail: differences(lines, file, at - prefix, prefix, suffix) };
    // That lines are gone proves nothing where the context is in doubt as well; lines that were added do.
    if (!core.some((line) => line.kind === "add" && lineKey(line.text).length > 2)) continue;
    const done = onlyPlace(newSide(core), prefix, hunk, file, around);
    if (done !== undefined && (hunk.section === "" || inSection(hunk, file, done - prefix))) return { kind: "already", at: done - prefix, reading };
  }
  return undefined;
}

/** Lines left out at the start and end, the fewest first. All three of one side only if the other side is whole. */
const TRIMS: readonly (readonly [prefix: number, suffix: number])[] = [
  [1, 0],
  [0, 1],
  [1, 1],
  [2, 0],
  [0, 2],
  [2, 1],
  [1, 2],
  [2, 2],
  [3, 0],
  [0, 3],
];

/** Fuzz and several places together would be a guess, and what is left has to say something: two lines that are more than a brace. */
function onlyPlace(core: readonly HunkLine[], prefix: number, hunk: Hunk, file: FileText, around: Surroundings): number | undefined {
  const keys = keysOf(core);
  if (keys.filter((key) => key.length > 2).length < 2 || !core.some((line) => line.kind === "context")) return undefined;
  const places = search(keys, file, around, hunk.section);
  const inside = places.filter((at) => inSection(hunk, file, at - prefix));
  const rivals = inside.length > 0 ? inside : places;
  return rivals.length === 1 ? rivals[0] : undefined;
}

function differences(lines: readonly HunkLine[], file: FileText, at: number, prefix: number, suffix: number): string {
  const old = oldSide(lines);
  const texts = old.flatMap((line, i) => (i < prefix || i >= old.length - suffix ? difference(line, file, at + i) : []));
  return `context differs: ${texts.join("; ")}`;
}

function difference(line: HunkLine, file: FileText, at: number): readonly string[] {
  const there = file.lines[at];
  if (there?.key === lineKey(line.text)) return [];
  const has = there === undefined ? "the file ends" : `the tree has \`${shown(there.text)}\``;
  return [`line ${String(file.treeLine(at))}: the patch has \`${shown(line.text)}\`, ${has}`];
}

function shown(text: string): string {
  const bare = text.trim().replace(/\s+/g, " ");
  return bare.length > 100 ? `${bare.slice(0, 99)}…` : bare;
}

function failure(reading: Reading, file: FileText, around: Surroundings): Placement {
  const old = oldSide(reading.lines);
  const keys = keysOf(old);
  around.budget.left -= file.lines.length;
  const at = around.budget.left < 0 ? undefined : nearestPlace(keys, file.keys(), around.expected);
  if (at === undefined) {
    const where = Math.max(0, Math.min(around.expected, file.lines.length - 1));
    const why = around.budget.left < 0 ? "not searched: the patch is too large" : "none of its lines is in the file";
    return { kind: "failed", at: where, detail: why };
  }
  const differing = old.flatMap((line, i) => difference(line, file, at + i));
  const more = differing.length > 4 ? `; and ${String(differing.length - 4)} more` : "";
  const from = Math.max(0, at);
  return {
    kind: "failed",
    at: from,
    detail: `closest match is line ${String(file.treeLine(from))}, where ${String(differing.length)} of ${String(old.length)} lines differ: ${differing.slice(0, 4).join("; ")}${more}`,
  };
}
