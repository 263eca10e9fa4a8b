// Steps that several editor tests share: find a line, open a file at it, read the verdicts of the panel.

import { expect } from "vitest";
import { Editor, until } from "./editor.js";

/** The panel's card of the tree as it is: where it stands, there is a verdict. */
export const panel = ".card.before";
/** A cold start compiles the tree's headers; shared machines are slow. */
export const coldStart = 90_000;

/** Line (from 1) of the first visible line that holds `text`. */
export async function lineOf(editor: Editor, text: string): Promise<number> {
  const found = await until(`a line with ${text}`, async () =>
    editor.page.evaluate((wanted) => {
      const group = document.querySelector(".editor-group-container.active .editor-instance");
      const at = [...(group?.querySelectorAll<HTMLElement>(".view-lines .view-line") ?? [])].find((line) =>
        line.innerText.replaceAll("\u00a0", " ").includes(wanted),
      );
      const number = [...(group?.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers") ?? [])].find(
        (one) => one.parentElement?.style.top === at?.style.top,
      );
      return number === undefined ? undefined : Number(number.textContent);
    }, text),
  );
  return found;
}

/** Puts the cursor on the first line of the file that holds `text`, by the editor's own find. */
export async function find(editor: Editor, text: string): Promise<void> {
  const { page } = editor;
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Control+F");
  const input = page.locator(".editor-group-container.active .find-widget.visible textarea").first();
  await input.fill(text);
  await input.press("Enter");
  await page.waitForTimeout(400);
  await page.keyboard.press("Escape");
}

export async function openAt(editor: Editor, path: string, text: string): Promise<void> {
  await editor.openFile(path);
  await find(editor, text);
}

/** The two cards' outcomes, as soon as nothing runs and they are not stale; the panel may be replaced meanwhile. */
export async function outcomes(editor: Editor, timeout = coldStart): Promise<readonly string[]> {
  let seen = "";
  return until(
    () => `a verdict that is not stale; last seen: ${seen}`,
    async () => {
      const frame = await editor.webview(panel, timeout);
      if ((await frame.locator("section.stale .cards").count()) > 0 || (await frame.locator("#root[aria-busy=true]").count()) > 0) {
        seen = "old or running";
        return undefined;
      }
      const found = await frame.locator(".card .outcome").allInnerTexts();
      seen = found.join(" | ");
      return found.length > 0 ? found.map((text) => text.replace(/^\S+\s/, "")) : undefined;
    },
    timeout,
  );
}

/** An editor on the tree, with the project's own change under review: an oops before, nothing found after. */
export async function startReview(): Promise<Editor> {
  const editor = await Editor.start();
  await editor.openFile("arch/powerpc/kernel/iommu.c");
  await editor.command("TCE Scope: Review Patch…");
  await editor.pick("Built-in change");
  expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
  return editor;
}
