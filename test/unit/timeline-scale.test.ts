import { describe, expect, it } from "vitest";
import { follow, fullView, niceStep, pan, scaleOf, tickLabel, ticks, zoom } from "../../webview/marks/scale.js";
import { activityWarp, linearWarp } from "../../webview/marks/warp.js";

const s = 1e9;
const ms = 1e6;

describe("the time axis", () => {
  const busy = Array.from({ length: 40 }, (_, i) => 2 * ms + i * 50_000);
  const warp = activityWarp([...busy, 3 * s], 0, 3.1 * s);

  it("gives two milliseconds full of events more space than their duration, and the quiet seconds less", () => {
    const linear = linearWarp(0, 3.1 * s);
    const share = (axis: typeof warp, from: number, to: number): number => axis.toUnit(to) - axis.toUnit(from);
    expect(share(warp, 2 * ms, 4 * ms)).toBeGreaterThan(50 * share(linear, 2 * ms, 4 * ms));
    expect(share(warp, 4 * ms, 3 * s)).toBeLessThan(share(linear, 4 * ms, 3 * s));
    // A long wait is still wide.
    expect(share(warp, 4 * ms, 3 * s)).toBeGreaterThan(0.25);
  });

  it("is monotonic and invertible", () => {
    let last = -1;
    for (let t = 0; t <= 3.1 * s; t += 7.3 * ms) {
      const unit = warp.toUnit(t);
      expect(unit).toBeGreaterThan(last);
      expect(warp.toTime(unit)).toBeCloseTo(t, -2);
      last = unit;
    }
  });

  it("accepts a run without events", () => {
    const nothing = activityWarp([], 5, 5);
    expect(nothing.toUnit(5)).toBe(0);
    expect(nothing.toTime(1)).toBeGreaterThan(5);
  });
});

describe("zoom and pan", () => {
  it("keep the time under the pointer in place", () => {
    const view = zoom(zoom(fullView, 0.3, 0.6), 0.5, 0.62);
    const shareBefore = (0.62 - zoom(fullView, 0.3, 0.6).from) / 0.3;
    expect((0.62 - view.from) / (view.to - view.from)).toBeCloseTo(shareBefore);
  });

  it("never leave the axis", () => {
    expect(pan({ from: 0.8, to: 1 }, 3)).toEqual({ from: 0.8, to: 1 });
    expect(zoom({ from: 0, to: 0.1 }, 100, 0.05)).toEqual(fullView);
  });

  it("bring the cursor back into view with as little movement as possible", () => {
    const view = { from: 0.4, to: 0.5 };
    expect(follow(view, 0.45)).toBe(view);
    const moved = follow(view, 0.7);
    expect(moved.to - moved.from).toBeCloseTo(0.1);
    expect(moved.to).toBeCloseTo(0.705);
  });
});

describe("ticks", () => {
  it("are at round times, at least their spacing apart", () => {
    const scale = scaleOf(linearWarp(0, 3.1 * s), fullView, 900);
    const found = ticks(scale, 90);
    expect(found.length).toBeGreaterThan(4);
    found.forEach(({ x, t }, i) => {
      expect(t % (100 * ms)).toBe(0);
      expect(x - (found[i - 1]?.x ?? -90)).toBeGreaterThanOrEqual(89.999);
    });
  });

  it("step by 1, 2 or 5", () => {
    expect([niceStep(1), niceStep(3.9), niceStep(70), niceStep(4_999)]).toEqual([1, 2, 50, 2_000]);
  });

  it("have enough digits to distinguish neighbours", () => {
    expect(tickLabel(3.05 * s, 10 * ms)).toBe("3.05 s");
    expect(tickLabel(250 * ms, 50 * ms)).toBe("250 ms");
    expect(tickLabel(0, 1)).toBe("0");
  });
});
