// The same package in a VS Code that is all in the browser: the engine in a web worker, the tree through the editor's
// file system.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor, until } from "./editor.js";
import { find, lineOf, outcomes, panel } from "./steps.js";

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

  it("follows an edit, unsaved and saved", async () => {
    const { page } = editor;
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
