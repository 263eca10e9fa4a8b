// The position of curve, lanes and axis in the drawing, in CSS pixels. Must not draw.

import type { VariantName } from "../../engine/protocol.js";
import type { Model } from "./model.js";

export interface Band {
  readonly top: number;
  readonly height: number;
}

export interface Lane extends Band {
  /** Index into the model's rows. */
  readonly row: number;
  readonly parts: Readonly<Partial<Record<VariantName, Band>>>;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** Left edge and width of the area of the time axis. */
  readonly left: number;
  readonly plot: number;
  readonly axis: Band;
  readonly curve: Band;
  readonly lanes: readonly Lane[];
}

const axisHeight = 20;
const partHeight = 13;
const laneGap = 7;
const leastCurve = 56;
const right = 12;

/** @param available height of the view; a drawing whose lanes need more is higher and scrolls */
export function layoutOf(model: Model, width: number, available: number): Layout {
  const left = Math.round(Math.min(110, Math.max(64, width * 0.14)));
  const parts = model.variants.length;
  const laneHeight = parts === 1 ? 16 : parts * partHeight + 1;
  const lanesHeight = model.rows.length * (laneHeight + laneGap) + laneGap;
  const curveHeight = Math.max(leastCurve, Math.min(170, available - axisHeight - lanesHeight - 10));
  const curve: Band = { top: axisHeight + 8, height: curveHeight };
  const first = curve.top + curve.height + laneGap + 6;
  const lanes = model.rows.map((_, row): Lane => {
    const top = first + row * (laneHeight + laneGap);
    const own: Partial<Record<VariantName, Band>> = {};
    model.variants.forEach(({ name }, i) => (own[name] = parts === 1 ? { top, height: laneHeight } : { top: top + i * (partHeight + 1), height: partHeight }));
    return { row, top, height: laneHeight, parts: own };
  });
  return { width, height: first + lanesHeight, left, plot: Math.max(40, width - left - right), axis: { top: 0, height: axisHeight }, curve, lanes };
}

/** The variant whose half of a lane is at `y`. */
export function variantAt(layout: Layout, y: number): VariantName | undefined {
  for (const { top, height, parts } of layout.lanes) {
    if (y < top || y > top + height) continue;
    return (["before", "after"] as const).find((name) => {
      const part = parts[name];
      return part !== undefined && y >= part.top && y <= part.top + part.height;
    });
  }
  return undefined;
}
