// Reading a hunk's body. A sound body has one reading: signs decide, counts end it. A damaged one (blanks lost, lines
// wrapped, empty lines dropped, reply text between) may have several that make the counts come out; the cheapest come
// first and the tree has the last word. It must not know the tree itself.

import type { HunkLine, LineRepair, RawLine, Reading } from "./types.js";

export interface Counts {
  readonly oldCount: number;
  readonly newCount: number;
}

/** How reading by signs ended: `left` are the lines the header promises and the text lacks. */
export type StrictReading =
  | { readonly complete: true; readonly reading: Reading; readonly used: number }
  | {
      readonly complete: false;
      readonly used: number;
      readonly left: Counts;
      readonly lines: readonly HunkLine[];
      readonly skipped: number;
      readonly sound: boolean;
    };

/** Reads by signs alone; a line without a sign is a context line that lost its blank, an empty one likewise. */
export function readStrictly(raw: readonly RawLine[], counts: Counts): StrictReading {
  const lines: HunkLine[] = [];
  let { oldCount, newCount } = counts;
  let skipped = 0;
  // Every line so far bore a sign: then a wrong count is the header's fault, not the text's.
  let sound = true;
  let at = 0;
  for (; at < raw.length; at += 1) {
    const source = raw[at];
    if (source === undefined) break;
    if (source.outside) {
      if (oldCount > 0 || newCount > 0) skipped += source.text.trim() === "" ? 0 : 1;
      continue;
    }
    if (source.text.startsWith("\\ ")) {
      const last = lines.pop();
      if (last !== undefined) lines.push({ ...last, noNewline: true });
      continue;
    }
    if (oldCount === 0 && newCount === 0) break;
    const sign = source.text[0];
    if (sign === "+" && newCount > 0) {
      lines.push({ kind: "add", text: source.text.slice(1), line: source.line });
      newCount -= 1;
    } else if (sign === "-" && oldCount > 0) {
      lines.push({ kind: "delete", text: source.text.slice(1), line: source.line });
      oldCount -= 1;
    } else if (sign !== "+" && sign !== "-" && oldCount > 0 && newCount > 0) {
      lines.push(contextLine(source));
      if (sign !== " " && sign !== undefined) sound = false;
      oldCount -= 1;
      newCount -= 1;
    } else {
      break;
    }
  }
  if (oldCount === 0 && newCount === 0) return { complete: true, reading: { lines, skipped, sure: true }, used: at };
  return { complete: false, used: at, left: { oldCount, newCount }, lines, skipped, sound };
}

function contextLine(source: RawLine): HunkLine {
  const { text, line } = source;
  if (text === "") return { kind: "context", text, line, repair: "empty" };
  if (text.startsWith(" ")) return { kind: "context", text: text.slice(1), line };
  return { kind: "context", text, line, repair: "blank" };
}

/** Where the header's counts are wrong but each line bears a sign: the lines themselves, up to the first that has none. */
export function readBySigns(raw: readonly RawLine[]): Reading | undefined {
  const lines: HunkLine[] = [];
  for (const source of raw) {
    if (source.outside) return undefined;
    const sign = source.text[0];
    if (sign === "+") lines.push({ kind: "add", text: source.text.slice(1), line: source.line });
    else if (sign === "-") lines.push({ kind: "delete", text: source.text.slice(1), line: source.line });
    else if (sign === " " || sign === "\t" || sign === undefined) lines.push(contextLine(source));
    else if (!source.text.startsWith("\\ ")) return undefined;
  }
  // Empty lines at the end stand between the hunk and what follows it.
  while (lines[lines.length - 1]?.repair === "empty") lines.pop();
  return lines.length === 0 ? undefined : { lines, skipped: 0, sure: true, corrected: true };
}

/** Bounds of the search: a hunk that needs more is read no other way than by its signs. */
const MAX_HUNK_LINES = 1500;
const MAX_STEPS = 20_000;
const MAX_COST = 24;
const MAX_READINGS = 24;
const MAX_VISITS = 6;

export interface Limits {
  /** Dropped empty lines that may be put back. */
  readonly inserted: number;
  /** Whether a line with + or - may be context that lost its blank. */
  readonly sign: boolean;
}

/** What the tree will confirm or refute anyway. */
export const NO_LIMITS: Limits = { inserted: 4, sign: true };

interface Node {
  readonly at: number;
  readonly oldLeft: number;
  readonly newLeft: number;
  readonly cost: number;
  readonly previous: Node | undefined;
  readonly step: Step | undefined;
  readonly inserted: number;
}

type Step = "add" | "delete" | "context" | "sign" | "join" | "skip" | "insert" | "mark";

/**
 * Readings that make the counts come out, cheapest first: at every line the search weighs a sign against a wrapped line,
 * a lost blank, a line of reply text, and a dropped empty line. `limits` keeps a torn mail from passing for a damaged one.
 */
