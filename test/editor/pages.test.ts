// The webviews' pages alone: every text of ours comes from the bundle, axe finds nothing serious, and nothing is cut off from
// a width of 250 px up, or when enlarged.

import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { l10nBundle } from "../../scripts/write-l10n.mjs";
import type { Answer, HunkTable, ViewState } from "../../engine/protocol.js";
import { fixtureReview } from "../fixtures/review.js";
import { openBrowser, openPage, type PageName, posted, send } from "../pages/page.js";

const answers: readonly Answer[] = [
  {
    id: "after-limit",
    question: "QUESTION",
    tone: "bad",
    answer: "ANSWER",
    evidence: [
      { k: "run", text: "RUN", scenario: { name: "late-unmap", set: { hold: "135s" } }, variant: "after", witness: "w" },
      { k: "place", text: "PLACE", file: "lib/bitmap.c", line: 3, variant: "before" },
      { k: "quote", text: "QUOTE" },
    ],
  },
  { id: "blocked", question: "QUESTION", tone: "does-not-apply", answer: "ANSWER", evidence: [] },
];

const table: HunkTable = {
  groups: [{ hunks: [0], file: "f.c", lines: [1] }],
  columns: [
    { hunks: [], groups: [] },
    { hunks: [0, 1, 2], groups: [0] },
  ],
  rows: [{ hold: "3s", cells: [{ outcome: "clean", words: "WORDS", removal: 1e6, logLines: 3 }, undefined] }],
};

function states(): readonly ViewState[] {
  const result = fixtureReview();
  const base: ViewState = { phase: "ready", result, stale: false, problems: [], cursor: { t: 3.01e9, variant: "before" }, comparable: true, hunksOff: [] };
  return [
    { phase: "empty", stale: false, problems: [], cursor: base.cursor },
    { phase: "running", progress: { step: "STEP", fraction: 0.4 }, stale: false, problems: [], cursor: base.cursor },
    { phase: "problem", stale: false, problems: [{ code: "x", message: "MESSAGE", hint: "HINT", place: { file: "a.c", line: 2 } }], cursor: base.cursor },
    base,
    { ...base, stale: true, hunksOff: [1], questions: { answers, phase: "complete", stale: true }, hunkTable: { table, complete: true } },
    {
      ...base,
      questions: { answers, phase: "asking", stale: false, elsewhere: { name: "late-unmap", set: "hold=3s" } },
      hunkTable: { table, complete: false },
    },
  ];
}

/** Every text that a person can see or hear of the page. */
function spoken(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    for (const element of document.querySelectorAll("#root, #root *")) {
      for (const name of ["title", "aria-label", "aria-description", "placeholder"]) {
        const text = element.getAttribute(name);
        if (text !== null && text !== "") found.push(text);
      }
      for (const child of element.childNodes)
        if (child.nodeType === Node.TEXT_NODE && (child.textContent ?? "").trim() !== "") found.push(child.textContent ?? "");
    }
    return found;
  });
}

describe("the pages by themselves", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser.close();
  });

  for (const name of ["panel", "timeline"] as const satisfies readonly PageName[]) {
    it(`take every text of the ${name} from the bundle`, async () => {
      const pseudo = Object.fromEntries(Object.keys(l10nBundle()).map((text) => [text, `⟦${text}⟧`]));
      const page = await openPage(browser, name, { l10n: pseudo });
      for (const state of states()) {
        await send(page, { type: "state", state });
        await page.waitForTimeout(250);
        const data = JSON.stringify(state);
        const bare = (await spoken(page))
          .map((text) => {
            // What is left without the bundle's texts is data: figures, names, paths, or words of the state itself.
            let rest = text;
            for (let last = ""; last !== rest;) {
              last = rest;
              rest = rest.replace(/⟦[^⟦⟧]*⟧/g, " ");
            }
            return rest;
          })
          .flatMap((text) => [...text.matchAll(/[A-Za-z][A-Za-z_]{2,}/g)].map(([word]) => word))
          .filter((word) => !data.includes(word) && !["Linux"].includes(word));
        expect(bare, `${state.phase} of ${name}`).toEqual([]);
      }
      await page.close();
    });

    it(`have nothing serious for axe in the ${name}`, async () => {
      const page = await openPage(browser, name, { width: name === "panel" ? 300 : 1000 });
      await page.evaluate(axe.source);
      for (const state of states()) {
        await send(page, { type: "state", state });
        await page.waitForTimeout(250);
        const found = await page.evaluate(async () => {
          const run = (globalThis as unknown as { axe: { run(): Promise<axe.AxeResults> } }).axe;
          const { violations } = await run.run();
          return violations
            .filter(({ impact }) => impact === "serious" || impact === "critical")
            .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`);
        });
        expect(found, `${state.phase} of ${name}`).toEqual([]);
      }
      await page.close();
    });
  }

  it("fit 250 px of width, also enlarged", async () => {
    for (const [width, zoom] of [
      [250, 1],
      [300, 1],
      [500, 2],
    ] as const) {
      const page = await openPage(browser, "panel", { width, height: 900 });
      for (const state of states()) {
        await send(page, { type: "state", state });
        await page.evaluate((factor) => {
          document.documentElement.style.zoom = String(factor);
        }, zoom);
        await page.waitForTimeout(200);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(wider, `${state.phase} at ${width} px`).toBeLessThanOrEqual(0);
      }
      await page.close();
    }
  });

  it("are worked with the keyboard: a hunk's box, a link, the timeline's search", async () => {
    const panel = await openPage(browser, "panel", { width: 300, height: 900 });
    await send(panel, { type: "state", state: states()[3] ?? states()[0]! });
    await panel.locator('[data-key="switch.0"]').focus();
    await panel.keyboard.press("Space");
    expect((await posted(panel)).at(-1)).toEqual({ type: "command", command: "toggleHunk", args: ["0"] });
    await panel.close();
    const timeline = await openPage(browser, "timeline");
    await send(timeline, { type: "state", state: states()[3] ?? states()[0]! });
    await timeline.locator("input.search").fill("plpar_tce_stuff");
    await timeline.locator(".note", { hasText: "match" }).first().waitFor();
    await timeline.keyboard.press("Enter");
    await timeline.waitForTimeout(200);
    const messages = await posted(timeline);
    expect(messages.some((message) => message.type === "reveal" && message.keepFocus === true && message.file.endsWith("pseries/iommu.c"))).toBe(true);
    await timeline.close();
  });
});
