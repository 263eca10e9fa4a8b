// The panel as a reviewer uses it: excluded hunks, the questions and their evidence, the findings as a native tree; by
// keyboard where a person would.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor, until } from "./editor.js";
import { coldStart, outcomes as verdicts } from "./steps.js";

const core = "arch/powerpc/kernel/iommu.c";

describe("the review panel", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await Editor.start();
    await editor.command("TCE Scope: Show Review");
    await editor.inWebview(".welcome");
    await editor.openFile(core);
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    await editor.webview(".card.after", coldStart);
  });
  afterAll(async () => {
    await editor.screenshot("panel-last");
    await editor.stop();
  });

  const outcomes = (): Promise<readonly string[]> =>
    until("both verdicts", async () => {
      const found = await verdicts(editor);
      return found.length > 1 ? found : undefined;
    });

  it("answers the questions automatically, and opens the runs behind the answers", async () => {
    const frame = await editor.webview(".questions", coldStart);
    await until("all answers", async () => ((await frame.locator(".questions > li").count()) >= 9 ? true : undefined), coldStart);
    const text = await frame.locator(".questions").innerText();
    expect(text).toContain("Does a hold past the limit still fail?");
    expect(text).toMatch(/Yes\. With a hold of 120\.\d+ s: oops in __bitmap_clear/);
    // The list may be made anew meanwhile.
    await until("the questions in view", () =>
      frame
        .locator(".questions")
        .scrollIntoViewIfNeeded({ timeout: 5_000 })
        .then(
          () => true as const,
          () => undefined,
        ),
    );
    await editor.screenshot("panel-questions");
  });

  it("excludes a hunk by keyboard, runs the rest, and reports it", async () => {
    const frame = await editor.webview(".card.after");
    await frame.locator('[data-key="switch.3"]').focus();
    await editor.page.keyboard.press("Space");
    await until("the verdict on three hunks", async () => ((await outcomes())[1] === "Warning" ? true : undefined), 60_000);
    expect(
      await frame
        .locator(".covered")
        .allInnerTexts()
        .then((all) => all.join("\n")),
    ).toContain("Excluded: hunk 4 of 4");
    expect(await frame.locator(".questions").locator("xpath=..").getAttribute("class")).toContain("stale");
    expect(await frame.evaluate(() => document.activeElement?.getAttribute("data-key"))).toBe("switch.3");
    await editor.screenshot("panel-hunk-off");
    await editor.page.keyboard.press("Space");
    await until("the whole patch again", async () => ((await outcomes())[1] === "Nothing found" ? true : undefined), 60_000);
  });

  it("switches hunks from the palette as well", async () => {
    await editor.command("TCE Scope: Choose Hunks to Apply…");
    const rows = editor.page.locator(".quick-input-list .monaco-list-row");
    await rows.nth(2).waitFor();
    await rows.nth(0).locator(".monaco-icon-label").first().click();
    await editor.accept();
    // Without its include the loop still compiles here: other headers bring it in. What matters is what the panel says.
    const frame = await editor.webview(".card.after");
    await until("one hunk off", async () => ((await frame.locator(".hunks li.off").count()) === 1 ? true : undefined));
    await outcomes();
    await editor.command("TCE Scope: Apply All Hunks");
    await until("no hunk off", async () => ((await frame.locator(".hunks li.off").count()) === 0 ? true : undefined));
    await outcomes();
  });

  it("shows what every subset of the built-in change does", async () => {
    await editor.command("TCE Scope: Compare Hunks");
    const frame = await editor.webview(".hunk-table", coldStart);
    await until("the whole table", async () => ((await frame.locator(".hunk-table td", { hasText: "…" }).count()) === 0 ? true : undefined), coldStart);
    expect(await frame.locator(".hunk-table tbody tr").count()).toBe(4);
    expect(await frame.locator(".hunk-table tbody tr").first().innerText()).toContain("oops");
  });

  it("lists the findings as a tree; Enter opens the line", async () => {
    await editor.openFile("lib/bitmap.c");
    await editor.command("TCE Scope: Show Findings");
    const rows = editor.page.locator('.pane[aria-label^="Findings"] .monaco-list-row, .tree-explorer-viewlet-tree-view .monaco-list-row');
    await rows.first().waitFor();
    const labels = await rows.allInnerTexts();
    expect(labels.join("\n")).toContain("__bitmap_clear");
    expect(labels.join("\n")).toContain("silent accesses");
    const hasKeys = (): Promise<boolean> => editor.page.evaluate(() => document.activeElement?.closest(".tree-explorer-viewlet-tree-view") instanceof Element);
    await until("the keys in the tree", async () => ((await hasKeys()) ? true : undefined));
    await editor.page.keyboard.press("Home");
    await editor.page.keyboard.press("ArrowDown");
    await editor.page.keyboard.press("Enter");
    await editor.page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    expect(await editor.visibleText()).toContain("bitmap_clear(");
    await editor.screenshot("panel-findings");
  });

  it("offers in a finding's menu what can be done with it", async () => {
    const row = editor.page.locator(".tree-explorer-viewlet-tree-view .monaco-list-row", { hasText: "__bitmap_clear" }).first();
    await row.click({ button: "right" });
    const menu = editor.page.locator(".monaco-menu");
    await menu.waitFor();
    const text = await menu.innerText();
    expect(text).toContain("Show Finding in Timeline");
    expect(text).toContain("Copy Witness");
    await editor.page.keyboard.press("Escape");
  });

  it("opens the run behind an answer", async () => {
    const frame = await editor.webview(".questions");
    await frame.locator(".questions li", { hasText: "Does a hold past the limit still fail" }).locator(".evidence button.link").first().click();
    await until(
      "the scenario of that run",
      async () =>
        (
          await frame
            .locator("h2 .aside")
            .first()
            .innerText()
            .catch(() => "")
        ).includes("hold 120.0") || (await frame.locator("section[aria-label=Verdict] .aside").innerText()).includes("hold 120")
          ? true
          : undefined,
      60_000,
    );
    expect((await outcomes())[1]).toBe("Oops");
    await editor.screenshot("panel-run");
    await frame.locator('[data-key="back"]').click();
    await until("the review as it was", async () => ((await outcomes())[1] === "Nothing found" ? true : undefined), 60_000);
    expect(await frame.locator('[data-key="back"]').count()).toBe(0);
  });

  for (const theme of ["light", "high-contrast-dark", "high-contrast-light"] as const)
    it(`shows hunks, questions and findings in ${theme}`, async () => {
      await editor.setTheme(theme);
      await editor.command("TCE Scope: Show Review");
      // The review that comes back with the window ends what runs beside it.
      await outcomes();
      await editor.command("TCE Scope: Answer Review Questions");
      await until(
        "all answers, and the third in view",
        async () => {
          const answers = (await editor.webview(".questions")).locator(".questions > li");
          if ((await answers.count()) < 9) return undefined;
          // The list may be made anew meanwhile.
          return answers
            .nth(2)
            .scrollIntoViewIfNeeded()
            .then(
              () => true,
              () => undefined,
            );
        },
        coldStart,
      );
      await editor.screenshot(`panel-${theme}`);
    });
});
