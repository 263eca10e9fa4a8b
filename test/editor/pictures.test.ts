// The pictures of README and docs, made from the running product: npm run pictures. Skipped in ordinary runs.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { Editor, until } from "./editor.js";

const wanted = process.env["TCS_PICTURES"] === "1";
const core = "arch/powerpc/kernel/iommu.c";

describe.skipIf(!wanted)("pictures", () => {
  let editor: Editor;
  const picture = async (name: string): Promise<void> => {
    await editor.page.waitForTimeout(1500); // until what moves has come to rest
    await editor.screenshot(`picture-${name}`);
    const dir = join(projectDir, "docs", "pictures");
    mkdirSync(dir, { recursive: true });
    copyFileSync(join(projectDir, "out", "screenshots", `picture-${name}.png`), join(dir, `${name}.png`));
  };

  beforeAll(async () => {
    editor = await Editor.start();
  });
  afterAll(async () => {
    await editor.stop();
  });

  it("are made of a review of the built-in change", async () => {
    const { page } = editor;
    await editor.command("TCE Scope: Show Review");
    await editor.inWebview(".welcome");
    await editor.openFile(core);
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    const frame = await editor.webview(".card.before", 90_000);
    await until(
      "a verdict",
      async () => ((await frame.locator("section.stale .cards").count()) === 0 && (await frame.locator(".card .outcome").count()) > 1 ? true : undefined),
      90_000,
    );
    await editor.openFile(core);
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Control+F");
    await page.locator(".find-widget textarea").first().fill("bitmap_clear(");
    await page.keyboard.press("Enter");
    await page.waitForTimeout(400);
    await page.keyboard.press("Escape");
    await editor.command("TCE Scope: Show Timeline");
    const timeline = await editor.webview(".plot");
    await timeline.locator(".plot").focus();
    await page.keyboard.press("End");
    await picture("review");
  });

  it("are made of the questions, and of a hunk that is switched off", async () => {
    const frame = await editor.webview(".questions", 90_000);
    await until("all answers", async () => ((await frame.locator(".questions > li").count()) >= 9 ? true : undefined), 90_000);
    await frame.locator(".questions > li").nth(1).scrollIntoViewIfNeeded();
    await picture("questions");
    await frame.locator('[data-key="switch.3"]').focus();
    await editor.page.keyboard.press("Space");
    await until(
      "the verdict on three hunks",
      async () => ((await frame.locator(".card.after .outcome").innerText()).includes("Warning") ? true : undefined),
      60_000,
    );
    await frame.locator(".hunks").scrollIntoViewIfNeeded();
    await picture("hunk-off");
    await editor.page.keyboard.press("Space");
  });

  for (const theme of ["light", "high-contrast-dark", "high-contrast-light"] as const)
    it(`are made in ${theme}, to be looked at`, async () => {
      await editor.setTheme(theme);
      await editor.command("TCE Scope: Show Review");
      await editor.webview(".card.after", 90_000);
      await editor.command("TCE Scope: Show Timeline");
      await editor.webview(".plot canvas");
      await editor.page.waitForTimeout(1_500);
      await editor.screenshot(`picture-${theme}`);
    });
});
