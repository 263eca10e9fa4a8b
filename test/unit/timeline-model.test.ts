import { describe, expect, it } from "vitest";
import { readingAt, Readings } from "../../webview/marks/occupancy.js";
import { layoutOf, variantAt } from "../../webview/timeline/layout.js";
import { modelOf, nextStop, previousStop, stopOfThread, summarizeRange, tableStateAt } from "../../webview/timeline/model.js";
import { seriesOf } from "../../webview/marks/mark-series.js";
import { matchFrom, searchMarks } from "../../webview/timeline/search.js";
import type { TimelineEvent } from "../../engine/protocol.js";
import { fixtureReview, ms, seconds } from "../fixtures/review.js";

describe("the timeline's model", () => {
  const review = fixtureReview({ hold: 3 * seconds });
  const model = modelOf(review);
  const [before, after] = model.variants;
  if (before === undefined || after === undefined) throw new Error("two variants expected");

  it("has a lane for each thread, shared by both variants, and one for hypercalls and one for the log", () => {
    expect(model.rows.map((row) => row.name)).toEqual(["ifup", "drmgr", "kworker/1:1", "CPU0", "CPU1", "hypervisor", "log"]);
  });

  it("draws the sleeps of a wait loop as one bar that counts them", () => {
    const row = model.rows.findIndex(({ name }) => name === "drmgr");
    const sleeps = (after.layers[row] ?? []).flatMap((layer) => layer.spans).filter((span) => span.kind === "sleep");
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]?.count).toBe(54);
  });

  it("steps from event to event and stops at the last", () => {
    const first = nextStop(model, 0);
    expect(first).toBe(2 * ms);
    const second = nextStop(model, 2 * ms) ?? 0;
    expect(previousStop(model, second)).toBe(2 * ms);
    expect(nextStop(model, 1000 * seconds)).toBeUndefined();
    expect(previousStop(model, 2 * ms)).toBeUndefined();
  });

  it("shows the numbers of both variants at the same time", () => {
    const t = 3.2 * seconds;
    expect([tableStateAt(before, t).mapped, tableStateAt(after, t).mapped]).toEqual([4, 0]);
  });

  it("finds the marks of a range by bisection, including both ends", () => {
    const mark = before.marks.at(0);
    expect([...before.marks.within(mark?.t ?? -1, mark?.t ?? -1)]).toContainEqual(mark);
    expect([...before.marks.within(5 * seconds, 6 * seconds)]).toEqual([]);
  });

  it("links a finding's mark to its line, and a mark in the engine's own code to none", () => {
    const finding = [...before.marks.within(0, Infinity)].find((mark) => mark.kind === "finding" && mark.tone === "error");
    expect(finding?.label).toContain("Oops");
    expect(finding?.site?.function).toBe("__bitmap_clear");
  });

  it("shows one variant for a tree without a patch", () => {
    const { after: _after, patch: _patch, ...alone } = review;
    expect(modelOf(alone).variants.map(({ name }) => name)).toEqual(["before"]);
  });
});

