// Marks sorted by time, as numbers: a million of them are four arrays, and labels are built only for marks that are
// shown. Loud marks (failures) are kept apart, so that a crowd of others never hides them. Must not depend on pixels.

import type { TimelineEvent, VariantName, VariantResult } from "../../engine/protocol.js";
import { type Mark, markOf, toneOf } from "./marks.js";

/** Index of the first time that is not before `t`. */
export function firstAt(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) < t) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first time after `t`. */
export function firstAfter(times: ArrayLike<number>, t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class MarkSeries {
  readonly times: Float64Array;
  private readonly events: Uint32Array;

  /** @param which indices into the variant's events, in order of time */
  constructor(
    readonly variant: VariantName,
    private readonly result: VariantResult,
    which: Uint32Array,
  ) {
    const { events } = result.timeline;
    this.events = which;
    this.times = Float64Array.from(which, (i) => events[i]?.t ?? 0);
  }

  get length(): number {
    return this.events.length;
  }

  at(index: number): Mark | undefined {
    const event = this.event(index);
    return event === undefined ? undefined : markOf(this.variant, this.result, event);
  }

  event(index: number): TimelineEvent | undefined {
    return this.result.timeline.events[this.events[index] ?? -1];
  }

  /** Marks with `from` <= t <= `to`. */
  *within(from: number, to: number): Generator<Mark> {
    for (let i = firstAt(this.times, from); i < this.length && (this.times[i] ?? Infinity) <= to; i++) {
      const mark = this.at(i);
      if (mark !== undefined) yield mark;
    }
  }

  count(from: number, to: number): number {
    return Math.max(0, firstAfter(this.times, to) - firstAt(this.times, from));
  }

  /**
   * Visits the columns with marks, each with the index of its first mark. `edges` are the times at which columns begin,
   * followed by the time at which the last column ends.
   */
  columns(edges: Float64Array, visit: (column: number, index: number) => void): void {
    const last = edges.length - 1;
    const end = firstAt(this.times, edges[last] ?? 0);
    let i = firstAt(this.times, edges[0] ?? 0);
    let column = 0;
    while (i < end) {
      const t = this.times[i] ?? 0;
      while (column < last && (edges[column + 1] ?? Infinity) <= t) column++;
      if (column >= last) return;
      visit(column, i);
      i = this.gallop(i, edges[column + 1] ?? Infinity, end);
    }
  }

  /** The first index after `i` whose time is not before `t`, by galloping search: fast if it is near. */
  private gallop(i: number, t: number, end: number): number {
    let step = 1;
    let low = i + 1;
    while (low < end && (this.times[Math.min(end - 1, low + step)] ?? Infinity) < t) {
      low += step;
      step *= 2;
      if (low >= end - 1) break;
    }
    let high = Math.min(end, low + step + 1);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.times[middle] ?? Infinity) < t) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export interface Lane {
  readonly quiet: MarkSeries;
  readonly loud: MarkSeries;
}

/** All events of a variant by time, and the events of each lane. */
export function seriesOf(
  variant: VariantName,
  result: VariantResult,
  laneOf: (event: TimelineEvent) => number,
  lanes: number,
): { readonly all: MarkSeries; readonly lanes: readonly Lane[] } {
  const { events } = result.timeline;
  const order = Uint32Array.from(events, (_, i) => i);
  let sorted = true;
  for (let i = 1; i < events.length && sorted; i++) sorted = (events[i - 1]?.t ?? 0) <= (events[i]?.t ?? 0);
  if (!sorted) order.sort((a, b) => (events[a]?.t ?? 0) - (events[b]?.t ?? 0) || a - b);
  const buckets = Array.from({ length: 2 * lanes }, (): number[] => []);
  const shown: number[] = [];
  for (const i of order) {
    const event = events[i];
    if (event === undefined) continue;
    const lane = laneOf(event);
    if (lane < 0) continue;
    shown.push(i);
    buckets[2 * lane + (toneOf(result, event) === "plain" || event.k === "log" ? 0 : 1)]?.push(i);
  }
  const series = (list: readonly number[]): MarkSeries => new MarkSeries(variant, result, Uint32Array.from(list));
  return {
    all: series(shown),
    lanes: Array.from({ length: lanes }, (_, lane) => ({ quiet: series(buckets[2 * lane] ?? []), loud: series(buckets[2 * lane + 1] ?? []) })),
  };
}
