// Maps virtual time to a unit axis and back. A run has milliseconds full of events and seconds without any: the activity
// axis gives each interval room according to what happens in it, and stays monotone and exactly invertible.

export interface Warp {
  /** ns to 0…1, clamped. */
  toUnit(t: number): number;
  /** 0…1 to ns. */
  toTime(unit: number): number;
  readonly start: number;
  readonly end: number;
}

export function linearWarp(start: number, end: number): Warp {
  return piecewise([start, Math.max(end, start + 1)], [0, 1]);
}

/** Intervals shorter than this, in ns, get room in proportion to their length; longer ones to its logarithm. */
const resolution = 2_000;
/** Share of the axis that stays proportional to time, so that a long wait still looks long. */
const proportional = 0.25;
const mostKnots = 4_096;

/** @param times moments that deserve room, in any order */
export function activityWarp(times: readonly number[], start: number, end: number): Warp {
  const last = Math.max(end, start + 1);
  const inside = [...new Set(times.filter((t) => t > start && t < last))].sort((a, b) => a - b);
  const stride = Math.max(1, Math.ceil(inside.length / mostKnots));
  const knots = [start, ...inside.filter((_, i) => i % stride === 0), last];
  const room = knots.slice(1).map((t, i) => Math.log2(1 + (t - (knots[i] ?? start)) / resolution));
  const total = room.reduce((sum, part) => sum + part, 0);
  const units = [0];
  let passed = 0;
  room.forEach((part, i) => {
    passed += part;
    units.push((1 - proportional) * (passed / total) + proportional * (((knots[i + 1] ?? last) - start) / (last - start)));
  });
  units[units.length - 1] = 1;
  return piecewise(knots, units);
}

function piecewise(times: readonly number[], units: readonly number[]): Warp {
  const start = times[0] ?? 0;
  const end = times[times.length - 1] ?? 1;
  return {
    start,
    end,
    toUnit: (t) => interpolate(times, units, t),
    toTime: (unit) => interpolate(units, times, unit),
  };
}

function interpolate(from: readonly number[], to: readonly number[], value: number): number {
  const last = from.length - 1;
  if (value <= (from[0] ?? 0)) return to[0] ?? 0;
  if (value >= (from[last] ?? 0)) return to[last] ?? 0;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((from[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  const a = from[low] ?? 0;
  const b = from[high] ?? a;
  const c = to[low] ?? 0;
  const d = to[high] ?? c;
  return b === a ? c : c + ((value - a) / (b - a)) * (d - c);
}
