// Draws the lanes: spans with their names, marks with their labels. Where there is more than the pixels can show,
// several are drawn as one; failures are drawn last, so that nothing hides them.

import type { VariantName } from "../../engine/protocol.js";
import { type DrawnSpan, firstAt, type Lane, type Mark, type MarkSeries, spanWords } from "../marks/index.js";
import { duration, type Palette } from "../base/index.js";
import { type Brush, hatch, line, polygon } from "./brush.js";
import type { Band } from "./layout.js";
import type { VariantModel } from "./model.js";

/** If more marks than this are visible, they are drawn by column. */
const crowd = 1_500;
const signWidth = 6;
/** The number of labels that are tried in a lane: more would not find room. */
const mostLabels = 60;
const mostLines = 2_000;

export function paintLane(brush: Brush, variant: VariantModel, rowIndex: number, part: Band | undefined): void {
  const row = brush.model.rows[rowIndex];
  const lane = variant.lanes[rowIndex];
  if (part === undefined || row === undefined || lane === undefined) return;
  const { edges, scale, layout } = brush;
  const taken = new Taken();
  const drawn: DrawnSpan[] = [];
  for (const layer of variant.layers[rowIndex] ?? []) {
    const narrow = new Crowd(brush, variant, part, row.kind === "cpu");
    layer.visible(edges, (span) => {
      const from = layout.left + scale.x(span.start);
      const to = layout.left + scale.x(span.end);
      if (to - from < 1.5 && span.kind !== "dead") {
        narrow.add(span, from, to);
        return;
      }
      paintSpan(brush, variant, span, part, row.kind === "cpu");
      drawn.push(span);
    });
    narrow.flush();
  }
  paintMarks(brush, lane, part, taken);
  paintSpanNames(brush, drawn, part, taken, row.kind === "cpu");
  if (row.kind === "log") paintLogText(brush, lane.quiet, part, taken);
}

/** Adjacent spans narrower than a pixel, drawn as one bar without hit areas. */
class Crowd {
  #from = 0;
  #to = -Infinity;
  #kind: DrawnSpan["kind"] = "run";

  constructor(
    private readonly brush: Brush,
    private readonly variant: VariantModel,
    private readonly part: Band,
    private readonly cpu: boolean,
  ) {}

  add({ kind }: DrawnSpan, from: number, to: number): void {
    if (from > this.#to + 1 || kind !== this.#kind) {
      this.flush();
      this.#from = from;
    }
    this.#kind = kind;
    this.#to = Math.max(to, from + 1);
  }