export function otherReadings(raw: readonly RawLine[], counts: Counts, limits: Limits): readonly Reading[] {
  if (counts.oldCount + counts.newCount > MAX_HUNK_LINES) return [];
  const buckets: Node[][] = Array.from({ length: MAX_COST + 1 }, () => []);
  buckets[0]?.push({ at: 0, oldLeft: counts.oldCount, newLeft: counts.newCount, cost: 0, previous: undefined, step: undefined, inserted: 0 });
  const visits = new Map<number, number>();
  const readings: Reading[] = [];
  const seen = new Set<string>();
  let steps = 0;
  for (const bucket of buckets) {
    // Newest first: a path that fits is followed to its end before its rivals of equal cost.
    for (let node = bucket.pop(); node !== undefined; node = bucket.pop()) {
      steps += 1;
      if (steps > MAX_STEPS || readings.length >= MAX_READINGS) return readings;
      if (node.oldLeft === 0 && node.newLeft === 0) {
        const reading = readingOf(node, raw);
        const key = reading.lines.map((line) => `${line.kind} ${line.text}`).join("\n");
        if (!seen.has(key)) readings.push(reading);
        seen.add(key);
        continue;
      }
      const state = (node.at * (MAX_HUNK_LINES + 1) + node.oldLeft) * (MAX_HUNK_LINES + 1) + node.newLeft;
      const visited = visits.get(state) ?? 0;
      if (visited >= MAX_VISITS) continue;
      visits.set(state, visited + 1);
      // Pushed dearest first, so that the likeliest of equal cost is popped first.
      for (const [step, cost] of stepsAt(raw[node.at], node, limits)) {
        const next = node.cost + cost;
        if (next > MAX_COST) continue;
        const takesOld = step === "delete" || step === "context" || step === "sign" || step === "insert" ? 1 : 0;
        const takesNew = step === "add" || step === "context" || step === "sign" || step === "insert" ? 1 : 0;
        if (node.oldLeft < takesOld || node.newLeft < takesNew) continue;
        buckets[next]?.push({
          at: node.at + (step === "insert" ? 0 : 1),
          oldLeft: node.oldLeft - takesOld,
          newLeft: node.newLeft - takesNew,
          cost: next,
          previous: node,
          step,
          inserted: node.inserted + (step === "insert" ? 1 : 0),
        });
      }
    }
  }
  return readings;
}

function stepsAt(source: RawLine | undefined, node: Node, limits: Limits): readonly (readonly [Step, number])[] {
  const steps: (readonly [Step, number])[] = [];
  if (node.inserted < limits.inserted && node.step !== "insert") steps.push(["insert", 5]);
  if (source === undefined) return steps;
  const { text } = source;
  if (source.outside) {
    if (text.trim() === "") steps.push(["context", 3]);
    else if (node.at > 0) steps.push(["join", 3]);
    steps.push(["skip", 0]);
  } else if (text.startsWith("\\ ")) {
    steps.push(["mark", 0]);
  } else if (text.startsWith("+") || text.startsWith("-")) {
    steps.push(["join", 5]);
    if (limits.sign) steps.push(["sign", 4]);
    steps.push([text.startsWith("+") ? "add" : "delete", 0]);
  } else if (text === "") {
    steps.push(["skip", 2], ["context", 0]);
  } else if (text.startsWith(" ") || text.startsWith("\t")) {
    steps.push(["skip", 6], ["join", 4], ["context", 0]);
  } else {
    steps.push(["skip", 5], ["join", 2], ["context", 1]);
  }
  return steps;
}

function readingOf(end: Node, raw: readonly RawLine[]): Reading {
  const path: Node[] = [];
  for (let node: Node | undefined = end; node !== undefined; node = node.previous) path.push(node);
  path.reverse();
  const lines: HunkLine[] = [];
  let skipped = 0;
  let from = path[0];
  for (const node of path.slice(1)) {
    const source = raw[from?.at ?? 0];
    from = node;
    const text = source?.text ?? "";
    const line = source?.line ?? 0;
    switch (node.step) {
      case "add":
      case "delete":
        lines.push({ kind: node.step, text: text.slice(1), line });
        break;
      case "context":
        lines.push(contextLine({ text, line, outside: false }));
        break;
      case "sign":
        lines.push(repaired("context", text, line, "sign"));
        break;
      case "insert":
        lines.push(repaired("context", "", line, "inserted"));
        break;
      case "join": {
        const last = lines.pop();
        if (last !== undefined) lines.push({ ...last, text: `${last.text.trimEnd()} ${text.trim()}`, repair: "joined" });
        break;
      }
      case "mark": {
        const last = lines.pop();
        if (last !== undefined) lines.push({ ...last, noNewline: true });
        break;
      }
      case "skip":
        if (text.trim() !== "") skipped += 1;
        break;
      case undefined:
        break;
    }
  }
  return { lines, skipped, sure: false };
}

function repaired(kind: HunkLine["kind"], text: string, line: number, repair: LineRepair): HunkLine {
  return { kind, text, line, repair };
}

/** The repairs of hunk lines in words, with counts. */
export function lineRepairs(readings: readonly Reading[]): readonly string[] {
  const count: Record<LineRepair, number> = { blank: 0, empty: 0, joined: 0, inserted: 0, sign: 0 };
  let skipped = 0;
  let corrected = 0;
  for (const reading of readings) {
    skipped += reading.skipped;
    if (reading.corrected === true) corrected += 1;
    for (const line of reading.lines) {
      if (line.repair !== undefined) count[line.repair] += 1;
    }
  }
  const texts: string[] = [];
  const say = (n: number, what: string): void => {
    if (n > 0) texts.push(`${linesText(n)}: ${what}`);
  };
  say(count.blank, "leading space restored");
  say(count.empty, "leading space of empty context line restored");
  say(count.joined, "wrapped line joined");
  say(count.inserted, "dropped empty line restored");
  say(count.sign, "context line starting with + or -");
  say(skipped, "reply text between patch lines ignored");
  if (corrected > 0) texts.push(`${corrected === 1 ? "1 hunk" : `${String(corrected)} hunks`}: line counts in the header corrected`);
  return texts;
}

export function linesText(n: number): string {
  return n === 1 ? "1 line" : `${String(n)} lines`;
}
