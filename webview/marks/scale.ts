// The visible part of the unit axis: zoom, pan, ticks. Immutable and pure; pixels count from the left edge of the
// drawing area.

import type { Warp } from "./warp.js";

export interface Viewport {
  readonly from: number;
  readonly to: number;
}

export const fullView: Viewport = { from: 0, to: 1 };
const closest = 1e-6;

export function zoom(view: Viewport, factor: number, anchor: number): Viewport {
  const width = Math.min(1, Math.max(closest, (view.to - view.from) * factor));
  const fraction = (anchor - view.from) / (view.to - view.from);
  return fit(anchor - fraction * width, width);
}

/** @param by fraction of the visible width; positive moves to later times */
export function pan(view: Viewport, by: number): Viewport {
  const width = view.to - view.from;
  return fit(view.from + by * width, width);
}

/** The smallest pan that makes `unit` visible, with a margin around it. */
export function follow(view: Viewport, unit: number): Viewport {
  const width = view.to - view.from;
  const margin = width * 0.05;
  if (unit < view.from + margin) return fit(unit - margin, width);
  if (unit > view.to - margin) return fit(unit + margin - width, width);
  return view;
}

function fit(from: number, width: number): Viewport {
  const start = Math.min(Math.max(0, from), 1 - width);
  return { from: start, to: start + width };
}

export interface Scale {
  x(t: number): number;
  t(x: number): number;
  readonly width: number;
}

export function scaleOf(warp: Warp, view: Viewport, width: number): Scale {
  const perUnit = width / (view.to - view.from);
  return {
    width,
    x: (t) => (warp.toUnit(t) - view.from) * perUnit,
    t: (x) => warp.toTime(view.from + x / perUnit),
  };
}

export interface Tick {
  readonly x: number;
  readonly t: number;
  readonly label: string;
}

/** Round moments about `spacing` px apart. On a warped axis the step follows the local scale. */
export function ticks(scale: Scale, spacing: number): readonly Tick[] {
  const found: Tick[] = [];
  let nextX = 0;
  while (nextX <= scale.width) {
    const here = scale.t(nextX);
    const step = niceStep(Math.max(1, scale.t(Math.min(scale.width, nextX + spacing)) - here));
    const t = Math.ceil(here / step) * step;
    const x = scale.x(t);
    const last = found[found.length - 1];
    if (x >= nextX && x <= scale.width && t !== last?.t) found.push({ x, t, label: tickLabel(t, step) });
    nextX = Math.max(x, nextX) + spacing;
  }
  return found;
}

/** 1, 2 or 5 times a power of ten, at most `rough`. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const lead = rough / power;
  return power * (lead >= 5 ? 5 : lead >= 2 ? 2 : 1);
}

/** With as many digits as neighbouring ticks need to differ. */
export function tickLabel(t: number, step: number): string {
  if (t === 0) return "0";
  const [unit, name] = t >= 1e9 ? [1e9, "s"] : t >= 1e6 ? [1e6, "ms"] : t >= 1e3 ? [1e3, "µs"] : [1, "ns"];
  const digits = Math.min(9, Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9)));
  return `${(t / unit).toFixed(digits)} ${name}`;
}
