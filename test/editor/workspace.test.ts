// The review in workspaces that are not just one kernel tree, and with input that is not a valid patch: each time a message
// with the next step, and a reload that restores the review.

import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { Editor, until } from "./editor.js";
import { coldStart } from "./steps.js";

const mail = join(projectDir, "..", "shared", "mail", "20250219-reply-to-v2.txt");

/** The texts of the panel's error messages, as soon as there are any. */
async function problems(editor: Editor): Promise<string> {
  const frame = await editor.webview(".message.error", 60_000);
  return (await frame.locator(".message.error").allInnerTexts()).join("\n");
}

/** Waits until the panel shows the verdict on the patch with this subject. */
async function subject(editor: Editor, text: string): Promise<void> {
  await until(
    `a review of "${text}"`,
    async () => {
      const frame = await editor.webview(".card.after", coldStart);
      const shown = await frame
        .locator(".subject")
        .innerText()
        .catch(() => ""); // the page may be built anew meanwhile
      return shown.includes(text) ? true : undefined;
    },
    coldStart,
  );
}

async function notification(editor: Editor, text: string): Promise<void> {
  let seen: readonly string[] = [];
  await until(
    () => `a notification with "${text}" among ${seen.join(" | ")}`,
    async () => {
      seen = await editor.notifications();
      return seen.some((one) => one.includes(text)) ? true : undefined;
    },
  );
}

describe("a workspace without a kernel tree", () => {
  let editor: Editor;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tce-scope-empty-"));
    writeFileSync(join(folder, "notes.txt"), "nothing to see\n");
    editor = await Editor.start({ folder });
  });
  afterAll(async () => {
    await editor.stop();
    rmSync(folder, { recursive: true });
  });

  it("gets a message with what a tree must contain", async () => {
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    await notification(editor, "arch/powerpc/kernel/iommu.c");
    await editor.screenshot("workspace-no-tree");
  });
});

