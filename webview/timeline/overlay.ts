// The layer above the drawing, which changes without it: the cursor, the chosen range, search matches, and the story of
// a finding (which thread was held up, who touched the object, what orders the accesses).

import type { DebugOperation, Story, VariantName } from "../../engine/protocol.js";
import type { Match } from "./search.js";
import type { Scale } from "../marks/index.js";
import { moment, type Palette, preciseMoment } from "../base/index.js";
import { type Hit, line, polygon } from "./brush.js";
import type { Band, Layout } from "./layout.js";
import type { Model } from "./model.js";
import type { Stepped } from "./operations.js";

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Extras {
  readonly range: Range | undefined;
  readonly matches: readonly Match[];
  /** The story of a finding whose witness is the run that is drawn. */
  readonly story: { readonly variant: VariantName; readonly story: Story } | undefined;
  /** The operations around the last step. */
  readonly stepped: Stepped | undefined;
}

/** The hit area of an operation's tick. */
export interface OperationHit {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly variant: VariantName;
  readonly operation: DebugOperation;
}

/** Paints the cursor on its own canvas, so that moving it redraws nothing else. */
export function paintCursor(
  ctx: CanvasRenderingContext2D,
  model: Model,
  layout: Layout,
  scale: Scale,
  palette: Palette,
  t: number,
  variant: VariantName,
  hover: Hit | undefined,
  extras: Extras,
): readonly OperationHit[] {
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = palette.font;
  ctx.textBaseline = "middle";
  paintRange(ctx, layout, scale, palette, extras.range);
  paintMatches(ctx, layout, scale, palette, extras.matches);
  if (extras.story !== undefined) paintStory(ctx, model, layout, scale, palette, extras.story);
  const hits = extras.stepped === undefined ? [] : paintOperations(ctx, model, layout, scale, palette, extras.stepped);
  if (hover !== undefined) {
    ctx.strokeStyle = palette.foreground;
    ctx.strokeRect(Math.max(layout.left - 4, hover.x) - 0.5, hover.y - 0.5, Math.min(layout.plot + 8, hover.width) + 1, hover.height + 1);
  }
  const x = layout.left + scale.x(t);
  if (x < layout.left - 1 || x > layout.left + layout.plot + 1) return hits;
  ctx.strokeStyle = palette.cursor;
  ctx.setLineDash([3, 3]);
  line(ctx, Math.round(x) + 0.5, layout.axis.height, Math.round(x) + 0.5, layout.height);
  ctx.setLineDash([]);
  // Operations are only nanoseconds apart.
  const label = extras.stepped?.stop.t === t ? preciseMoment(t) : moment(t);
  const width = ctx.measureText(label).width + 10;
  const at = Math.min(layout.width - width - 2, Math.max(2, x - width / 2));
  ctx.fillStyle = palette.background;
  ctx.fillRect(at, 1, width, layout.axis.height - 3);
  ctx.strokeStyle = palette[variant];
  ctx.strokeRect(at + 0.5, 1.5, width - 1, layout.axis.height - 4);
  ctx.fillStyle = palette.foreground;
  ctx.textAlign = "left";
  ctx.fillText(label, at + 5, layout.axis.height / 2);
  for (const each of model.variants) {
    const y = layout.curve.top + layout.curve.height - (each.readings.level(t) / model.most) * layout.curve.height;
    ctx.fillStyle = palette.background;
    ctx.strokeStyle = palette[each.name];
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (each.name === "before") ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
    else ctx.rect(x - 3, y - 3, 6, 6);
    ctx.fill();
    ctx.stroke();
    ctx.lineWidth = 1;
  }
  return hits;
}

/** A tick at the top of the thread's lane for each operation, with a sign above the current one; longer where another thread continues. */
function paintOperations(
  ctx: CanvasRenderingContext2D,
  model: Model,
  layout: Layout,
  scale: Scale,
  palette: Palette,
  { variant, stop, operations }: Stepped,
): readonly OperationHit[] {
  const hits: OperationHit[] = [];
  ctx.strokeStyle = palette.foreground;
  ctx.fillStyle = palette.foreground;
  for (const operation of operations) {
    const band = bandOf(model, layout, variant, operation.thread);
    const x = scale.x(operation.t);
    if (band === undefined || x < 0 || x > layout.plot) continue;
    const at = Math.round(layout.left + x) + 0.5;
    const head = band.top - 2;
    ctx.lineWidth = 2;
    line(ctx, at, head, at, operation.k === "switch" ? band.top + band.height : head + 5);
    if (operation.position === stop.position) polygon(ctx, [at, head + 6], [at - 5, head - 3], [at + 5, head - 3]);
    hits.push({ x: at, y: head, height: band.height, variant, operation });
  }
  ctx.lineWidth = 1;
  return hits;
}

