// Reports what every open editor showed when a test failed: a picture in out/screenshots/failed-<test>.png, and text in the
// output. Then cleans up what the test left unfinished, for the second try.

import { afterEach } from "vitest";
import { type Editor, openEditors } from "./editor.js";

/** Tabs (a file with changes that are not saved is marked), messages, the first lines of the file and of each webview. */
async function inWords(editor: Editor): Promise<string> {
  const { page } = editor;
  const tabs = await page
    .locator(".tabs-container .tab")
    .evaluateAll((all) => all.map((tab) => `${tab.getAttribute("data-resource-name") ?? ""}${tab.classList.contains("dirty") ? " (changed)" : ""}`));
  const pages: string[] = [];
  for (const frame of page.frames()) {
    if (frame.parentFrame()?.parentFrame() !== page.mainFrame()) continue;
    const body = frame.locator("body");
    pages.push(await body.innerText({ timeout: 2_000 }).catch(() => "(no answer)"));
  }
  const text = await editor.visibleText().catch(() => "(no file)");
  return [
    `  tabs: ${tabs.join(", ")}`,
    ...(await editor.notifications()).map((message) => `  message: ${message}`),
    `  file: ${JSON.stringify(text.slice(0, 300))}`,
    ...pages.map((shown) => `  page: ${JSON.stringify(shown.slice(0, 600))}`),
  ].join("\n");
}

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  const name = task.name.replace(/[^a-z0-9]+/gi, "-").slice(0, 60);
  let number = 0;
  for (const editor of openEditors) {
    await editor.screenshot(`failed-${name}${number++ === 0 ? "" : `-${number}`}`).catch(() => undefined);
    console.log(`When “${task.name}” failed:\n${await inWords(editor).catch((error: unknown) => `  (${String(error)})`)}`);
    await editor.takeBack().catch(() => undefined);
  }
});
