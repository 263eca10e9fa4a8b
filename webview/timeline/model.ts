// What the timeline draws of a result, computed once: rows, marks, spans, axis, and the moments at which the arrow keys
// stop. Must not depend on pixels or the DOM.

import type { ReviewResult, TimelineEvent, VariantName, VariantResult } from "../../engine/protocol.js";
import {
  activityWarp,
  busyTimes,
  firstAfter,
  firstAt,
  firstMoment,
  groupOf,
  type Lane,
  lastMoment,
  layersByCpu,
  layersByThread,
  linearWarp,
  type MarkGroup,
  type MarkSeries,
  readingAt,
  Readings,
  type Row,
  rowsOf,
  seriesOf,
  type SpanLayer,
  variantsOf,
  type Warp,
} from "../marks/index.js";

/** The moment, and the variant, that all views show. */
export interface Cursor {
  readonly t: number;
  readonly variant: VariantName;
}

export interface VariantModel {
  readonly name: VariantName;
  readonly result: VariantResult;
  /** Every mark that is not filtered out. */
  readonly marks: MarkSeries;
  /** The lane of each row; empty if the variant has none. */
  readonly lanes: readonly Lane[];
  /** Layers of each row in drawing order. */
  readonly layers: readonly (readonly SpanLayer[])[];
  readonly readings: Readings;
}

export interface Model {
  readonly variants: readonly VariantModel[];
  readonly rows: readonly Row[];
  readonly activity: Warp;
  readonly linear: Warp;
  /** Where the story starts, after the boot. */
  readonly first: number;
  /** The maximum of the curve's scale. */
  readonly most: number;
  /** Sorted, distinct moments at which something happens in either variant. */
  readonly stops: Float64Array;
  readonly hidden: ReadonlySet<MarkGroup>;
}

const nothingHidden: ReadonlySet<MarkGroup> = new Set();

/** @param hidden groups that are neither drawn nor stopped at */
export function modelOf(result: ReviewResult, hidden: ReadonlySet<MarkGroup> = nothingHidden): Model {
  const rows = rowsOf(result).filter(
    (row) => !(row.kind === "cpu" && hidden.has("runs")) && !(row.kind === "hypervisor" && hidden.has("calls")) && !(row.kind === "log" && hidden.has("log")),
  );
  const variants = variantsOf(result).flatMap((name): VariantModel[] => {
    const variant = result[name];
    return variant === undefined ? [] : [variantModel(name, variant, rows, hidden)];
  });
  const end = lastMoment(result);
  return {
    variants,
    rows,
    activity: activityWarp(busyTimes(result), 0, end),
    linear: linearWarp(0, end),
    first: firstMoment(result),
    most: Math.max(1, ...variants.map(({ result: variant }) => variant.peak)),
    stops: distinct(variants.flatMap(({ marks, readings }) => [marks.times, readings.times])),
    hidden,
  };
}

function variantModel(name: VariantName, result: VariantResult, rows: readonly Row[], hidden: ReadonlySet<MarkGroup>): VariantModel {
  const rowOfThread = new Map(rows.flatMap((row, i) => (row.kind === "thread" && row.ids[name] !== undefined ? [[row.ids[name], i] as const] : [])));
  const hypervisor = rows.findIndex(({ kind }) => kind === "hypervisor");
  const log = rows.findIndex(({ kind }) => kind === "log");
  const laneOf = (event: TimelineEvent): number => {
    const group = groupOf(event.k);
    if (group !== undefined && hidden.has(group)) return -1;
    return group === "calls" ? hypervisor : group === "log" ? log : (rowOfThread.get(event.thread) ?? -1);
  };
  const { all, lanes } = seriesOf(name, result, laneOf, rows.length);
  const { spans } = result.timeline;
  const shown = hidden.size === 0 ? spans : spans.filter(({ kind }) => !hidden.has(groupOf(kind) ?? "findings") || groupOf(kind) === undefined);
  const threads = layersByThread(shown);
  const cpus = layersByCpu(shown, new Map(result.timeline.lanes.map((lane) => [lane.id, lane])));
  const layers = rows.map((row): readonly SpanLayer[] => {
    if (row.kind === "cpu") return [cpus.get(row.cpu)].filter((layer) => layer !== undefined);
    const id = row.kind === "thread" ? row.ids[name] : undefined;
    return id === undefined ? [] : (threads.get(id) ?? []);
  });
  return { name, result, marks: all, lanes, layers, readings: new Readings(result.occupancy) };
}

function distinct(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  all.sort();
  let count = 0;
  for (const t of all) if (count === 0 || all[count - 1] !== t) all[count++] = t;
  return all.slice(0, count);
}

export function nextStop(model: Model, t: number): number | undefined {
  return model.stops[firstAfter(model.stops, t)];
}

export function previousStop(model: Model, t: number): number | undefined {
  return model.stops[firstAt(model.stops, t) - 1];
}

/** The next or previous moment at which this thread has an event. */
export function stopOfThread(variant: VariantModel, thread: number, t: number, direction: 1 | -1): number | undefined {
  const { marks } = variant;
  for (let i = direction === 1 ? firstAfter(marks.times, t) : firstAt(marks.times, t) - 1; i >= 0 && i < marks.length; i += direction)
    if (marks.event(i)?.thread === thread) return marks.times[i];
  return undefined;
}

export interface TableState {
  readonly mapped: number;
  readonly bits: number;
}

export function tableStateAt(variant: VariantModel, t: number): TableState {
  const reading = readingAt(variant.result.occupancy, t);
  return { mapped: reading?.mapped ?? 0, bits: reading?.bits ?? 0 };
}

/** What happened between two moments. */
export interface RangeSummary {
  readonly variant: VariantName;
  readonly least: number;
  readonly most: number;
  readonly calls: number;
  readonly failed: number;
  readonly lines: number;
  readonly findings: number;
}

export function summarizeRange({ name, marks, readings }: VariantModel, from: number, to: number): RangeSummary {
  const count = { calls: 0, failed: 0, lines: 0, findings: 0 };
  const end = firstAfter(marks.times, to);
  for (let i = firstAt(marks.times, from); i < end; i++) {
    const event = marks.event(i);
    if (event === undefined) continue;
    const group = groupOf(event.k);
    if (group === "calls") {
      count.calls++;
      if ((event.k === "hcall" || event.k === "rtas") && event.rc !== 0) count.failed++;
    } else if (group === "log") count.lines++;
    else if (group === "findings") count.findings++;
  }
  const inside = readings.range(firstAfter(readings.times, from), firstAfter(readings.times, to));
  const start = readings.level(from);
  return { variant: name, least: Math.min(start, inside.least), most: Math.max(start, inside.most), ...count };
}
