import { describe, expect, it } from "vitest";
import { readingAt, stepCurve } from "../../webview/occupancy.js";
import { layoutOf, variantAt } from "../../webview/timeline-layout.js";
import { figuresAt, marksWithin, modelOf, nextStop, previousStop } from "../../webview/timeline-model.js";
import { fixtureReview, ms, seconds } from "../fixtures/review.js";

describe("the timeline's model", () => {
  const review = fixtureReview({ hold: 3 * seconds });
  const model = modelOf(review);
  const [before, after] = model.variants;
  if (before === undefined || after === undefined) throw new Error("two variants expected");

  it("has a lane for each thread, shared by both variants, and one for hypercalls and one for the log", () => {
    expect(model.rows.map((row) => row.name)).toEqual(["ifup", "drmgr", "kworker/1:1", "hypervisor", "log"]);
  });

  it("draws the sleeps of a wait loop as one bar that counts them", () => {
    const sleeps = after.spans.get(2)?.filter((span) => span.kind === "sleep") ?? [];
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]?.count).toBe(54);
  });

  it("walks from event to event and stops at the last", () => {
    const first = nextStop(model, 0);
    expect(first).toBe(2 * ms);
    const second = nextStop(model, 2 * ms) ?? 0;
    expect(previousStop(model, second)).toBe(2 * ms);
    expect(nextStop(model, 1000 * seconds)).toBeUndefined();
    expect(previousStop(model, 2 * ms)).toBeUndefined();
  });

  it("knows both variants' figures at the same moment", () => {
    const t = 3.2 * seconds;
    expect([figuresAt(before, t).mapped, figuresAt(after, t).mapped]).toEqual([4, 0]);
  });

  it("picks the marks of a stretch by bisection, both ends included", () => {
    const [mark] = before.marks;
    expect(marksWithin(before.marks, mark?.t ?? -1, mark?.t ?? -1)).toContain(mark);
    expect(marksWithin(before.marks, 5 * seconds, 6 * seconds)).toEqual([]);
  });

  it("leads a finding's mark to its line, and a mark in the engine's own code nowhere", () => {
    const finding = before.marks.find((mark) => mark.kind === "finding" && mark.tone === "error");
    expect(finding?.label).toContain("Oops");
    expect(finding?.site?.function).toBe("__bitmap_clear");
  });

  it("shows a tree that was run alone as one variant", () => {
    const { after: _after, patch: _patch, ...alone } = review;
    expect(modelOf(alone).variants.map(({ name }) => name)).toEqual(["before"]);
  });
});

describe("the layout", () => {
  const model = modelOf(fixtureReview());

  it("never lets lanes or curve overlap, however little room there is", () => {
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

  it("knows whose half of a lane was pressed", () => {
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
    const steps = stepCurve(
      readings,
      (t) => t,
      (mapped) => mapped,
      0,
      60,
    );
    expect(Math.max(...steps.map(({ y }) => y))).toBe(9);
    expect(steps.at(-1)).toEqual({ x: 60, y: 0 });
  });
});
