// Measures frame times of the timeline with a million events: pointer and wheel events in a real Chromium, one per frame. The
// events are synthetic and generated in the page. Writes out/bench/timeline.json.

import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { bench, describe } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { findChromium } from "../chromium.js";
import { openBrowser, openPage, pagesAreBuilt } from "../pages/page.js";

const EVENTS = Number(process.env["TIMELINE_EVENTS"] ?? 1_000_000);
const FRAMES = 120;

type Gesture = "scrub" | "zoom" | "pan";

interface Frames {
  readonly frames: number;
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
  /** Share of frames that keep 60 frames per second, with a tolerance of one millisecond for the clock. */
  readonly inTime: number;
  /** Processor time of the page's main thread per frame, which does not depend on other load. */
  readonly processorMs: number;
}

/** Generates a result with `count` events, half in each variant, and posts it to the page, both within the page. */
function fill(page: Page, count: number): Promise<number> {
  return page.evaluate((all) => {
    const frame = { function: "__iommu_free", file: "arch/powerpc/kernel/iommu.c", line: 456 };
    const variant = (salt: number): unknown => {
      const events: unknown[] = [];
      const spans: unknown[] = [];
      const occupancy: unknown[] = [];
      const half = all / 2;
      let mapped = 0;
      for (let i = 0; i < half; i++) {
        const t = 1e6 + i * 240_000 + ((i * 7919 + salt) % 1000) * 100;
        const thread = 1 + (i % 8);
        if (i % 100 === 99) events.push({ k: "log", t, thread, level: i % 1000 === 999 ? 4 : 6, text: `line ${String(i % 40)} of the log`, site: frame });
        else if (i % 5 === 0) events.push({ k: "map", t, thread, buffer: i, dma: "0x8000000" });
        else events.push({ k: "hcall", t, thread, name: "H_PUT_TCE", liobn: 0x70000016, index: i, count: 1, rc: i % 5000 === 4999 ? -4 : 0, site: frame });
        mapped = Math.max(0, mapped + (((i * 31 + salt) % 7) - 3));
        if (i % 3 === 0) occupancy.push({ t, mapped, bits: mapped });
        if (i % 4 === 0) spans.push({ thread, start: t, end: t + 800_000, kind: i % 8 === 0 ? "run" : "sleep", name: "msleep", site: frame });
      }
      const lanes = Array.from({ length: 8 }, (_, i) => ({ id: i + 1, name: `kworker/${String(i % 4)}:${String(i)}`, cpu: i % 4 }));
      const end = 2e6 + half * 240_000;
      return {
        outcome: "clean",
        findings: [],
        covered: { text: "synthetic", executions: 1, preemptions: 0, cpus: 4, buffers: 16, memoryModel: "sequential consistency" },
        functions: { tree: [], provided: [], assumed: [] },
        log: [],
        detach: { start: 1e9, end: end / 2 },
        occupancy,
        coverage: [],
        timeline: { end, lanes, spans, events },
        witness: "",
        mappedAtDetach: 0,
        peak: 200,
      };
    };
    const result = {
      schema: "tcescope/1",
      tool: { name: "tcescope", version: "0" },
      tree: { version: "0" },
      patch: { subject: "synthetic", from: "", repairs: [], hunks: [] },
      scenario: { name: "late-unmap", parameters: {} },
      before: variant(1),
      after: variant(5),
      assumptions: [],
      timing: { totalMs: 0, compileMs: 0, runMs: 0 },
    };
    const state = { phase: "ready", result, stale: false, problems: [], cursor: { t: 0, variant: "before" } };
    const started = performance.now();
    window.dispatchEvent(new MessageEvent("message", { data: { type: "state", state } }));
    return performance.now() - started;
  }, count);
}

