// The text after each source line and the marks before it, from one variant's result and a moment of virtual time. A line
// where nothing happened has none. Must not depend on vscode.

import type { Finding, Frame, TimelineEvent, VariantResult } from "../../engine/protocol.js";
import { duration, findingPlace, returnCode } from "../base/index.js";

export interface LineNote {
  /** 1-based line of the text that was run. */
  readonly line: number;
  readonly text: string;
  readonly tone: "plain" | "warning" | "error";
}

export interface HeatLine {
  readonly line: number;
  readonly times: number;
  /** 1 (ran once) … 4 (ran a hundred times or more). */
  readonly level: 1 | 2 | 3 | 4;
}

interface Parts {
  figure: string;
  readonly calls: Map<string, { count: number; rc: number }>;
  readonly logged: Map<string, number>;
  readonly findings: { readonly finding: Finding; readonly place: Frame }[];
  readonly notes: string[];
  tone: LineNote["tone"];
}

/** Notes for `file` at moment `t`, sorted by line. */
export function lineNotes(variant: VariantResult, file: string, t: number): readonly LineNote[] {
  const lines = new Map<number, Parts>();
  const at = (site: Frame | undefined): Parts | undefined => {
    if (site?.file !== file || site.provided === true) return undefined;
    const known = lines.get(site.line);
    if (known !== undefined) return known;
    const parts: Parts = { figure: "", calls: new Map(), logged: new Map(), findings: [], notes: [], tone: "plain" };
    lines.set(site.line, parts);
    return parts;
  };

  noteOccupancy(variant, t, at);
  for (const event of variant.timeline.events) {
    if (event.t <= t) noteEvent(event, at);
  }
  noteSpans(variant, t, at);
  for (const finding of variant.findings) {
    if (finding.t <= t) noteFinding(finding, file, at);
  }

  return [...lines]
    .map(([line, parts]) => ({ line, text: sentence(parts), tone: parts.tone }))
    .filter((note) => note.text !== "")
    .sort((a, b) => a.line - b.line);
}

type At = (site: Frame | undefined) => Parts | undefined;

/** Each line shows the reading it caused; after another line causes a newer reading, it shows what it left. */
function noteOccupancy(variant: VariantResult, t: number, at: At): void {
  let mapped = 0;
  let bits = 0;
  let newest: Parts | undefined;
  for (const reading of variant.occupancy) {
    if (reading.t > t) break;
    const parts = at(reading.site);
    if (reading.mapped !== mapped) {
      if (newest !== undefined) newest.figure = `left ${mapped} mapped`;
      newest = parts;
      if (parts !== undefined) parts.figure = `${reading.mapped} mapped`;
    } else if (reading.bits !== bits && parts !== undefined) parts.figure = `${reading.bits} ${reading.bits === 1 ? "bit" : "bits"} set`;
    mapped = reading.mapped;
    bits = reading.bits;
  }
}

function noteEvent(event: TimelineEvent, at: At): void {
  switch (event.k) {
    case "hcall": {
      const parts = at(event.site);
      if (parts === undefined) return;
      const name = event.rc === 0 ? event.name : `${event.name} → ${returnCode(event.rc)}`;
      parts.calls.set(name, { count: (parts.calls.get(name)?.count ?? 0) + 1, rc: event.rc });
      if (event.rc !== 0) raise(parts, "warning");
      return;
    }
    case "log": {
      const parts = at(event.site);
      if (parts === undefined) return;
      const text = event.text.trim();
      parts.logged.set(text, (parts.logged.get(text) ?? 0) + 1);
      if (event.level <= 4) raise(parts, "warning");
      return;
    }
    // noteFinding handles findings, with their place in the code under review; the other events have no line.
    case "finding":
    case "rtas":
    case "map":
    case "unmap":
      return;
  }
}

function noteSpans(variant: VariantResult, t: number, at: At): void {
  for (const span of variant.timeline.spans) {
    if (span.kind !== "sleep" && span.kind !== "lock") continue;
    if (span.start > t || span.end <= t) continue;
    at(span.site)?.notes.push(`${span.kind === "sleep" ? "sleeping" : "waiting for a lock"} for ${duration(t - span.start)}`);
  }
}