  flush(): void {
    if (this.#to < this.#from) return;
    const { ctx, palette } = this.brush;
    const [top, height] = bandOf(this.#kind, this.part, this.cpu);
    ctx.fillStyle = colorOf(this.#kind, palette, this.variant.name);
    ctx.globalAlpha = this.#kind === "run" && !this.cpu ? 0.9 : 0.55;
    ctx.fillRect(this.#from, top, this.#to - this.#from, height);
    ctx.globalAlpha = 1;
    this.#to = -Infinity;
  }
}

/** Top and height: waits are a thin bar in the middle, execution a thin bar at the bottom, all else fills the lane. */
function bandOf(kind: DrawnSpan["kind"], part: Band, cpu: boolean): readonly [number, number] {
  if (kind === "sleep" || kind === "lock") return [part.top + part.height / 2 - 2, 4];
  return kind === "run" && !cpu ? [part.top + part.height - 3, 3] : [part.top, part.height];
}

function colorOf(kind: DrawnSpan["kind"], palette: Palette, variant: VariantName): string {
  return kind === "dead" ? palette.error : kind === "lock" ? palette.warning : palette[variant];
}

function paintSpan(brush: Brush, variant: VariantModel, span: DrawnSpan, part: Band, cpu: boolean): void {
  const { ctx, layout, scale, palette, hits } = brush;
  const from = Math.max(layout.left - 6, layout.left + scale.x(span.start));
  const to = Math.min(layout.left + layout.plot + 6, layout.left + scale.x(span.end));
  const width = Math.max(2, to - from);
  const waits = isWait(span);
  const runs = span.kind === "run" && !cpu;
  const thin = waits || runs;
  const [top, height] = bandOf(span.kind, part, cpu);
  const color = colorOf(span.kind, palette, variant.name);
  ctx.fillStyle = color;
  ctx.strokeStyle = color;
  if (!palette.highContrast || thin) {
    ctx.globalAlpha = runs ? 0.9 : waits ? 0.55 : 0.3;
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
    label: () => `${cpu ? span.name : wordsOf(span)}, ${duration(span.end - span.start)}`,
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

/** Names of spans, after all spans are drawn: first of those that run, then, if there is room, of the waits inside them. */
function paintSpanNames(brush: Brush, spans: readonly DrawnSpan[], part: Band, taken: Taken, cpu: boolean): void {
  const { ctx, layout, scale, palette } = brush;
  for (const waits of [false, true]) {
    for (const span of spans) {
      if (isWait(span) !== waits || span.kind === "dead" || (span.kind === "run" && !cpu)) continue;
      const from = Math.max(layout.left, layout.left + scale.x(span.start));
      const to = Math.min(layout.left + layout.plot, layout.left + scale.x(span.end));
      if (to - from < 14) continue;
      const words = cpu ? span.name : wordsOf(span);
      const width = ctx.measureText(words).width;
      const start = waits ? Math.max(from + 8, taken.freeFrom(from) + 6) : from + 5;
      if (start + width + 5 > to || !taken.claim(start - 3, start + width + 3)) continue;
      if (waits || (span.kind === "phase" && spans.some((other) => isWait(other) && other.start < span.end && other.end > span.start)))
        plate(brush, start - 3, width + 6, part, waits ? 1 : 0.8);
      ctx.fillStyle = waits ? palette.dim : palette.foreground;
      ctx.textAlign = "left";
      ctx.fillText(words, start, part.top + part.height / 2 + 0.5);
    }
  }
}

/** A background for text that would otherwise cross lines. */
function plate({ ctx, palette }: Brush, x: number, width: number, part: Band, opacity: number): void {
  ctx.fillStyle = palette.background;
  ctx.globalAlpha = opacity;
  ctx.fillRect(x, part.top + 1, width, part.height - 2);
  ctx.globalAlpha = 1;
}

/** The intervals of a lane that text or signs occupy. */
class Taken {
  readonly #intervals: { readonly from: number; readonly to: number }[] = [];

  claim(from: number, to: number): boolean {
    if (this.#intervals.some((taken) => from < taken.to && to > taken.from)) return false;
    this.#intervals.push({ from, to });
    return true;
  }

  /** The end of the occupied intervals that follow `x` without a gap. */
  freeFrom(x: number): number {
    return this.#intervals.reduce((end, taken) => (taken.from <= end + 12 && taken.to > end ? taken.to : end), x);
  }
}

interface Placed {
  readonly mark: Mark;
  readonly x: number;
}

/** In a crowd, quiet marks are drawn as columns, and of the loud marks one per sign's width; loud marks are drawn last. */
function paintMarks(brush: Brush, { quiet, loud }: Lane, part: Band, taken: Taken): void {
  const { layout, scale, edges } = brush;
  const [from, to] = [edges[0] ?? 0, edges[edges.length - 1] ?? 0];
  if (quiet.count(from, to) > crowd) paintCrowd(brush, quiet, part);
  else
    for (const mark of quiet.within(from, to)) {
      const x = layout.left + scale.x(mark.t);
      if (mark.kind === "finding") paintSign(brush, mark, x, part);
      else paintTick(brush, mark, x, part);
    }
  const signs: Placed[] = [];
  let free = -Infinity;
  const many = loud.count(from, to) > mostLabels;
  loud.columns(edges, (column, first) => {
    if (many && column < free) return;
    free = column + signWidth;
    const t = loud.times[first] ?? 0;
    // A few marks in the same column are all drawn: an oops may follow a warning immediately.
    for (let i = first; i < (many ? first + 1 : loud.length) && (loud.times[i] ?? Infinity) < (edges[column + 1] ?? Infinity); i++) {
      const mark = loud.at(i);
      if (mark !== undefined) signs.push({ mark, x: layout.left + scale.x(many ? t : mark.t) });
    }
  });
  for (const { mark, x } of signs) paintSign(brush, mark, x, part);
  for (const { mark, x } of signs.slice(-mostLabels).reverse())
    if (taken.claim(x - 7, x + 7)) paintText(brush, mark.tone === "error" || mark.kind !== "finding" ? shortWords(mark) : "", mark, x + 4, part, taken);
}

/** Columns with marks, adjacent columns as one bar; the mark under the pointer is looked up on demand. */
function paintCrowd({ ctx, palette, layout, edges, hits }: Brush, marks: MarkSeries, part: Band): void {
  ctx.fillStyle = palette[marks.variant];
  ctx.globalAlpha = 0.75;
  let start = -1;
  let last = -2;
  const flush = (): void => {
    if (start >= 0) ctx.fillRect(layout.left + start, part.top + 1, last - start + 1, part.height - 2);
  };
  marks.columns(edges, (column) => {
    if (column !== last + 1) {
      flush();
      start = column;
    }
    last = column;
  });
  flush();
  ctx.globalAlpha = 1;
  const markAt = (x: number): Mark | undefined => {
    const t = edges[Math.max(0, Math.min(edges.length - 1, Math.floor(x - layout.left)))] ?? 0;
    return marks.at(Math.min(marks.length - 1, firstAt(marks.times, t)));
  };
  hits.push({ x: layout.left, y: part.top, width: layout.plot, height: part.height, variant: marks.variant, label: () => "", t: edges[0] ?? 0, markAt });
}

/** A repeated line is shown once with its count; of different lines in one pixel column only the first is shown. */
function paintLogText(brush: Brush, lines: MarkSeries, part: Band, taken: Taken): void {
  const { layout, scale, edges } = brush;
  const many = lines.count(edges[0] ?? 0, edges[edges.length - 1] ?? 0) > mostLines;
  const marks: Mark[] = [];
  if (many)
    lines.columns(edges, (column, i) => {
      const mark = column % 4 === 0 ? lines.at(i) : undefined;
      if (mark !== undefined) marks.push(mark);
    });
  else marks.push(...lines.within(edges[0] ?? 0, edges[edges.length - 1] ?? 0));
  const xOf = (mark: Mark | undefined): number => (mark === undefined ? Infinity : layout.left + scale.x(mark.t));
  for (let i = 0; i < marks.length;) {
    const first = marks[i];
    if (first === undefined) return;
    const x = xOf(first);
    let end = i + 1;
    let same = 1;
    for (let next = marks[end]; next !== undefined && (next.label === first.label || xOf(next) < x + 2); next = marks[++end])
      if (next.label === first.label) same++;
    // The text may extend over its own series, up to the next line. In a crowd not every line was counted.
    paintText(brush, `${shortWords(first)}${same > 1 ? (many ? " …" : ` × ${same}`) : ""}`, first, x, part, taken, xOf(marks[end]));
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
  hits.push({ x: x - 3, y: part.top, width: 6, height: part.height, variant: mark.variant, label: () => mark.label, t: mark.t, mark });
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
  hits.push({ x: x - r - 1, y: part.top - 1, width: 2 * r + 2, height: part.height + 2, variant: mark.variant, label: () => mark.label, t: mark.t, mark });
}

/** Text next to its mark, if there is room: to the right or, if it would overlap what follows, to the left. */
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