function paintRange(ctx: CanvasRenderingContext2D, layout: Layout, scale: Scale, palette: Palette, range: Range | undefined): void {
  if (range === undefined) return;
  const from = layout.left + Math.max(0, scale.x(range.from));
  const to = layout.left + Math.min(layout.plot, scale.x(range.to));
  if (to < from) return;
  const top = layout.axis.height;
  ctx.globalAlpha = palette.highContrast ? 0 : 0.14;
  ctx.fillStyle = palette.foreground;
  ctx.fillRect(from, top, to - from, layout.height - top);
  ctx.globalAlpha = 1;
  ctx.strokeStyle = palette.foreground;
  for (const x of [from, to]) line(ctx, Math.round(x) + 0.5, top, Math.round(x) + 0.5, layout.height);
}

/** At most one sign per few pixels, however many matches there are. */
function paintMatches(ctx: CanvasRenderingContext2D, layout: Layout, scale: Scale, palette: Palette, matches: readonly Match[]): void {
  let last = -Infinity;
  ctx.fillStyle = palette.foreground;
  for (const { t } of matches) {
    const x = scale.x(t);
    if (x < 0 || x - last < 3) continue;
    if (x > layout.plot) return;
    last = x;
    polygon(ctx, [layout.left + x, layout.axis.height + 7], [layout.left + x + 3.5, layout.axis.height], [layout.left + x - 3.5, layout.axis.height]);
  }
}

function bandOf(model: Model, layout: Layout, variant: VariantName, thread: number): Band | undefined {
  const row = model.rows.findIndex((each) => each.kind === "thread" && each.ids[variant] === thread);
  return layout.lanes.find((lane) => lane.row === row)?.parts[variant];
}

/** Edges are drawn between lanes only: within a lane the order is obvious. */
function paintStory(
  ctx: CanvasRenderingContext2D,
  model: Model,
  layout: Layout,
  scale: Scale,
  palette: Palette,
  { variant, story }: NonNullable<Extras["story"]>,
): void {
  const at = (t: number): number => layout.left + scale.x(t);
  const isVisible = (x: number): boolean => x >= layout.left - 1 && x <= layout.left + layout.plot + 1;
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.left - 5, layout.axis.height, layout.plot + 10, layout.height);
  ctx.clip();
  ctx.lineWidth = 1.5;
  for (const { kind, from, to } of story.edges) {
    const [a, b] = [story.accesses[from], story.accesses[to]];
    if (a === undefined || b === undefined || a.thread === b.thread) continue;
    const [top, bottom] = [bandOf(model, layout, variant, a.thread), bandOf(model, layout, variant, b.thread)];
    if (top === undefined || bottom === undefined) continue;
    const [x1, y1, x2, y2] = [at(a.t), top.top + top.height / 2, at(b.t), bottom.top + bottom.height / 2];
    ctx.strokeStyle = kind === "race" ? palette.error : palette.foreground;
    ctx.setLineDash(kind === "race" ? [2, 3] : []);
    line(ctx, x1, y1, x2, y2);
    ctx.setLineDash([]);
    ctx.fillStyle = ctx.strokeStyle;
    if (kind === "happens-before") arrow(ctx, x1, y1, x2, y2);
  }
  ctx.lineWidth = 1;
  for (const access of story.accesses) {
    const band = bandOf(model, layout, variant, access.thread);
    const x = at(access.t);
    if (band === undefined || !isVisible(x)) continue;
    ctx.fillStyle = access.bad === true ? palette.error : palette.background;
    ctx.strokeStyle = access.bad === true ? palette.error : palette.foreground;
    ctx.beginPath();
    ctx.arc(x, band.top + band.height / 2, 3.5, 0, 2 * Math.PI);
    ctx.fill();
    ctx.stroke();
  }
  for (const held of story.switches) {
    const band = bandOf(model, layout, variant, held.held);
    const x = at(held.t);
    if (band === undefined || !isVisible(x)) continue;
    const until = Math.min(layout.left + layout.plot, at(held.until ?? model.linear.end));
    ctx.strokeStyle = palette.warning;
    ctx.fillStyle = palette.warning;
    // Two bars, as on a pause button, and a line as long as the thread is held.
    ctx.fillRect(x - 3, band.top, 2, band.height);
    ctx.fillRect(x + 1, band.top, 2, band.height);
    ctx.setLineDash([1, 3]);
    line(ctx, x + 4, band.top + band.height / 2, until, band.top + band.height / 2);
    ctx.setLineDash([]);
  }
  ctx.restore();
}

function arrow(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length < 8) return;
  const [ux, uy] = [(x2 - x1) / length, (y2 - y1) / length];
  const [x, y] = [x2 - 4 * ux, y2 - 4 * uy];
  polygon(ctx, [x, y], [x - 7 * ux - 3 * uy, y - 7 * uy + 3 * ux], [x - 7 * ux + 3 * uy, y - 7 * uy - 3 * ux]);
}
