// The wait of a removal, read from a run's timeline: where the removing thread slept in the tree's code, how long each
// time, and what it printed meanwhile. Must not know which code is new.

import type { Frame, Span } from "../machine/index.js";
import type { VariantResult } from "../review/index.js";

export interface RemovalWait {
  /** The line of the tree that sleeps. */
  readonly site: Frame;
  readonly thread: number;
  readonly start: number;
  readonly end: number;
  /** Length of each sleep, ns, in order. */
  readonly pauses: readonly number[];
  /** Lines that the thread printed between `start` and `end`, the most frequent first. */
  readonly lines: readonly { readonly text: string; readonly times: number }[];
}

/** The longest wait of the thread that detaches, within the detach; undefined where it does not sleep in the tree's code. */
export function removalWait(v: VariantResult): RemovalWait | undefined {
  if (v.detach === null) return undefined;
  const { start, end } = v.detach;
  const last = end ?? v.timeline.end;
  const phase = v.timeline.spans.find(
    (s) => s.kind === "phase" && s.start <= start + 1 && s.end >= start && s.end >= last - 1 && s.name.includes("detach host"),
  );
  const bySite = new Map<string, Span[]>();
  for (const s of v.timeline.spans) {
    if (s.kind !== "sleep" || s.site === undefined || s.site.provided === true || s.start < start || s.end > last) continue;
    if (phase !== undefined && s.thread !== phase.thread) continue;
    const key = `${String(s.thread)} ${s.site.function}`;
    const own = bySite.get(key);
    if (own === undefined) bySite.set(key, [s]);
    else own.push(s);
  }
  const total = (spans: readonly Span[]): number => spans.reduce((sum, s) => sum + s.end - s.start, 0);
  const longest = [...bySite.values()].sort((a, b) => total(b) - total(a))[0];
  const first = longest?.[0];
  if (longest === undefined || first?.site === undefined) return undefined;
  const until = longest[longest.length - 1]?.end ?? first.end;
  const lines = new Map<string, number>();
  for (const e of v.timeline.events)
    if (e.k === "log" && e.thread === first.thread && e.t >= start && e.t <= until) lines.set(e.text, (lines.get(e.text) ?? 0) + 1);
  return {
    site: first.site,
    thread: first.thread,
    start: first.start,
    end: until,
    pauses: longest.map((s) => s.end - s.start),
    lines: [...lines].map(([text, times]) => ({ text, times })).sort((a, b) => b.times - a.times),
  };
}

/** How long the wait lasts while nothing is released; undefined where the removal does not return within the run. */
export function waitLimit(v: VariantResult, wait: RemovalWait): number | undefined {
  return v.detach?.end === null ? undefined : wait.end - wait.start;
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? 0;
}
