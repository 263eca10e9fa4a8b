// Stepping through a recorded run in the editor, mostly by keyboard: to the use, back to the free, line by line both ways,
// values next to the code; code lenses above functions, badges of files, actions at the lines of findings.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type ThemeName, until } from "./editor.js";
import { find, lineOf, startReview } from "./steps.js";

describe("stepping through a run", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await startReview();
  });
  afterAll(async () => {
    await editor.screenshot("debug-last");
    await editor.stop();
  });

  /** The call stack's functions, as the view shows them, the running thread's first. */
  const stack = (): Promise<readonly string[]> => editor.page.locator(".debug-call-stack .stack-frame > .label").allInnerTexts();
  const stoppedIn = (name: string): Promise<true> =>
    until(
      `a stop in ${name}`,
      async () => {
        const found = await stack();
        return found[0]?.startsWith(name) === true ? true : undefined;
      },
      60_000,
    );
  const variables = async (): Promise<string> => (await editor.page.locator(".debug-variables").innerText()).replaceAll(/\s+/g, " ");

  /** To a line of the code under review: its tab is open, beside those that stops open. */
  const at = async (text: string): Promise<void> => {
    await editor.page.locator('.tab[data-resource-name="iommu.c"]').first().click();
    await find(editor, text);
  };

  it("shows above each function what the run did in it", async () => {
    await at("static void __iommu_free(");
    const lenses = await until("lenses above functions", async () => {
      const found = await editor.codeLenses();
      return found.some((text) => text.includes("ran ")) ? found : undefined;
    });
    expect(lenses.join("\n")).toMatch(/ran \d+ times?/);
    expect(lenses).toContain("Debug");
    await editor.screenshot("debug-lenses");
  });

  it("stops before the oops, with the stack of the code under review", async () => {
    await at("bitmap_clear(tbl->it_map");
    await editor.command("TCE Scope: Debug Witness…");
    await editor.pick("__bitmap_clear");
    await editor.page.locator(".debug-toolbar").waitFor({ timeout: 90_000 });
    await stoppedIn("__bitmap_clear");
    expect((await stack()).join(" ")).toContain("__iommu_free");
    const shown = await until("the variables", async () => {
      const text = await variables();
      return text.includes("map =") ? text : undefined;
    });
    expect(shown).toContain("freed by drmgr in iommu_table_free");
    await editor.screenshot("debug-use");
  });

  it("runs back to the free by key, and shows values next to the code", async () => {
    await editor.chord("f");
    await until("the free", async () => ((await stack()).some((name) => name.startsWith("iommu_table_free")) ? true : undefined), 60_000);
    await editor.page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    const line = await lineOf(editor, "vfree(tbl->it_map)");
    await editor.screenshot("debug-free");
    await until("values beside the code", async () => (/tbl\s=\s0x/.test(await editor.visibleText()) ? true : undefined));
    const scope = editor.page.getByRole("treeitem", { name: /^Scope TCE table/ });
    await until("the table's scope", async () => {
      // The view may be made anew under the mouse; the key opens what has the focus.
      if ((await scope.getAttribute("aria-expanded")) !== "true") {
        await scope.click({ position: { x: 60, y: 8 } });
        await editor.page.keyboard.press("ArrowRight");
      }
      return (await variables()).includes("bits set") ? true : undefined;
    });
    await editor.screenshot("debug-free");
    await editor.page.keyboard.press("F10");
    const freed = async (): Promise<boolean> => /it_map\s=\s0x\w+\s⚠\sfreed/.test(await editor.visibleText());
    await until("the map as freed, one line on", async () => ((await freed()) ? true : undefined));
    await editor.page.locator(".debug-toolbar .codicon-debug-step-back").click();
    await until("the map as it was, one line back", async () => ((await freed()) ? undefined : true));
    expect(line).toBeGreaterThan(0);
  });

  it("evaluates C in the console, and only reads", async () => {
    await editor.command("Debug Console: Focus on Debug Console View");
    await editor.page.locator(".repl-input-wrapper .monaco-editor").click();
    await editor.page.keyboard.type("tbl->it_size * 2");
    await editor.page.keyboard.press("Enter");
    const repl = editor.page.locator(".repl .monaco-list");
    await until("the value", async () => ((await repl.innerText()).includes("8192") ? true : undefined));
    await editor.page.keyboard.type("tbl->it_size = 1");
    await editor.page.keyboard.press("Enter");
    await until("the refusal", async () => ((await repl.innerText()).includes("read-only") ? true : undefined));
  });

  it("continues to a breakpoint and to the run's end", async () => {
    await editor.command("TCE Scope: Run to Use");
    await stoppedIn("__bitmap_clear");
    await editor.page.locator('.tab.active[data-resource-name="bitmap.c"]').waitFor();
    await at("bitmap_clear(tbl->it_map");
    await editor.page.keyboard.press("F9");
    await editor.page.locator(".debug-toolbar .codicon-debug-reverse-continue").click();
    await stoppedIn("__iommu_free");
    for (const theme of ["light", "high-contrast-dark"] as const satisfies readonly ThemeName[]) {
      await editor.setSettings({ "workbench.colorTheme": theme === "light" ? "Light Modern" : "Default High Contrast" });
      await editor.page.waitForTimeout(1_000);
      await editor.screenshot(`debug-${theme}`);
    }
    await editor.setSettings({ "workbench.colorTheme": "Dark Modern" });
    await editor.page.keyboard.press("Shift+F5");
    await editor.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  });

  it("offers what one can do at a finding's line, and marks its file", async () => {
    await at("bitmap_clear(tbl->it_map");
    await editor.page.keyboard.press("Control+.");
    const menu = editor.page.locator(".action-widget").first();
    await menu.waitFor();
    expect(await menu.innerText()).toContain("Debug this finding");
    await editor.screenshot("debug-quick-fix");
    await editor.page.keyboard.press("Escape");
    await editor.command("File: Reveal Active File in Explorer View");
    await until("the badge", async () => {
      const label = await editor.page.locator('.explorer-folders-view .monaco-icon-label[aria-label*="iommu.c"]').first().getAttribute("aria-label");
      return label?.includes("TCE Scope") === true ? true : undefined;
    });
    await editor.screenshot("debug-badge");
  });

  it("shows the table's fields at the timeline's cursor", async () => {
    await at("largepool_start = tbl->large_pool.start");
    const word = editor.page
      .locator(".editor-group-container.active .view-line span")
      .filter({ hasText: /^large_pool$/ })
      .first();
    await word.hover();
    const hover = editor.page.locator(".monaco-hover:visible").filter({ hasText: "LIOBN 0x70000016" });
    await hover.first().waitFor({ timeout: 60_000 });
    const text = await hover.first().innerText();
    expect(text).toContain("LIOBN 0x70000016");
    expect(text).toContain("bits set in it_map");
    await editor.screenshot("debug-table-hover");
    await editor.page.keyboard.press("Escape");
  });

  it("opens the run with the patch, at the first line of the tree that runs", async () => {
    await editor.command("TCE Scope: Debug Run with the Patch");
    await editor.page.locator(".debug-toolbar").waitFor({ timeout: 60_000 });
    await until("a stop", async () => ((await stack()).length > 0 ? true : undefined), 60_000);
    await editor.screenshot("debug-after");
    await editor.page.keyboard.press("Shift+F5");
    await editor.page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  });

  it("replays a pasted witness, and reports a stale one", async () => {
    await editor.command("TCE Scope: Replay Witness…");
    await editor.enter("late-unmap:-:before:00000000:-");
    await until("the message", async () => ((await editor.notifications()).some((text) => text.includes("a different program")) ? true : undefined), 60_000);
  });

  it("shows and hides parts of the overlay by one command", async () => {
    await editor.command("TCE Scope: Show or Hide Overlay Parts…");
    await editor.pick("CodeLens");
    await editor.accept();
    await until("no lenses", async () => ((await editor.codeLenses()).some((text) => text.includes("ran ")) ? undefined : true));
  });
});
