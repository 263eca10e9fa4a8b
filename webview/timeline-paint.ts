// Draws the timeline: axis, curves, lanes, marks; and above it, alone, the cursor. Returns where each mark lies, so
// that the pointer can find it. Before is solid, after is dashed: colour is never the only difference.

import type { VariantName } from "../engine/protocol.js";
import { spanWords, type Mark } from "./marks.js";
import { stepCurve } from "./occupancy.js";
import { ticks, type Scale } from "./scale.js";
import type { Palette } from "./theme.js";
import type { Band, Layout } from "./timeline-layout.js";
import { figuresAt, marksWithin, type DrawnSpan, type Model, type VariantModel } from "./timeline-model.js";
import { duration, moment } from "./words.js";

export interface Hit {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly variant: VariantName;
  readonly label: string;
  readonly t: number;
  readonly mark?: Mark;
  readonly span?: DrawnSpan;
}

interface Brush {
  readonly ctx: CanvasRenderingContext2D;
  readonly model: Model;
  readonly layout: Layout;
  readonly scale: Scale;
  readonly palette: Palette;
  readonly hits: Hit[];
}

export function paint(ctx: CanvasRenderingContext2D, model: Model, layout: Layout, scale: Scale, palette: Palette): readonly Hit[] {
  const brush: Brush = { ctx, model, layout, scale, palette, hits: [] };
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = palette.font;
  ctx.textBaseline = "middle";
  paintAxis(brush);
  paintLabels(brush);
  ctx.save();
  ctx.beginPath();
  ctx.rect(layout.left - 5, 0, layout.plot + 10, layout.height);
  ctx.clip();
  for (const variant of model.variants) paintCurve(brush, variant);
  for (const variant of model.variants) for (const lane of layout.lanes) paintLane(brush, variant, lane.row, lane.parts[variant.name]);
  ctx.restore();
  return brush.hits;
}

function paintAxis({ ctx, layout, scale, palette }: Brush): void {
  ctx.textAlign = "center";
  const bottom = layout.height - 4;
  for (const { x, label } of ticks(scale, 90)) {
    const at = Math.round(layout.left + x) + 0.5;
    ctx.strokeStyle = palette.line;
    ctx.globalAlpha = palette.highContrast ? 0.35 : 0.7;
    line(ctx, at, layout.axis.height - 3, at, bottom);
    ctx.globalAlpha = 1;
    ctx.fillStyle = palette.dim;
    const half = ctx.measureText(label).width / 2;
    ctx.fillText(label, Math.min(layout.width - half - 2, at), layout.axis.height / 2);
  }
}

function paintLabels({ ctx, model, layout, palette }: Brush): void {
  const { curve, left } = layout;
  ctx.textAlign = "right";
  ctx.fillStyle = palette.dim;
  ctx.fillText(String(model.most), left - 8, curve.top);
  ctx.fillText("0", left - 8, curve.top + curve.height);
  ctx.strokeStyle = palette.line;
  line(ctx, left, Math.round(curve.top + curve.height) + 0.5, left + layout.plot, Math.round(curve.top + curve.height) + 0.5);
  ctx.textAlign = "left";
  ctx.fillStyle = palette.foreground;
  ctx.fillText(clipped(ctx, "mapped TCEs", left - 34), 12, curve.top + curve.height / 2);
  for (const lane of layout.lanes) {
    const row = model.rows[lane.row];
    if (row === undefined) continue;
    const cpu = row.kind === "thread" ? ` CPU${row.cpu}` : "";
    const middle = lane.top + lane.height / 2;
    ctx.fillStyle = palette.foreground;
    const name = clipped(ctx, row.name, left - 18);
    ctx.fillText(name, 12, middle);
    const used = ctx.measureText(name).width;
    if (cpu !== "" && 12 + used + ctx.measureText(cpu).width < left - 6) {
      ctx.fillStyle = palette.dim;
      ctx.fillText(cpu, 12 + used, middle);
    }
    ctx.strokeStyle = palette.line;
    ctx.globalAlpha = 0.6;
    line(ctx, left, lane.top + lane.height + 3.5, left + layout.plot, lane.top + lane.height + 3.5);
    ctx.globalAlpha = 1;
  }
}

