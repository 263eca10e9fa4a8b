// The patched text of a file as a document: its numbers, lenses and hovers, in several editors and next to the tree's own
// file; and the debugger in it: breakpoints, stops, values, steps both ways.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, until } from "./editor.js";
import { find, lineOf, openAt, outcomes, startReview } from "./steps.js";

const core = "arch/powerpc/kernel/iommu.c";
const scheme = "tce-scope-patched:";
/** Past the change's wait: the patched tree, too, has something to tell. */
const pastTheWait = "Held for 135 s";

describe("the patched document", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await startReview();
    await editor.command("TCE Scope: Run Scenario…");
    await editor.pick(pastTheWait);
    await until("the oops with the patch", async () => ((await outcomes(editor))[1] === "Oops" ? true : undefined), 60_000);
  });
  afterAll(async () => {
    await editor.screenshot("patched-last");
    await editor.stop();
  });

  /** The editors of the page by what they show, with the texts after their lines. */
  const shown = (): Promise<readonly { readonly uri: string; readonly notes: string }[]> =>
    editor.page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>(".editor-instance .monaco-editor[data-uri]")].map((one) => ({
        uri: one.dataset["uri"] ?? "",
        notes: [...one.querySelectorAll(".view-line span")].map((span) => getComputedStyle(span, "::after").content).join("\n"),
      })),
    );
  const active = async (): Promise<string> =>
    (await editor.page.locator(".editor-group-container.active .monaco-editor[data-uri]").last().getAttribute("data-uri")) ?? "";

  it("opens at the oops of the patched tree, with figures, lenses and the finding's story", async () => {
    await editor.command("TCE Scope: Show Findings");
    const row = editor.page.locator(".tree-explorer-viewlet-tree-view .monaco-list-row", { hasText: "__bitmap_clear" }).nth(1);
    await row.click();
    await until("the patched document", async () => ((await active()).startsWith(scheme) ? true : undefined));
    expect(await editor.tabs()).toContain("iommu.patched.c");
    await find(editor, "bitmap_clear(");
    await until("figures on its lines", async () =>
      (await editor.afterTexts()).some(({ text }) => text.includes("oops in __bitmap_clear")) ? true : undefined,
    );
    await until("lenses above its functions", async () => ((await editor.codeLenses()).some((text) => /ran \d+ times?/.test(text)) ? true : undefined));
    await editor.page.keyboard.press("Control+K");
    await editor.page.keyboard.press("Control+I");
    const hover = editor.page.locator(".monaco-hover:visible").filter({ hasText: "freed" }).first();
    await hover.waitFor();
    await hover.locator("a", { hasText: "Debug" }).first().waitFor();
    await editor.screenshot("patched-finding");
    // Its links lead into the patched text.
    await hover
      .locator("a", { hasText: /^iommu_table_free:\d+$/ })
      .first()
      .click();
    await until("the free in the patched text", async () => ((await editor.visibleText()).includes("vfree(tbl->it_map)") ? true : undefined));
    expect(await active()).toContain(scheme);
    await editor.page.keyboard.press("Escape");
  });

  it("shows the same in two editors, and the unpatched file next to them", async () => {
    await find(editor, "bitmap_clear(");
    await editor.command("View: Split Editor Right");
    await editor.command("View: Split Editor Right");
    await openAt(editor, core, "bitmap_clear(");
    const three = await until("three editors with figures", async () => {
      const found = await shown();
      return found.length === 3 && found.every(({ notes }) => notes.includes("oops in __bitmap_clear")) ? found : undefined;
    });
    expect(three.filter(({ uri }) => uri.startsWith(scheme))).toHaveLength(2);
    await editor.screenshot("patched-split");
  });

  it("takes a breakpoint and stops there, with values, and steps both ways", async () => {
    const { page } = editor;
    await editor.command("View: Single Column Editor Layout");
    await page.locator(".tab", { hasText: "iommu.patched.c" }).first().click();
    await find(editor, "for (deadline = jiffies");
    const loop = await lineOf(editor, "for (deadline = jiffies");
    await page.keyboard.press("F9");
    await editor.command("TCE Scope: Debug Run with the Patch");
    await page.locator(".debug-toolbar").waitFor({ timeout: 60_000 });
    const top = page.locator(".debug-call-stack .stack-frame").first();
    const stoppedAt = (name: string, where: string): Promise<true> =>
      until(
        `a stop in ${name} at ${where}`,
        async () => {
          const text = (await top.innerText()).replaceAll(/\s+/g, " ");
          return text.startsWith(name) && text.includes(where) ? true : undefined;
        },
        60_000,
      );
    await stoppedAt("__bitmap_clear", "bitmap.c");
    await page.locator(".debug-toolbar .codicon-debug-reverse-continue").click();
    await stoppedAt("iommu_table_free", `${loop}:`);
    expect(await active()).toContain(scheme);
    await until("values beside the patched code", async () => (/tbl\s=\s0x/.test(await editor.visibleText()) ? true : undefined));
    await editor.screenshot("patched-debug");
    await page.keyboard.press("F10");
    await stoppedAt("iommu_table_free", `${loop + 1}:`);
    await until("the deadline beside the code", async () => (/deadline\s=\s\d+/.test(await editor.visibleText()) ? true : undefined));
    await page.locator(".debug-toolbar .codicon-debug-step-back").click();
    await stoppedAt("iommu_table_free", `${loop}:`);
    await page.keyboard.press("Shift+F5");
    await page.locator(".debug-toolbar").waitFor({ state: "hidden" });
  });
});
