// The table's readings as a step curve. Thousands of readings are summarized in blocks, so that the cost of a curve
// depends on its columns and no spike is lost. Must not depend on pixels: the caller supplies the scales.

import type { Occupancy } from "../../engine/protocol.js";
import { firstAfter } from "./mark-series.js";

/** The last reading at or before `t`, by bisection; undefined before the first. */
export function readingAt(readings: readonly Occupancy[], t: number): Occupancy | undefined {
  let low = 0;
  let high = readings.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((readings[middle]?.t ?? Infinity) <= t) low = middle + 1;
    else high = middle;
  }
  return readings[low - 1];
}

export interface Step {
  readonly x: number;
  readonly y: number;
}

const BLOCK = 128;

export class Readings {
  readonly times: Float64Array;
  private readonly levels: Float64Array;
  /** Minimum and maximum of each block of readings. */
  private readonly least: Float64Array;
  private readonly most: Float64Array;

  constructor(readonly list: readonly Occupancy[]) {
    this.times = Float64Array.from(list, ({ t }) => t);
    this.levels = Float64Array.from(list, ({ mapped }) => mapped);
    const blocks = Math.ceil(list.length / BLOCK);
    this.least = new Float64Array(blocks).fill(Infinity);
    this.most = new Float64Array(blocks).fill(-Infinity);
    this.levels.forEach((level, i) => {
      const block = Math.floor(i / BLOCK);
      this.least[block] = Math.min(this.least[block] ?? level, level);
      this.most[block] = Math.max(this.most[block] ?? level, level);
    });
  }

  /** TCEs mapped at `t`. */
  level(t: number): number {
    return this.levels[firstAfter(this.times, t) - 1] ?? 0;
  }

  /** Minimum and maximum of the readings in the index range [from, to). */
  range(from: number, to: number): { readonly least: number; readonly most: number } {
    let least = Infinity;
    let most = -Infinity;
    for (let i = from; i < to;) {
      if (i % BLOCK === 0 && i + BLOCK <= to) {
        const block = i / BLOCK;
        least = Math.min(least, this.least[block] ?? Infinity);
        most = Math.max(most, this.most[block] ?? -Infinity);
        i += BLOCK;
      } else {
        const level = this.levels[i] ?? 0;
        least = Math.min(least, level);
        most = Math.max(most, level);
        i++;
      }
    }
    return { least, most };
  }

  /**
   * Corners of the step curve from `x(start)` to `x(end)`: every change if there is room, else the extremes of each
   * pixel column. `timeOf` is the inverse of `x`.
   */
  curve(x: (t: number) => number, timeOf: (x: number) => number, y: (mapped: number) => number, start: number, end: number): readonly Step[] {
    const corners: Step[] = [{ x: x(start), y: y(this.level(start)) }];
    const first = firstAfter(this.times, start);
    const last = firstAfter(this.times, end);
    const columns = Math.max(1, x(end) - x(start));
    let level = this.level(start);
    if (last - first <= 2 * columns) {
      for (let i = first; i < last; i++) {
        const next = this.levels[i] ?? 0;
        if (next === level) continue;
        const px = x(this.times[i] ?? 0);
        corners.push({ x: px, y: y(level) }, { x: px, y: y(next) });
        level = next;
      }
    } else {
      for (let i = first; i < last;) {
        const px = Math.floor(x(this.times[i] ?? 0));
        const until = Math.max(i + 1, Math.min(last, firstAfter(this.times, timeOf(px + 1))));
        const { least, most } = this.range(i, until);
        const leaves = this.levels[until - 1] ?? 0;
        corners.push({ x: px, y: y(level) }, { x: px, y: y(most) }, { x: px, y: y(least) }, { x: px, y: y(leaves) });
        level = leaves;
        i = until;
      }
    }
    corners.push({ x: x(end), y: y(level) });
    return corners;
  }
}

export function svgPath(steps: readonly Step[]): string {
  return steps.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(" ");
}