function paintCurve(brush: Brush, variant: VariantModel): void {
  const { ctx, model, layout, scale, palette } = brush;
  const { curve, left } = layout;
  const y = (mapped: number): number => curve.top + curve.height - (mapped / model.most) * curve.height;
  const end = Math.min(scale.t(scale.width), variant.result.timeline.end);
  ctx.strokeStyle = palette[variant.name];
  ctx.lineWidth = variant.name === "before" ? 1.75 : 2;
  if (variant.name === "after") ctx.setLineDash([5, 3]);
  ctx.beginPath();
  stepCurve(variant.result.occupancy, (t) => left + scale.x(t), y, scale.t(0), end).forEach((corner, i) =>
    i === 0 ? ctx.moveTo(corner.x, corner.y) : ctx.lineTo(corner.x, corner.y),
  );
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  paintRemoval(brush, variant, y(0));
  for (const finding of variant.result.findings) {
    const x = left + scale.x(finding.t);
    if (x < left - 5 || x > left + layout.plot + 5) continue;
    ctx.fillStyle = finding.severity === "oops" ? palette.error : palette.warning;
    const at = y(figuresAt(variant, finding.t).mapped) - 3;
    polygon(ctx, [x, at], [x + 5, at - 9], [x - 5, at - 9]);
  }
}

/** How long the removal blocked its caller: a bar under the curve. */
function paintRemoval({ ctx, layout, scale, palette, hits }: Brush, variant: VariantModel, floor: number): void {
  const { detach, timeline } = variant.result;
  if (detach === null) return;
  const from = layout.left + scale.x(detach.start);
  const to = layout.left + scale.x(detach.end ?? timeline.end);
  const y = floor + (variant.name === "before" ? 2 : 6);
  ctx.fillStyle = palette[variant.name];
  ctx.globalAlpha = 0.75;
  ctx.fillRect(from, y, Math.max(1.5, to - from), 3);
  ctx.globalAlpha = 1;
  const words = detach.end === null ? "the removal never returns" : `the removal takes ${duration(detach.end - detach.start)}`;
  hits.push({ x: from, y: y - 1, width: Math.max(3, to - from), height: 5, variant: variant.name, label: words, t: detach.start });
}

function paintLane(brush: Brush, variant: VariantModel, rowIndex: number, part: Band | undefined): void {
  const row = brush.model.rows[rowIndex];
  if (part === undefined || row === undefined) return;
  const from = brush.scale.t(0);
  const to = brush.scale.t(brush.scale.width);
  const taken = new Taken();
  const visible = marksWithin(variant.marks, from, to);
  switch (row.kind) {
    case "thread": {
      const id = row.ids[variant.name];
      if (id === undefined) return;
      const spans = (variant.spans.get(id) ?? []).filter((span) => span.end >= from && span.start <= to);
      for (const span of spans) paintSpan(brush, variant, span, part);
      paintMarks(
        brush,
        visible.filter((mark) => mark.thread === id && (mark.kind === "finding" || mark.kind === "map" || mark.kind === "unmap")),
        part,
        taken,
      );
      paintSpanNames(brush, spans, part, taken);
      return;
    }
    case "hypervisor":
      paintMarks(
        brush,
        visible.filter((mark) => mark.kind === "hcall" || mark.kind === "rtas"),
        part,
        taken,
      );
      return;
    case "log":
      paintMarks(
        brush,
        visible.filter((mark) => mark.kind === "log"),
        part,
        taken,
      );
      return;
  }
}