/** Dispatches one event of the gesture per frame. Returns the times between frames in ms. */
function gesture(page: Page, kind: Gesture, frames: number): Promise<readonly number[]> {
  return page.evaluate(
    ([name, count]) =>
      new Promise<number[]>((done) => {
        const plot = document.querySelector<HTMLElement>(".plot");
        if (plot === null) {
          done([]);
          return;
        }
        const box = plot.getBoundingClientRect();
        const times: number[] = [];
        let last = performance.now();
        const at = (i: number): number => box.left + 140 + (box.width - 180) * (0.5 + 0.5 * Math.sin(i / 17));
        const pointer = (type: string, i: number): void => {
          plot.dispatchEvent(
            new PointerEvent(type, { clientX: at(i), clientY: box.top + 60, buttons: type === "pointerup" ? 0 : 1, button: 0, pointerId: 1, bubbles: true }),
          );
        };
        // A synthetic pointer cannot be captured.
        plot.setPointerCapture = () => undefined;
        // Zooms in, so that panning is possible.
        if (name === "pan") for (const key of ["0", "+", "+"]) plot.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        if (name === "scrub") pointer("pointerdown", 0);
        const tick = (now: number): void => {
          times.push(now - last);
          last = now;
          const i = times.length;
          if (i > count) {
            if (name === "scrub") pointer("pointerup", i);
            done(times.slice(1));
            return;
          }
          if (name === "scrub") pointer("pointermove", i);
          else if (name === "zoom")
            plot.dispatchEvent(
              new WheelEvent("wheel", {
                clientX: at(i),
                clientY: box.top + 60,
                deltaY: Math.sin(i / 40) > 0 ? -60 : 60,
                ctrlKey: true,
                bubbles: true,
                cancelable: true,
              }),
            );
          else
            plot.dispatchEvent(
              new WheelEvent("wheel", { clientX: at(i), clientY: box.top + 60, deltaX: Math.sin(i / 30) * 90, deltaY: 0, bubbles: true, cancelable: true }),
            );
          requestAnimationFrame(tick);
        };
        requestAnimationFrame(tick);
      }),
    [kind, frames] as const,
  );
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
const round = (value: number): number => Math.round(value * 100) / 100;

const measurements: Record<string, unknown> = {};

describe.skipIf(findChromium() === undefined || !pagesAreBuilt())("the timeline with a million events", () => {
  let browser: Browser | undefined;
  let opened: Promise<Page> | undefined;
  const open = async (): Promise<Page> => {
    browser = await openBrowser();
    const page = await openPage(browser, "timeline", { width: 1300, height: 420 });
    measurements["modelMs"] = round(await fill(page, EVENTS));
    await page.waitForTimeout(1_000);
    return page;
  };
  const report = (): void => {
    const out = join(projectDir, "out", "bench");
    mkdirSync(out, { recursive: true });
    const machine = { cpu: cpus()[0]?.model ?? "", cpus: cpus().length, load: round(loadavg()[0] ?? 0), browser: browser?.version() };
    const text = JSON.stringify({ events: EVENTS, machine, ...measurements }, undefined, 1);
    writeFileSync(join(out, "timeline.json"), `${text}\n`);
    console.log(text);
  };

  for (const kind of ["scrub", "pan", "zoom"] as const)
    bench(
      kind,
      async () => {
        const page = await (opened ??= open());
        const cdp = await page.context().newCDPSession(page);
        await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
        const cpuTime = async (): Promise<number> => (await cdp.send("Performance.getMetrics")).metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
        const before = await cpuTime();
        const times = await gesture(page, kind, FRAMES);
        const processorMs = ((await cpuTime()) - before) * 1e3;
        await cdp.detach();
        const frames: Frames = {
          frames: times.length,
          medianMs: round(quantile(times, 0.5)),
          p95Ms: round(quantile(times, 0.95)),
          p99Ms: round(quantile(times, 0.99)),
          longestMs: round(Math.max(...times)),
          inTime: round(times.filter((ms) => ms <= 17.7).length / Math.max(1, times.length)),
          processorMs: round(processorMs / Math.max(1, times.length)),
        };
        measurements[kind] = frames;
      },
      {
        iterations: 1,
        time: 0,
        warmupIterations: 0,
        warmupTime: 0,
        throws: true,
        // Vitest does not call the suite's hooks for benchmarks.
        teardown: async () => {
          if (measurements["zoom"] === undefined || kind !== "zoom") return;
          report();
          await browser?.close();
        },
      },
    );
});