describe("a workspace with the tree in a folder", () => {
  let editor: Editor;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tce-scope-workspace-"));
    mkdirSync(join(folder, "src", "deep"), { recursive: true });
    symlinkSync(inject("tree"), join(folder, "src", "deep", "linux"));
    writeFileSync(
      join(folder, "torn.patch"),
      "From: A Developer <a@example.org>\nSubject: [PATCH] torn\n\n--- a/arch/powerpc/kernel/iommu.c\n+++ b/arch/powerpc/kernel/iommu.c\n@@ -1,9 +1,9 @@\n x\n",
    );
    writeFileSync(join(folder, "empty.patch"), "");
    writeFileSync(join(folder, "picture.patch"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 1, 2, 3]));
    editor = await Editor.start({ folder });
  });
  afterAll(async () => {
    await editor.stop();
    rmSync(folder, { recursive: true });
  });

  for (const name of ["torn.patch", "empty.patch", "picture.patch"]) {
    it(`says what is wrong with ${name}`, async () => {
      await editor.command("TCE Scope: Review Patch…");
      await editor.pick(name);
      expect((await problems(editor)).length).toBeGreaterThan(20);
      await editor.screenshot(`workspace-${name}`);
      await editor.command("TCE Scope: Clear Review");
    });
  }

  it.runIf(existsSync(mail))("reads the mail from any place of the disk", async () => {
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Browse…");
    // The dialog puts its own folder into the field once it has read it, and takes a name only after that: where it
    // has undone what was typed, it is typed again.
    const dialog = editor.page.locator(".quick-input-widget");
    const field = dialog.locator(".quick-input-box input");
    await until("the dialog's own folder", async () => ((await field.inputValue()).startsWith("/") ? true : undefined));
    await until("the dialog to close", async () => {
      if (!(await dialog.isVisible())) return true;
      await field.fill(mail);
      await editor.page.waitForTimeout(1_000);
      if (await dialog.isVisible()) await editor.page.keyboard.press("Enter");
      await editor.page.waitForTimeout(1_000);
      return undefined;
    });
    const frame = await editor.webview(".card.after", coldStart);
    expect(await frame.locator(".subject").innerText()).toContain("Wait until all TCEs are unmapped");
    expect(await frame.locator(".card .outcome").allInnerTexts()).toEqual(["✖ Oops", "✓ Nothing found"]);
    expect(await frame.locator(".facts details").innerText()).toContain("repairs");
    await editor.command("TCE Scope: Show Timeline");
    await editor.inWebview(".plot");
    await editor.page.keyboard.press("Control+Alt+U");
    await editor.page.keyboard.press("N");
    await until("the oops on the line", async () => ((await editor.afterTexts()).some(({ text }) => text.includes("oops")) ? true : undefined));
    await editor.screenshot("mail");
  });

  it.runIf(existsSync(mail))("shows what every subset of the mail's hunks does, by the keyboard", async () => {
    const frame = await editor.webview(".card.after");
    await editor.page.keyboard.press("Control+Alt+U");
    await editor.page.keyboard.press("H");
    const cells = async (subset: string): Promise<readonly string[] | undefined> => {
      const row = frame.locator(".hunk-table tbody tr", { has: frame.locator("th", { hasText: new RegExp(`^${subset}$`) }) });
      const found = (await row.count()) === 0 ? [] : await row.locator("td").allInnerTexts();
      return found.length > 0 && found.every((text) => text !== "…") ? found : undefined;
    };
    expect((await until("the row without hunks", () => cells("none"), coldStart))[0]).toContain("oops");
    expect((await until("the row with all hunks", () => cells("all"), coldStart))[0]).toContain("nothing found");
    await editor.screenshot("hunks");
  });

  it("searches deeper in two engines, and reports what was covered", async () => {
    await editor.setSettings({ "tceScope.search.workers": 2 });
    await editor.command("TCE Scope: Search Deeper…");
    await editor.pick("One preemption, every schedule");
    const frame = await editor.webview(".card.after");
    const covered = (): Promise<string> =>
      frame
        .locator(".covered")
        .allInnerTexts()
        .then((texts) => texts.join("\n"));
    await until(
      "what the search covered",
      async () => (/(Every schedule|Part of the schedules).* in 2 parts/.test(await covered()) ? true : undefined),
      coldStart,
    );
    await editor.screenshot("search-deeper");
  });

  it("brings the review back after a reload", async () => {
    await editor.command("TCE Scope: Review Patch…");
    await editor.pick("Built-in change");
    await subject(editor, "Wait for the TCEs, then free");
    await editor.reload();
    await editor.command("TCE Scope: Show Review");
    await subject(editor, "Wait for the TCEs, then free");
    const frame = await editor.webview(".card.after", coldStart);
    expect(await frame.locator(".card .outcome").allInnerTexts()).toEqual(["✖ Oops", "✓ Nothing found"]);
  });

  for (const theme of ["light", "high-contrast-dark", "high-contrast-light"] as const) {
    it(`shows panel and timeline in ${theme}`, async () => {
      await editor.setTheme(theme);
      await editor.command("TCE Scope: Show Review");
      const frame = await editor.webview(".card.after", coldStart);
      await editor.command("TCE Scope: Show Timeline");
      const timeline = await editor.webview(".plot canvas");
      await editor.page.keyboard.press("Control+Alt+U");
      await editor.page.keyboard.press("N");
      await until("the oops on the line", async () => ((await editor.afterTexts()).some(({ text }) => text.includes("oops")) ? true : undefined));
      await editor.screenshot(`theme-${theme}`);
      // What is drawn by hand takes the theme's colours, too: the curve's legend has that of the variant, not a default.
      const color = (selector: string): Promise<string> =>
        timeline
          .locator(selector)
          .first()
          .evaluate((element) => getComputedStyle(element).stroke);
      expect(await color(".icon.before .sample")).not.toBe(await color(".icon.after .sample"));
      expect(await frame.locator(".card .outcome").first().isVisible()).toBe(true);
    });
  }
});