function noteFinding(finding: Finding, file: string, at: At): void {
  const own = findingPlace(finding);
  const here = at(own);
  if (here !== undefined) {
    here.findings.push({ finding, place: own });
    raise(here, finding.severity === "oops" ? "error" : "warning");
  }
  for (const [event, word] of [
    [finding.freed, "freed"],
    [finding.allocated, "allocated"],
  ] as const) {
    const frame = event?.stack.find((f) => f.file === file && f.provided !== true);
    const parts = at(frame);
    const words = `${objectWords(finding)} ${word} here`;
    if (parts !== undefined && !parts.notes.includes(words)) parts.notes.push(words);
  }
}

/** If there is an oops, only the oopses; of several silent accesses on one line, only their number. */
function findingsWords(found: Parts["findings"]): readonly string[] {
  const oops = found.filter(({ finding }) => finding.severity === "oops");
  if (oops.length > 0) return oops.map(({ finding, place }) => findingWords(finding, place));
  const silent = found.filter(({ finding }) => finding.severity === "silent");
  const others = found.filter(({ finding }) => finding.severity !== "silent").map(({ finding, place }) => findingWords(finding, place));
  if (silent.length > 1)
    return [...others, `◆ ${silent.length} silent ${silent.every(({ finding }) => finding.kind === "use-after-free") ? "uses of freed memory" : "findings"}`];
  return [...others, ...silent.map(({ finding, place }) => findingWords(finding, place))];
}

function findingWords(finding: Finding, place: Frame): string {
  const elsewhere = place.function !== finding.function;
  const inside = elsewhere ? ` in ${finding.function}` : "";
  switch (finding.severity) {
    case "oops":
      return `✖ oops${inside}: ${kindWords(finding, elsewhere)}`;
    case "silent":
      return `◆ silent ${kindWords(finding, elsewhere)}${inside}`;
    case "warning":
      return `▲ ${kindWords(finding, elsewhere)}${inside}`;
  }
}

/** Includes the expression that was used, unless it is a callee's: that would be meaningless at the caller's line. */
function kindWords(finding: Finding, elsewhere: boolean): string {
  if (finding.kind !== "use-after-free") return finding.kind.replaceAll("-", " ");
  if (finding.access === undefined) return "use after free";
  const text = elsewhere ? "" : finding.access.text.replaceAll(/\((\w+)\)/g, "$1");
  return `${finding.access.type} of freed ${text === "" ? objectWords(finding) : text}`;
}

function objectWords(finding: Finding): string {
  switch (finding.object?.kind) {
    case "vmalloc":
      return "vmalloc'd memory";
    case "slab":
      return "slab object";
    case "pages":
      return "pages";
    case "global":
    case "stack":
    case "unknown":
    case undefined:
      return "memory";
  }
}

function raise(parts: Parts, tone: "warning" | "error"): void {
  if (parts.tone !== "error") parts.tone = tone;
}

const longest = 140;

function sentence(parts: Parts): string {
  const failed = [...parts.calls].filter(([, { rc }]) => rc !== 0).map(([name, { count }]) => `▲ ${times(name, count)}`);
  const passed = [...parts.calls].filter(([, { rc }]) => rc === 0).map(([name, { count }]) => times(name, count));
  const found = findingsWords(parts.findings.filter(({ finding }) => finding.kind !== "failed-hypercall" || failed.length === 0));
  // Next to a failure, calls that succeeded are noise; an oops makes its log lines redundant.
  const failure = failed.length > 0 || found.length > 0;
  const oops = parts.findings.some(({ finding }) => finding.severity === "oops");
  const words = [
    ...(parts.figure === "" ? [] : [parts.figure]),
    ...failed,
    ...found,
    ...new Set(parts.notes),
    ...(failure ? [] : passed),
    ...(oops ? [] : logWords(parts.logged)),
  ];
  const text = words.join(" · ");
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

function logWords(logged: Parts["logged"]): readonly string[] {
  const [first] = logged;
  if (first === undefined) return [];
  const [text, count] = first;
  return logged.size === 1 ? [times(`logs “${text}”`, count)] : [`logs ${logged.size} lines, “${text}” …`];
}

function times(text: string, count: number): string {
  return count === 1 ? text : `${text} × ${count}`;
}

/** Executed lines of `file`, with the level of their mark. */
export function heatLines(variant: VariantResult, file: string): readonly HeatLine[] {
  const lines = variant.coverage.find((entry) => entry.file === file)?.lines ?? [];
  return lines.filter(([, times]) => times > 0).map(([line, count]) => ({ line, times: count, level: heatLevel(count) }));
}

function heatLevel(times: number): HeatLine["level"] {
  if (times >= 100) return 4;
  if (times >= 10) return 3;
  return times > 1 ? 2 : 1;
}
