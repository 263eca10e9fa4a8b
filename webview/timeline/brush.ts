// What the painters of the timeline share: the brush, hit areas for the pointer, and a few shapes.

import type { VariantName } from "../../engine/protocol.js";
import type { DrawnSpan, Mark, Scale } from "../marks/index.js";
import type { Palette } from "../base/index.js";
import type { Layout } from "./layout.js";
import type { Model } from "./model.js";

export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly variant: VariantName;
  /** Built only when it is shown: most hits never are. */
  readonly label: () => string;
  readonly t: number;
  /** For a crowd: the mark at the pointer. */
  readonly markAt?: (x: number) => Mark | undefined;
  readonly mark?: Mark;
  readonly span?: DrawnSpan;
}

export interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly model: Model;
  readonly layout: Layout;
  readonly scale: Scale;
  readonly palette: Palette;
  /** The times at which pixel columns begin and the last one ends, computed once per drawing. */
  readonly edges: Float64Array;
  readonly hits: Hit[];
}

export function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

export function polygon(ctx: CanvasRenderingContext2D, ...corners: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.closePath();
  ctx.fill();
}

export function hatch(ctx: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  for (let at = x - height; at < x + width; at += 5) line(ctx, at, y + height, at + height, y);
  ctx.restore();
}

export function clipped(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let shown = text;
  while (shown.length > 1 && ctx.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}
