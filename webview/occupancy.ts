// The table's readings as a step curve. Pure: units in, units out; where pixels come from is the caller's business.

import type { Occupancy } from "../engine/protocol.js";

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

/**
 * Corners of the step curve of `mapped` from `x(start)` to `x(end)`. At most two corners a pixel column survive: the
 * extremes, so that a spike is never lost to a coarse scale.
 */
export function stepCurve(
  readings: readonly Occupancy[],
  x: (t: number) => number,
  y: (mapped: number) => number,
  start: number,
  end: number,
): readonly Step[] {
  const corners: Step[] = [];
  let level = readingAt(readings, start)?.mapped ?? 0;
  corners.push({ x: x(start), y: y(level) });
  let column = Number.NaN;
  for (const reading of readings) {
    if (reading.t <= start || reading.mapped === level) continue;
    if (reading.t > end) break;
    const px = x(reading.t);
    const from = y(level);
    const to = y(reading.mapped);
    const last = corners[corners.length - 1];
    const before = corners[corners.length - 2];
    if (Math.round(px) === column && last !== undefined && before !== undefined && Math.sign(to - from) === Math.sign(last.y - before.y))
      corners[corners.length - 1] = { x: last.x, y: to };
    else corners.push({ x: px, y: from }, { x: px, y: to });
    column = Math.round(px);
    level = reading.mapped;
  }
  corners.push({ x: x(end), y: y(level) });
  return corners;
}

export function svgPath(steps: readonly Step[]): string {
  return steps.map(({ x, y }, i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)} ${y.toFixed(1)}`).join(" ");
}
