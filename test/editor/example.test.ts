// The first five minutes: the walkthrough, its example, and an edit of the example.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Editor, until } from "./editor.js";
import { lineOf, outcomes } from "./steps.js";

describe("the example", () => {
  let editor: Editor;
  const folder = mkdtempSync(join(tmpdir(), "tce-scope-empty-"));
  beforeAll(async () => {
    editor = await Editor.start({ folder });
  });
  afterAll(async () => {
    await editor.screenshot("example-last");
    await editor.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is reviewed from the walkthrough, with no tree open", async () => {
    await editor.command("Welcome: Open Walkthrough...");
    await editor.pick("Get Started with TCE Scope");
    const button = editor.page.locator(".getting-started-step.expanded .button-link, .getting-started-step.expanded a.monaco-button").first();
    await button.waitFor();
    await editor.screenshot("example-walkthrough");
    await button.click();
    expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
  });

  it("leads to the line that oopses", async () => {
    await editor.command("TCE Scope: Next Finding");
    const line = await lineOf(editor, "&= ~bit_of(entry)");
    const notes = await until("text after the lines", async () => {
      const found = await editor.afterTexts();
      return found.some(({ text }) => text.includes("oops")) ? found : undefined;
    });
    expect(notes.find((note) => note.line === line)?.text).toContain("oops");
    await editor.screenshot("example-review");
  });
});
