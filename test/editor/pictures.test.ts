// The pictures of README and docs, made from the running product by the steps of docs/GUIDE.md: npm run pictures. Skipped
// in ordinary runs.

import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { Editor, until } from "./editor.js";
import { coldStart, find, openAt, outcomes } from "./steps.js";

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
  const verdict = (before: string, after: string): Promise<true> =>
    until(
      `the verdict ${before}, ${after}`,
      async () => {
        const [one, two] = await outcomes(editor);
        return one === before && two === after ? true : undefined;
      },
      coldStart,
    );
  const allAnswers = async (): Promise<void> => {
    const frame = await editor.webview(".questions", coldStart);
    await until("all answers", async () => ((await frame.locator(".questions > li").count()) >= 9 ? true : undefined), coldStart);
  };
  /** The panel from its top, the oops in the source, the timeline at its end. */
  const overview = async (): Promise<void> => {
    await editor.command("TCE Scope: Show Timeline");
    const timeline = await editor.webview(".plot", coldStart);
    await openAt(editor, core, "bitmap_clear(");
    await timeline.locator(".plot").focus();
    await editor.page.keyboard.press("0");
    await editor.page.keyboard.press("End");
    const panel = await editor.webview(".card.before", coldStart);
    await panel.locator(".subject").scrollIntoViewIfNeeded();
    await editor.page.mouse.move(700, 995);
  };

  beforeAll(async () => {
    editor = await Editor.start();
  });
  afterAll(async () => {
    await editor.stop();
  });

  it("of the review (step 2)", async () => {
    await editor.command("TCE Scope: Show Review");
    await editor.inWebview(".welcome");
    await editor.openFile(core);
    await editor.chord("r");
    await editor.pick("Built-in change");
    await verdict("Oops", "Nothing found");
    await allAnswers();
    await overview();
    await picture("review");
    const frame = await editor.webview(".questions", coldStart);
    await frame.locator(".questions > li").nth(1).scrollIntoViewIfNeeded();
    await picture("questions");
  });

  it("of the line that oopses (step 3)", async () => {
    const { page } = editor;
    await openAt(editor, "lib/bitmap.c", "bitmap_clear(");
    await editor.chord("n");
    await page.locator('.tab.active[data-resource-name="iommu.c"]').waitFor();
    await find(editor, "bitmap_clear(");
    await page.keyboard.press("Home");
    await page.keyboard.press("Control+K");
    await page.keyboard.press("Control+I");
    const hover = page.locator(".monaco-hover:visible").filter({ hasText: "Debug" });
    await hover.first().waitFor();
    await hover.locator("a", { hasText: "Debug" }).first().scrollIntoViewIfNeeded();
    await picture("finding");
    await page.keyboard.press("Escape");
  });

  it("of the operations (step 4)", async () => {
    const { page } = editor;
    await editor.chord("t");
    const timeline = await editor.webview(".plot", coldStart);
    await timeline.locator(".plot").focus();
    await page.keyboard.press("End");
    for (let i = 0; i < 2; i++) {
      const now = (): Promise<string | null> => timeline.locator(".plot").getAttribute("aria-valuenow");
      const before = await now();
      await until("another operation", async () => {
        await timeline.locator(".plot").press(",");
        await page.waitForTimeout(1_500);
        return (await now()) !== before ? true : undefined;
      });
    }
    await picture("operations");
    await page.keyboard.press("0");
  });

  it("of the replay backwards (step 5)", async () => {
    const { page } = editor;
    await openAt(editor, core, "bitmap_clear(tbl->it_map");
    await editor.chord("g");
    const choice = page.locator(".quick-input-widget");
    const stack = page.locator(".debug-call-stack .stack-frame > .label");
    await until(
      "the debugger, or a choice of runs",
      async () => {
        if (await choice.isVisible()) await editor.pick("__bitmap_clear");
        return (await stack.count()) > 0 ? true : undefined;
      },
      coldStart,
    );
    await editor.chord("f");
    await until("the free", async () => ((await stack.allInnerTexts()).some((name) => name.startsWith("iommu_table_free")) ? true : undefined), 60_000);
    await page.keyboard.press("F10");
    await page.locator(".debug-toolbar .codicon-debug-step-back").click();
    await until("values beside the code", async () => (/tbl\s=\s0x/.test(await editor.visibleText()) ? true : undefined));
    await picture("debug");
    await page.keyboard.press("Shift+F5");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  });

  it("of a hunk that is switched off (step 6)", async () => {
    await editor.command("TCE Scope: Show Review");
    const frame = await editor.webview(".hunks", coldStart);
    await frame.locator('[data-key="switch.3"]').focus();
    await editor.page.keyboard.press("Space");
    await verdict("Oops", "Warning");
    await overview();
    await picture("hunk-off");
    await frame.locator('[data-key="switch.3"]').focus();
    await editor.page.keyboard.press("Space");
    await verdict("Oops", "Nothing found");
  });

  for (const theme of ["light", "high-contrast-dark", "high-contrast-light"] as const)
    it(`of the review in ${theme}`, async () => {
      await editor.setTheme(theme);
      await editor.command("TCE Scope: Show Review");
      await verdict("Oops", "Nothing found");
      await overview();
      await picture(`review-${theme}`);
    });

  it("of a closed review (step 8)", async () => {
    await editor.command("TCE Scope: Clear Review");
    await editor.inWebview(".welcome");
  });
});
