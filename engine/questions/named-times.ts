// The times that a text names ("50ms", "120 seconds", "2 min"), each with its sentence, and the comments and strings
// that a patch adds. Must not know what the code does.

import type { PatchSet } from "../patch/index.js";

export interface NamedTime {
  readonly ns: number;
  /** As written. */
  readonly words: string;
  /** The sentence that contains it, as one line. */
  readonly sentence: string;
}

const units: Readonly<Record<string, number>> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 6e10, h: 3.6e12 };
const TIME =
  /(?<![\w.])(\d{1,9}(?:\.\d{1,3})?)[ \u00a0-]?(ns|nanosec(?:ond)?s?|us|µs|usecs?|microsec(?:ond)?s?|ms|msecs?|millisec(?:ond)?s?|s|secs?|seconds?|mins?|minutes?|h|hours?)(?![\w])/gi;

function unitOf(word: string): number {
  const w = word.toLowerCase();
  if (w.startsWith("ns") || w.startsWith("nano")) return units["ns"] ?? 1;
  if (w.startsWith("us") || w.startsWith("µs") || w.startsWith("micro")) return units["us"] ?? 1;
  if (w.startsWith("ms") || w.startsWith("milli")) return units["ms"] ?? 1;
  if (w.startsWith("min")) return units["min"] ?? 1;
  if (w.startsWith("h")) return units["h"] ?? 1;
  return units["s"] ?? 1;
}

/** Without lines of a kernel log: their times are moments, not lengths of a wait. */
function prose(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s*\[\s*\d+\.\d+\]/.test(line))
    .join("\n");
}

export function sentencesOf(text: string): readonly string[] {
  return prose(text)
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, " ").split(/(?<=[.!?:])\s+(?=[A-Z"'(])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

/** Each distinct time once, in the order of the text. */
export function namedTimes(text: string): readonly NamedTime[] {
  const found = new Map<number, NamedTime>();
  for (const sentence of sentencesOf(text))
    for (const m of sentence.matchAll(TIME)) {
      const ns = Number(m[1]) * unitOf(m[2] ?? "s");
      if (ns > 0 && !found.has(ns)) found.set(ns, { ns, words: m[0], sentence });
    }
  return [...found.values()];
}

/** Comments and string literals of the lines that the patch adds. */
export function addedWords(patch: PatchSet): string {
  const added = patch.hunks.map((hunk) =>
    hunk.reading.lines
      .filter((line) => line.kind === "add")
      .map((line) => line.text)
      .join("\n"),
  );
  return added
    .flatMap((text) => [
      ...[...text.matchAll(/\/\*([\s\S]*?)(?:\*\/|$)/g)].map((m) => (m[1] ?? "").replace(/^\s*\*+/gm, " ")),
      ...[...text.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map((m) => m[1] ?? ""),
    ])
    .join("\n\n");
}

/** The sentence that promises to wait for all of something: `until all the TCEs are unmapped`. */
export function untilAll(text: string): string | undefined {
  return sentencesOf(text).find((s) => /\b(?:until|till)\b[^.]*\b(?:all|every|each|no(?:ne)?)\b[^.]*\b(?:unmap|free|releas|gone|clear|left)/i.test(s));
}