function paintSpan(brush: Brush, variant: VariantModel, span: DrawnSpan, part: Band): void {
  const { ctx, layout, scale, palette, hits } = brush;
  const from = Math.max(layout.left - 6, layout.left + scale.x(span.start));
  const to = Math.min(layout.left + layout.plot + 6, layout.left + scale.x(span.end));
  const width = Math.max(2, to - from);
  const waits = isWait(span);
  const thin = waits || span.kind === "run";
  const [top, height] = waits ? [part.top + part.height / 2 - 2, 4] : span.kind === "run" ? [part.top + part.height - 3, 3] : [part.top, part.height];
  const color = span.kind === "dead" ? palette.error : span.kind === "lock" ? palette.warning : palette[variant.name];
  ctx.fillStyle = color;
  ctx.strokeStyle = color;
  if (!palette.highContrast || thin) {
    ctx.globalAlpha = span.kind === "run" ? 0.9 : waits ? 0.55 : 0.3;
    ctx.fillRect(from, top, width, height);
    ctx.globalAlpha = 1;
  }
  if (span.kind === "dead") hatch(ctx, from, top, width, height);
  if (width > 3 && !thin) {
    if (variant.name === "after") ctx.setLineDash([4, 2]);
    ctx.strokeRect(from + 0.5, top + 0.5, width - 1, height - 1);
    ctx.setLineDash([]);
  }
  hits.push({
    x: from,
    y: part.top,
    width,
    height: part.height,
    variant: variant.name,
    label: `${wordsOf(span)}, ${duration(span.end - span.start)}`,
    t: span.start,
    span,
  });
}

function isWait(span: DrawnSpan): boolean {
  return span.kind === "sleep" || span.kind === "lock";
}

function wordsOf(span: DrawnSpan): string {
  return `${spanWords(span)}${span.count > 1 ? ` × ${span.count}` : ""}`;
}

/** Names of spans, after all spans are drawn: first what runs, then, where there is still room, what waits inside it. */
function paintSpanNames(brush: Brush, spans: readonly DrawnSpan[], part: Band, taken: Taken): void {
  const { ctx, layout, scale, palette } = brush;
  for (const waits of [false, true]) {
    for (const span of spans) {
      if (isWait(span) !== waits || span.kind === "dead" || span.kind === "run") continue;
      const from = Math.max(layout.left, layout.left + scale.x(span.start));
      const to = Math.min(layout.left + layout.plot, layout.left + scale.x(span.end));
      const words = wordsOf(span);
      const width = ctx.measureText(words).width;
      const start = waits ? Math.max(from + 8, taken.freeFrom(from) + 6) : from + 5;
      if (start + width + 5 > to || !taken.claim(start - 3, start + width + 3)) continue;
      if (waits || spans.some((other) => isWait(other) && other.start < span.end && other.end > span.start))
        plate(brush, start - 3, width + 6, part, waits ? 1 : 0.8);
      ctx.fillStyle = waits ? palette.dim : palette.foreground;
      ctx.textAlign = "left";
      ctx.fillText(words, start, part.top + part.height / 2 + 0.5);
    }
  }
}

/** A ground for words that would otherwise stand on lines. */
function plate({ ctx, palette }: Brush, x: number, width: number, part: Band, opacity: number): void {
  ctx.fillStyle = palette.background;
  ctx.globalAlpha = opacity;
  ctx.fillRect(x, part.top + 1, width, part.height - 2);
  ctx.globalAlpha = 1;
}

/** The stretches of a lane in which words or signs already stand. */
class Taken {
  readonly #stretches: { readonly from: number; readonly to: number }[] = [];

