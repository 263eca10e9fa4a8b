// The review of a mail as a person does it: palette, panel, overlay, timeline, edit, other holds. The mail is in the
// project's own wording, generated from the tree, in the form in which a list archive stores it.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor, until } from "./editor.js";
import { lineOf, openAt, outcomes, panel } from "./steps.js";

const core = "arch/powerpc/kernel/iommu.c";
const plot = ".plot";

describe("a review in the editor", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await Editor.start();
  });
  afterAll(async () => {
    await editor.screenshot("review-last");
    await editor.stop();
  });

  it("starts with an empty panel that explains what to do", async () => {
    await editor.command("TCE Scope: Show Review");
    const welcome = await editor.inWebview(".welcome");
    expect(await welcome.innerText()).toContain("Review Patch…");
    await editor.screenshot("review-empty");
  });

  it("reviews a change picked in the palette: an oops before, nothing after", async () => {
    await editor.openFile(core);
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
    const frame = await editor.webview(panel);
    expect(await frame.locator(".covered").first().innerText()).toContain("16 buffers");
    expect(await frame.locator('[data-key^="hunk."]').count()).toBeGreaterThan(0);
  });

  it("shows the oops at the line of the code under review, and what went before it", async () => {
    await openAt(editor, core, "bitmap_clear(");
    const line = await lineOf(editor, "bitmap_clear(");
    const notes = await until("text after the lines", async () => {
      const found = await editor.afterTexts();
      return found.some((note) => note.line === line) ? found : undefined;
    });
    expect(notes.find((note) => note.line === line)?.text).toContain("oops in __bitmap_clear");
    expect(notes.some(({ text }) => text.includes("silent read of freed tbl->it_page_shift"))).toBe(true);
    await editor.screenshot("review-overlay");
  });

  it("leads from the worst finding in the card to its line", async () => {
    await editor.openFile("lib/bitmap.c");
    const frame = await editor.webview(panel);
    await frame.locator(".card.before .because button.link").first().click();
    await editor.page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    expect(await editor.visibleText()).toContain("bitmap_clear(");
  });

  it("ties the timeline's cursor to the figures on the lines, by keyboard", async () => {
    await editor.command("TCE Scope: Show Timeline");
    const timeline = await editor.webview(plot);
    await timeline.locator(plot).focus();
    const words = async (): Promise<string> => (await timeline.locator(plot).getAttribute("aria-valuetext")) ?? "";
    await editor.page.keyboard.press("Home");
    expect(await words()).toMatch(/^0\.000 000 s, Before: 0 mapped, With the patch: 0 mapped/);
    await editor.screenshot("review-timeline");
    await until("the oops to leave the line", async () => ((await editor.afterTexts()).some(({ text }) => text.includes("oops")) ? undefined : true));
    await editor.page.keyboard.press("End");
    await until("the oops to come back", async () => ((await editor.afterTexts()).some(({ text }) => text.includes("oops")) ? true : undefined));
    await editor.page.keyboard.press("ArrowLeft");
    await editor.page.keyboard.press("ArrowLeft");
    expect(await words()).not.toBe("");
  });

  it("finds events by text, and shows the numbers of a selected range", async () => {
    const timeline = await editor.webview(plot);
    await timeline.locator("input.search").fill("unexpected");
    await until("a hit", async () => (/[1-9]\d* match/.test(await timeline.locator(".bar").innerText()) ? true : undefined));
    await timeline.locator("input.search").press("Enter");
    const words = (): Promise<string | null> => timeline.locator(plot).getAttribute("aria-valuetext");
    await until("the cursor on the hit", async () => (((await words()) ?? "").includes("Unexpected TCEs") ? true : undefined));
    await timeline.locator(plot).focus();
    await editor.page.keyboard.press("[");
    const range = timeline.locator(".bar .range");
    await until("figures of the range", async () => (/mapped.*call/.test(await range.innerText()) ? true : undefined));
    expect(await range.innerText()).toMatch(/1 line|\d+ lines/);
    await editor.screenshot("timeline-range");
    await editor.page.keyboard.press("Escape");
    expect(await range.innerText()).toBe("");
    await timeline.locator("input.search").fill("");
  });

  it("leaves out what is filtered out", async () => {
    const timeline = await editor.webview(plot);
    await timeline.locator(".filter > summary").click();
    await timeline.locator(".filter label", { hasText: "Log lines" }).click();
    await editor.screenshot("timeline-filter");
    await timeline.locator(".filter label", { hasText: "Log lines" }).click();
    await timeline.locator(".filter > summary").press("Escape");
  });

  it("steps thread by thread, and the editor follows without taking the keys", async () => {
    const timeline = await editor.webview(plot);
    await editor.openFile("lib/bitmap.c");
    await timeline.locator(plot).focus();
    await editor.page.keyboard.press("Home");
    for (let i = 0; i < 6; i++) await editor.page.keyboard.press("ArrowRight");
    await editor.page.keyboard.press("k");
    await editor.page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    expect(await timeline.evaluate(() => document.activeElement?.className)).toBe("plot");
  });

  it("steps from operation to operation, across threads and within one, and the editor follows", async () => {
    const timeline = await editor.webview(plot);
    await timeline.locator(plot).focus();
    await editor.page.keyboard.press("End");
    const words = async (): Promise<string> => (await timeline.locator(".bar .operation").innerText()).replaceAll(/\s/g, " ");
    const now = (): Promise<string | null> => timeline.locator(plot).getAttribute("aria-valuenow");
    const step = async (key: string): Promise<string> => {
      const before = await now();
      await editor.page.keyboard.press(key);
      await until(`another operation by ${key}`, async () => ((await now()) !== before ? true : undefined), 60_000);
      return words();
    };
    // The last thing that happens in the tree as it is: the worker clears a bit of the freed map.
    expect(await step(",")).toMatch(/^kworker\/1:1 · .* · __bitmap_clear at bitmap\.c:\d+$/);
    await editor.page.locator('.tab.active[data-resource-name="bitmap.c"]').waitFor();
    expect(await step(",")).toContain("kworker/1:1");
    await editor.screenshot("timeline-operations");
    // Within a thread, the others are passed over.
    const here = (await step("<")).split(" · ")[0];
    expect((await step("<")).split(" · ")[0]).toBe(here);
    expect(await timeline.evaluate(() => document.activeElement?.className)).toBe("plot");
    expect(await timeline.locator(plot).getAttribute("aria-valuetext")).toContain("kworker/1:1 · ");
    await timeline.locator('button[aria-label^="Show events"]').click();
    expect(await timeline.locator(".table tr.current").count()).toBe(1);
    await editor.screenshot("timeline-operations-table");
    await timeline.locator('button[aria-label^="Show events"]').click();
    await timeline.locator(plot).focus();
    await editor.page.keyboard.press("0");
  });

  it("offers the timeline's events as a table", async () => {
    const timeline = await editor.webview(plot);
    await timeline.locator('button[aria-label^="Show events"]').click();
    await timeline.locator(".table tbody tr").first().waitFor();
    expect(await timeline.locator(".table th").allInnerTexts()).toContain("Thread");
    await timeline.locator('button[aria-label^="Show events"]').click();
    await timeline.locator(plot).waitFor();
  });

  it("lists the findings as problems", async () => {
    await editor.command("Problems: Focus on Problems View");
    await editor.page.locator(".markers-panel .monaco-list-row", { hasText: "TCE Scope" }).first().waitFor();
    await editor.screenshot("review-problems");
  });

  it("shows the patched file next to the tree's", async () => {
    await editor.openFile(core);
    await editor.command("TCE Scope: Show Patched File");
    await until("the diff", async () => ((await editor.tabs()).includes("iommu.c (tree ↔ patched)") ? true : undefined));
    await editor.page.locator(".monaco-diff-editor .line-insert").first().waitFor();
    await editor.screenshot("review-diff");
    await editor.command("View: Close Editor");
  });

  it("runs again automatically after an edit, and marks the old result as stale until then", async () => {
    await openAt(editor, core, "vfree(");
    await editor.page.keyboard.press("Home");
    await editor.page.keyboard.type("// ");
    const frame = await editor.webview(panel);
    await until("the verdict marked as stale", async () => ((await frame.locator("section.stale .cards").count()) > 0 ? true : undefined));
    // Without the vfree the bitmap is still there when the late unmap clears its bit.
    await until("a verdict without the oops", async () => ((await outcomes(editor, 60_000)).includes("Oops") ? undefined : true), 60_000);
    await editor.command("File: Revert File");
    await until("the oops to come back", async () => ((await outcomes(editor, 60_000))[0] === "Oops" ? true : undefined), 60_000);
  });

  it("names the place that it cannot judge: a syntax error in a function that is reached", async () => {
    await openAt(editor, core, "bitmap_clear(");
    await editor.page.keyboard.press("Home");
    await editor.page.keyboard.type("( ");
    await until("cannot judge", async () => ((await outcomes(editor, 60_000))[0] === "Cannot judge" ? true : undefined), 60_000);
    const frame = await editor.webview(panel);
    expect(await frame.locator(".card.before .because").innerText()).toMatch(/iommu\.c:\d+/);
    await editor.screenshot("review-cannot-judge");
    await editor.command("File: Revert File");
    await until("the verdict to come back", async () => ((await outcomes(editor, 60_000))[0] === "Oops" ? true : undefined), 60_000);
  });

  it("refuses parameters it does not know, and names the known ones", async () => {
    await editor.command("TCE Scope: Run Scenario…");
    await editor.pick("Parameters…");
    const input = editor.page.locator(".quick-input-widget .quick-input-box input[type=text]");
    await input.fill("holt=3s");
    const message = editor.page.locator(".quick-input-widget .quick-input-message");
    await until("the known parameters", async () => ((await message.innerText()).includes("hold=3s") ? true : undefined));
    await editor.page.keyboard.press("Escape");
  });

  it("finds the oops again when the buffers are held beyond the wait's limit", async () => {
    await editor.command("TCE Scope: Run Scenario…");
    await editor.pick("Never released");
    const frame = await editor.webview(panel);
    await until("the new scenario", async () => ((await frame.locator("h2 .aside").first().innerText()).includes("never") ? true : undefined), 60_000);
    const found = await outcomes(editor, 60_000);
    expect(found).toHaveLength(2);
    await editor.screenshot("review-never");
  });

  it("forgets the review on request", async () => {
    await editor.command("TCE Scope: Clear Review");
    await editor.inWebview(".welcome");
    await editor.openFile(core);
    expect(await editor.afterTexts()).toEqual([]);
  });
});
