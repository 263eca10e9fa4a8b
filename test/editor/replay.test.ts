// A run replayed from its witness, by keyboard: copied, pasted, replayed, the same run; and the story of a finding from a
// search, drawn in the timeline.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, themes, until } from "./editor.js";
import { coldStart, outcomes, startReview } from "./steps.js";

describe("a replayed run", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await startReview();
  });
  afterAll(async () => {
    await editor.screenshot("replay-last");
    await editor.stop();
  });

  const figures = async (): Promise<string> => (await editor.inWebview(".card.before dl")).innerText();
  const replayed = async (card: "before" | "after"): Promise<true> => {
    const frame = await editor.webview(`.card.${card}`);
    return until("the replayed run", async () => ((await frame.locator(`.card.${card} .replayed`).count()) > 0 ? true : undefined), 60_000);
  };

  it("is the run that its copied witness names", async () => {
    const { page } = editor;
    const before = await figures();
    await editor.chord("n");
    await page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    await editor.command("TCE Scope: Copy Witness");
    const witness = await until("the witness in the clipboard", async () => {
      const text = await page.evaluate(() => navigator.clipboard.readText());
      return /^late-unmap:.*:before:[0-9a-f]+:/.test(text) ? text : undefined;
    });
    await editor.command("TCE Scope: Replay Witness…");
    const input = page.locator(".quick-input-widget .quick-input-box input[type=text]");
    await input.waitFor({ state: "visible" });
    await input.press("Control+V");
    await until("the pasted witness", async () => ((await input.inputValue()) === witness ? true : undefined));
    await editor.screenshot("replay-pasted");
    await editor.accept();
    await replayed("before");
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
    expect(await figures()).toBe(before);
    await editor.screenshot("replay-same");
  });

  it("yields to the review's own runs", async () => {
    await editor.command("TCE Scope: Run Again");
    const frame = await editor.webview(".card.before");
    await until("no replayed run", async () => ((await frame.locator(".replayed").count()) === 0 ? true : undefined), 60_000);
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
  });

  it("shows in the timeline what a search found with the patch: who was held up, who touched what, in which order", async () => {
    const { page } = editor;
    await editor.command("TCE Scope: Run Scenario…");
    await editor.pick("Parameters…");
    await editor.enter("hold=3s late=2");
    await until(
      "two late buffers",
      async () => ((await (await editor.inWebview(".card.before")).innerText()).length > 0 && (await outcomes(editor)).length === 2 ? true : undefined),
      coldStart,
    );
    await editor.command("TCE Scope: Search Deeper…");
    await editor.pick("Two preemptions");
    await until("a finding with the patch", async () => ((await outcomes(editor, 120_000))[1] !== "Nothing found" ? true : undefined), 120_000);
    await editor.screenshot("story-search");
    await editor.command("TCE Scope: Replay Witness…");
    await editor.pick(":after:");
    await replayed("after");
    await editor.command("TCE Scope: Show Timeline");
    const timeline = await editor.webview(".plot");
    await timeline.locator(".plot").focus();
    await page.waitForTimeout(1000);
    await editor.screenshot("story-dark");
    for (const theme of ["light", "high-contrast-dark", "high-contrast-light"] as const) {
      await editor.setSettings({ "workbench.colorTheme": themes[theme].id });
      await page.waitForTimeout(1_000);
      await editor.screenshot(`story-${theme}`);
    }
  });
});