describe("a range of time", () => {
  const model = modelOf(fixtureReview({ hold: 3 * seconds }));
  const [before, after] = model.variants;
  if (before === undefined || after === undefined) throw new Error("two variants expected");

  it("is summarized per variant: extremes of the table, calls, failures, lines, findings", () => {
    const late = summarizeRange(before, 3 * seconds, 4 * seconds);
    expect(late).toMatchObject({ variant: "before", least: 4, most: 4, calls: 1, failed: 1, lines: 2 });
    expect(late.findings).toBeGreaterThan(0);
    expect(summarizeRange(after, 0, 1 * seconds)).toMatchObject({ most: 16, failed: 0, findings: 0 });
  });

  it("omits filtered events, also from the stops", () => {
    const quiet = modelOf(fixtureReview(), new Set(["log", "calls"]));
    expect(quiet.rows.map(({ name }) => name)).not.toContain("log");
    expect([...(quiet.variants[0]?.marks.within(0, Infinity) ?? [])].some(({ kind }) => kind === "hcall" || kind === "log")).toBe(false);
    expect(quiet.stops.length).toBeLessThan(model.stops.length);
  });

  it("can be stepped through by thread", () => {
    const next = stopOfThread(before, 3, 0, 1);
    expect(next).toBeGreaterThan(3 * seconds);
    expect([...before.marks.within(next ?? 0, next ?? 0)].every(({ thread }) => thread === 3)).toBe(true);
    expect(stopOfThread(before, 3, next ?? 0, -1)).toBeUndefined();
  });

  it("is searched by text, in both variants, in order of time", async () => {
    const found = await searchMarks(model, "UNEXPECTED tces", () => false);
    expect(found?.count).toBe(55);
    expect(matchFrom(found ?? { list: [], count: 0 }, 0, 1)?.mark.variant).toBeDefined();
    const times = found?.list.map(({ t }) => t) ?? [];
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect((await searchMarks(model, "no such thing", () => false))?.count).toBe(0);
  });
});

describe("dense marks", () => {
  const { before } = fixtureReview();
  const events = Array.from({ length: 10_000 }, (_, i): TimelineEvent => ({ k: "map", t: i * 10, thread: 1, buffer: i, dma: "0x0" }));
  const { all } = seriesOf("before", { ...before, timeline: { ...before.timeline, events } }, () => 0, 1);

  it("has one mark per column, the first one, and omits none", () => {
    const edges = Float64Array.from({ length: 101 }, (_, i) => i * 1_000);
    const columns: number[] = [];
    all.columns(edges, (column, i) => {
      columns.push(column);
      expect(all.times[i]).toBe(column * 1_000);
    });
    expect(columns).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it("leaves columns without events empty", () => {
    const seen: number[] = [];
    all.columns(new Float64Array([-50, -20, 95, 105, 200_000, 300_000]), (column) => seen.push(column));
    expect(seen).toEqual([1, 2, 3]);
  });
});

describe("the layout", () => {
  const model = modelOf(fixtureReview());

  it("never lets lanes and curve overlap, even in little space", () => {
    for (const [width, height] of [
      [1200, 400],
      [250, 80],
    ] as const) {
      const layout = layoutOf(model, width, height);
      const bands = [layout.axis, layout.curve, ...layout.lanes];
      bands.slice(1).forEach((band, i) => {
        const above = bands[i];
        expect(band.top).toBeGreaterThanOrEqual((above?.top ?? 0) + (above?.height ?? 0));
      });
      expect(layout.height).toBeGreaterThan(bands.at(-1)?.top ?? 0);
      expect(layout.left + layout.plot).toBeLessThanOrEqual(width);
    }
  });

  it("distinguishes the two variants' halves of a lane", () => {
    const layout = layoutOf(model, 800, 300);
    const [lane] = layout.lanes;
    expect(variantAt(layout, (lane?.parts.before?.top ?? 0) + 1)).toBe("before");
    expect(variantAt(layout, (lane?.parts.after?.top ?? 0) + 1)).toBe("after");
    expect(variantAt(layout, 0)).toBeUndefined();
  });
});

describe("the occupancy curve", () => {
  const readings = [
    { t: 10, mapped: 1, bits: 1 },
    { t: 10.2, mapped: 9, bits: 9 },
    { t: 10.4, mapped: 1, bits: 1 },
    { t: 50, mapped: 0, bits: 0 },
  ];

  it("is read between its changes", () => {
    expect([readingAt(readings, 9)?.mapped, readingAt(readings, 10)?.mapped, readingAt(readings, 49)?.mapped]).toEqual([undefined, 1, 1]);
  });

  it("keeps a spike that is narrower than a pixel", () => {
    const identity = (value: number): number => value;
    const steps = new Readings(readings).curve(identity, identity, identity, 0, 60);
    expect(Math.max(...steps.map(({ y }) => y))).toBe(9);
    expect(steps.at(-1)).toEqual({ x: 60, y: 0 });
  });
});
