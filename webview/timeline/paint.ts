// Draws the timeline: axis, names, curves, and through lanes.ts the lanes. Returns the hit area of each mark. Before is
// solid, after is dashed: colour is never the only difference.

import { duration, type Palette, t } from "../base/index.js";
import { type Scale, ticks } from "../marks/index.js";
import { type Brush, clipped, type Hit, line, polygon } from "./brush.js";
import { paintLane } from "./lanes.js";
import type { Layout } from "./layout.js";
import type { Model, VariantModel } from "./model.js";

export function paint(ctx: CanvasRenderingContext2D, model: Model, layout: Layout, scale: Scale, palette: Palette): readonly Hit[] {
  const brush: Brush = { ctx, model, layout, scale, palette, edges: edgesOf(scale), hits: [] };
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

function edgesOf(scale: Scale): Float64Array {
  const columns = Math.max(1, Math.ceil(scale.width));
  return Float64Array.from({ length: columns + 1 }, (_, x) => scale.t(x));
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
  ctx.fillText(clipped(ctx, t("mapped TCEs"), left - 34), 12, curve.top + curve.height / 2);
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
  const corners = variant.readings.curve(
    (t) => left + scale.x(t),
    (x) => scale.t(x - left),
    y,
    scale.t(0),
    end,
  );
  // A dense curve looks like a band: dashes would not be visible, and cost more than everything else.
  if (variant.name === "after" && corners.length < 2 * scale.width) ctx.setLineDash([5, 3]);
  ctx.beginPath();
  corners.forEach((corner, i) => {
    if (i === 0) ctx.moveTo(corner.x, corner.y);
    else ctx.lineTo(corner.x, corner.y);
  });
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineWidth = 1;
  paintRemoval(brush, variant, y(0));
  for (const finding of variant.result.findings) {
    const x = left + scale.x(finding.t);
    if (x < left - 5 || x > left + layout.plot + 5) continue;
    ctx.fillStyle = finding.severity === "oops" ? palette.error : palette.warning;
    const at = y(variant.readings.level(finding.t)) - 3;
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
  const words = (): string => (detach.end === null ? t("the removal does not return") : t("the removal took {0}", duration(detach.end - detach.start)));
  hits.push({ x: from, y: y - 1, width: Math.max(3, to - from), height: 5, variant: variant.name, label: words, t: detach.start });
}