  claim(from: number, to: number): boolean {
    if (this.#stretches.some((one) => from < one.to && to > one.from)) return false;
    this.#stretches.push({ from, to });
    return true;
  }

  /** The end of what stands at or right of `x` without a gap. */
  freeFrom(x: number): number {
    return this.#stretches.reduce((end, one) => (one.from <= end + 12 && one.to > end ? one.to : end), x);
  }
}

interface Placed {
  readonly mark: Mark;
  readonly x: number;
}

/** Of plain marks one per pixel column is drawn; those that say something went wrong are all drawn, and last. */
function paintMarks(brush: Brush, marks: readonly Mark[], part: Band, taken: Taken): void {
  const { layout, scale } = brush;
  let column = Number.NaN;
  const loud: Placed[] = [];
  const quiet: Placed[] = [];
  for (const mark of marks) {
    const x = layout.left + scale.x(mark.t);
    if (mark.tone === "plain" || mark.kind === "log") {
      if (Math.round(x) === column) continue;
      column = Math.round(x);
      quiet.push({ mark, x });
    } else loud.push({ mark, x });
  }
  for (const { mark, x } of quiet) paintTick(brush, mark, x, part);
  for (const { mark, x } of loud) paintSign(brush, mark, x, part);
  for (const { mark, x } of [...loud].reverse())
    if (taken.claim(x - 7, x + 7)) paintText(brush, mark.tone === "error" || mark.kind !== "finding" ? shortWords(mark) : "", mark, x + 4, part, taken);
  if (marks[0]?.kind === "log") paintLogText(brush, marks, part, taken);
}

/** A line printed again and again says so once; of lines in one pixel column the first speaks for all. */
function paintLogText(brush: Brush, marks: readonly Mark[], part: Band, taken: Taken): void {
  const { layout, scale } = brush;
  const xOf = (mark: Mark | undefined): number => (mark === undefined ? Infinity : layout.left + scale.x(mark.t));
  for (let i = 0; i < marks.length;) {
    const first = marks[i];
    if (first === undefined) return;
    const x = xOf(first);
    let end = i + 1;
    let same = 1;
    for (let next = marks[end]; next !== undefined && (next.label === first.label || xOf(next) < x + 2); next = marks[++end])
      if (next.label === first.label) same++;
    // The end of a series is a limit for what follows, not for its own words.
    paintText(brush, `${shortWords(first)}${same > 1 ? ` × ${same}` : ""}`, first, x, part, taken, xOf(marks[end]));
    i = end;
  }
}

function paintTick({ ctx, palette, hits }: Brush, mark: Mark, x: number, part: Band): void {
  ctx.fillStyle = mark.tone === "plain" ? palette[mark.variant] : mark.tone === "error" ? palette.error : palette.warning;
  const small = mark.kind === "map" || mark.kind === "unmap";
  const top = mark.kind === "unmap" ? part.top + part.height - 3 : part.top + (small ? 0 : 1);
  const height = small ? 3 : part.height - 2;
  if (mark.kind === "rtas") polygon(ctx, [x, part.top], [x + 4, part.top + part.height / 2], [x, part.top + part.height], [x - 4, part.top + part.height / 2]);
  else ctx.fillRect(Math.round(x) - 0.5, top, mark.kind === "log" ? 2 : 1.5, height);
  hits.push({ x: x - 3, y: part.top, width: 6, height: part.height, variant: mark.variant, label: mark.label, t: mark.t, mark });
}

/** Oops: a cross. Silent: a diamond. Warning: a triangle. */
function paintSign({ ctx, palette, hits }: Brush, mark: Mark, x: number, part: Band): void {
  const middle = part.top + part.height / 2;
  const r = Math.min(6, part.height / 2);
  ctx.fillStyle = mark.tone === "error" ? palette.error : palette.warning;
  ctx.strokeStyle = ctx.fillStyle;
  if (mark.tone === "error") {
    ctx.lineWidth = 2.5;
    line(ctx, x - r + 1, middle - r + 1, x + r - 1, middle + r - 1);
    line(ctx, x - r + 1, middle + r - 1, x + r - 1, middle - r + 1);
    ctx.lineWidth = 1;
  } else if (mark.tone === "silent") polygon(ctx, [x, middle - r], [x + r - 1, middle], [x, middle + r], [x - r + 1, middle]);
  else polygon(ctx, [x, middle - r], [x + r, middle + r], [x - r, middle + r]);
  hits.push({ x: x - r - 1, y: part.top - 1, width: 2 * r + 2, height: part.height + 2, variant: mark.variant, label: mark.label, t: mark.t, mark });
}

/** Words beside their mark, where there is room: to its right, or to its left when they would run into what follows. */
function paintText(brush: Brush, words: string, mark: Mark, x: number, part: Band, taken: Taken, limit = Infinity): void {
  if (words === "") return;
  const { ctx, layout, palette } = brush;
  const width = ctx.measureText(words).width;
  const toRight = x + 8 + width <= Math.min(layout.left + layout.plot, limit - 4);
  const start = toRight ? x + 5 : x - 14 - width;
  if (start < layout.left || !taken.claim(start - 2, start + width + 2)) return;
  plate(brush, start - 2, width + 4, part, 1);
  ctx.fillStyle = mark.tone === "error" ? palette.error : mark.tone === "plain" ? palette.dim : palette.warning;
  ctx.textAlign = "left";
  ctx.fillText(words, start, part.top + part.height / 2 + 0.5);
}

function shortWords(mark: Mark): string {
  switch (mark.kind) {
    case "log":
      return mark.label.length > 60 ? `${mark.label.slice(0, 59)}…` : mark.label;
    case "finding":
      return mark.tone === "error" ? "oops" : "";
    case "hcall":
    case "rtas":
      return mark.label;
    case "map":
    case "unmap":
      return "";
  }
}

/** The cursor on its own canvas: moving it redraws nothing else. */
export function paintCursor(
  ctx: CanvasRenderingContext2D,
  model: Model,
  layout: Layout,
  scale: Scale,
  palette: Palette,
  t: number,
  variant: VariantName,
  hover: Hit | undefined,
): void {
  ctx.clearRect(0, 0, layout.width, layout.height);
  ctx.font = palette.font;
  ctx.textBaseline = "middle";
  if (hover !== undefined) {
    ctx.strokeStyle = palette.foreground;
    ctx.strokeRect(Math.max(layout.left - 4, hover.x) - 0.5, hover.y - 0.5, Math.min(layout.plot + 8, hover.width) + 1, hover.height + 1);
  }
  const x = layout.left + scale.x(t);
  if (x < layout.left - 1 || x > layout.left + layout.plot + 1) return;
  ctx.strokeStyle = palette.cursor;
  ctx.setLineDash([3, 3]);
  line(ctx, Math.round(x) + 0.5, layout.axis.height, Math.round(x) + 0.5, layout.height);
  ctx.setLineDash([]);
  const label = moment(t);
  const width = ctx.measureText(label).width + 10;
  const at = Math.min(layout.width - width - 2, Math.max(2, x - width / 2));
  ctx.fillStyle = palette.background;
  ctx.fillRect(at, 1, width, layout.axis.height - 3);
  ctx.strokeStyle = palette[variant];
  ctx.strokeRect(at + 0.5, 1.5, width - 1, layout.axis.height - 4);
  ctx.fillStyle = palette.foreground;
  ctx.textAlign = "left";
  ctx.fillText(label, at + 5, layout.axis.height / 2);
  for (const one of model.variants) {
    const y = layout.curve.top + layout.curve.height - (figuresAt(one, t).mapped / model.most) * layout.curve.height;
    ctx.fillStyle = palette.background;
    ctx.strokeStyle = palette[one.name];
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (one.name === "before") ctx.arc(x, y, 3.5, 0, 2 * Math.PI);
    else ctx.rect(x - 3, y - 3, 6, 6);
    ctx.fill();
    ctx.stroke();
    ctx.lineWidth = 1;
  }
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

function polygon(ctx: CanvasRenderingContext2D, ...corners: readonly (readonly [number, number])[]): void {
  ctx.beginPath();
  corners.forEach(([x, y], i) => (i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)));
  ctx.closePath();
  ctx.fill();
}

function hatch(ctx: CanvasRenderingContext2D, x: number, y: number, width: number, height: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  for (let at = x - height; at < x + width; at += 5) line(ctx, at, y + height, at + height, y);
  ctx.restore();
}

function clipped(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let shown = text;
  while (shown.length > 1 && ctx.measureText(`${shown}…`).width > width) shown = shown.slice(0, -1);
  return `${shown}…`;
}
