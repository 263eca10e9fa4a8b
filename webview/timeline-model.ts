// Everything the timeline draws of one result, prepared once: rows, marks, spans, axis, and the moments where the
// arrow keys stop. Pure; knows neither pixels nor the DOM.

import type { ReviewResult, Span, VariantName, VariantResult } from "../engine/protocol.js";
import { busyTimes, firstMoment, lastMoment, marksOf, rowsOf, variantsOf, type Mark, type Row } from "./marks.js";
import { readingAt } from "./occupancy.js";
import { activityWarp, linearWarp, type Warp } from "./warp.js";

/** A span, or several of one kind and name that follow each other closely: `msleep × 56`. */
export interface DrawnSpan extends Span {
  readonly count: number;
}

export interface VariantModel {
  readonly name: VariantName;
  readonly result: VariantResult;
  readonly marks: readonly Mark[];
  readonly spans: ReadonlyMap<number, readonly DrawnSpan[]>;
}

export interface Model {
  readonly variants: readonly VariantModel[];
  readonly rows: readonly Row[];
  readonly activity: Warp;
  readonly linear: Warp;
  /** Where the story starts; before it the machine boots. */
  readonly first: number;
  /** Top of the curve's scale. */
  readonly most: number;
  /** Sorted, distinct moments at which something happens in either variant. */
  readonly stops: Float64Array;
}

export function modelOf(result: ReviewResult): Model {
  const variants = variantsOf(result).flatMap((name): VariantModel[] => {
    const variant = result[name];
    return variant === undefined ? [] : [{ name, result: variant, marks: marksOf(name, variant), spans: spansByThread(variant.timeline.spans) }];
  });
  const end = lastMoment(result);
  const moments = new Set<number>();
  for (const { marks, result: variant } of variants) {
    for (const { t } of marks) moments.add(t);
    for (const { t } of variant.occupancy) moments.add(t);
  }
  return {
    variants,
    rows: rowsOf(result),
    activity: activityWarp(busyTimes(result), 0, end),
    linear: linearWarp(0, end),
    first: firstMoment(result),
    most: Math.max(1, ...variants.map(({ result: variant }) => variant.peak)),
    stops: Float64Array.from(moments).sort(),
  };
}

/** Phases are the ground; what the thread does in them lies above. */
const drawingRank: Readonly<Record<Span["kind"], number>> = { phase: 0, dead: 1, run: 2, sleep: 3, lock: 4 };

/** Spans by thread, in drawing order: what is inside another comes after it. */
function spansByThread(spans: readonly Span[]): ReadonlyMap<number, readonly DrawnSpan[]> {
  const threads = new Map<number, Span[]>();
  for (const span of spans) {
    const own = threads.get(span.thread);
    if (own === undefined) threads.set(span.thread, [span]);
    else own.push(span);
  }
  return new Map(
    [...threads].map(([thread, own]) => [
      thread,
      joinRepeated(own.sort((a, b) => drawingRank[a.kind] - drawingRank[b.kind] || a.start - b.start || b.end - a.end)),
    ]),
  );
}

/** A pause between two repetitions may be up to a quarter of their length. */
function joinRepeated(spans: readonly Span[]): readonly DrawnSpan[] {
  const joined: DrawnSpan[] = [];
  const lastOfKind = new Map<string, number>();
  for (const span of spans) {
    const key = `${span.kind} ${span.name} ${span.site?.function ?? ""}`;
    const at = lastOfKind.get(key);
    const last = at === undefined ? undefined : joined[at];
    if (at !== undefined && last !== undefined && (span.kind === "sleep" || span.kind === "lock") && span.start - last.end <= (span.end - span.start) / 4)
      joined[at] = { ...last, end: Math.max(last.end, span.end), count: last.count + 1 };
    else {
      lastOfKind.set(key, joined.length);
      joined.push({ ...span, count: 1 });
    }
  }
  return joined;
}

/** Index of the first element greater than `t` in sorted `stops`. */
export function after(stops: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stops[middle] ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function nextStop(model: Model, t: number): number | undefined {
  return model.stops[after(model.stops, t)];
}

export function previousStop(model: Model, t: number): number | undefined {
  let at = after(model.stops, t) - 1;
  while (at >= 0 && (model.stops[at] ?? t) >= t) at--;
  return model.stops[at];
}

export interface Figures {
  readonly mapped: number;
  readonly bits: number;
}

export function figuresAt(variant: VariantModel, t: number): Figures {
  const reading = readingAt(variant.result.occupancy, t);
  return { mapped: reading?.mapped ?? 0, bits: reading?.bits ?? 0 };
}

/** Marks with `from` <= t <= `to`. */
export function marksWithin(marks: readonly Mark[], from: number, to: number): readonly Mark[] {
  let low = 0;
  let high = marks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((marks[middle]?.t ?? Infinity) < from) low = middle + 1;
    else high = middle;
  }
  let end = low;
  while (end < marks.length && (marks[end]?.t ?? Infinity) <= to) end++;
  return marks.slice(low, end);
}
