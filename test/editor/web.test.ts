// The same package in a VS Code that runs entirely in the browser: the engine in a web worker, the tree through the editor's
// file system.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor, until } from "./editor.js";
import { coldStart, find, lineOf, outcomes, panel } from "./steps.js";

describe("the extension in a browser without a server", () => {
  let editor: Editor;
  beforeAll(async () => {
    editor = await Editor.startWeb();
  });
  afterAll(async () => {
    await editor.screenshot("web-last");
    await editor.stop();
  });

  it("reviews the built-in change on a tree of a virtual file system", async () => {
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
    expect(await editor.notifications()).toEqual([]);
  });

  it("shows the oops at its line", async () => {
    await editor.command("TCE Scope: Next Finding");
    await editor.page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    await find(editor, "bitmap_clear(");
    const line = await lineOf(editor, "bitmap_clear(");
    const notes = await until("text after the line", async () => {
      const found = await editor.afterTexts();
      return found.some((note) => note.line === line) ? found : undefined;
    });
    expect(notes.find((note) => note.line === line)?.text).toContain("oops in __bitmap_clear");
    await editor.screenshot("web-review");
  });

  it("steps through the recorded run, back to the free and to a value", async () => {
    const { page } = editor;
    const stack = (): Promise<readonly string[]> => page.locator(".debug-call-stack .stack-frame > .label").allInnerTexts();
    await editor.command("TCE Scope: Debug Witness…");
    await editor.pick("__bitmap_clear");
    await page.locator(".debug-toolbar").waitFor({ timeout: coldStart });
    await until("a stop before the use", async () => ((await stack())[0]?.startsWith("__bitmap_clear") === true ? true : undefined), coldStart);
    expect((await stack()).join(" ")).toContain("__iommu_free");
    await editor.chord("f");
    await until("the free", async () => ((await stack()).some((name) => name.startsWith("iommu_table_free")) ? true : undefined), 60_000);
    await page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    await until("values beside the code", async () => (/tbl\s=\s0x/.test(await editor.visibleText()) ? true : undefined));
    await editor.screenshot("web-debug");
    await page.keyboard.press("F10");
    await until("the map as freed, one line on", async () => (/it_map\s=\s0x\w+\s⚠\sfreed/.test(await editor.visibleText()) ? true : undefined));
    await page.keyboard.press("Shift+F5");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
    await editor.command("TCE Scope: Show Review");
  });

  it("follows an edit, unsaved and saved", async () => {
    const { page } = editor;
    await page.locator('.tab[data-resource-name="iommu.c"]').first().click();
    await find(editor, "bitmap_clear(");
    await page.keyboard.press("Home");
    await page.keyboard.type("return; ");
    await until("a review of the edited text", async () => ((await outcomes(editor))[0] === "Oops" ? undefined : true), 60_000);
    await page.keyboard.press("Control+S");
    await editor.command("TCE Scope: Run Again");
    await page.waitForTimeout(1_000);
    // The lock is never given back: the next who wants it waits for ever.
    expect((await outcomes(editor))[0]).toBe("Hang");
  });

  it("reviews the example, which needs no folder", async () => {
    await editor.command("TCE Scope: Open Example");
    const frame = await editor.webview(panel);
    await until(
      "the example's review",
      async () => ((await frame.locator("body").innerText()).includes("wait for buffers in flight") ? true : undefined),
      60_000,
    );
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
  });
});
