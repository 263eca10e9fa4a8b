// axe finds nothing serious in the two views inside the editor, in each of its four kinds of themes: in their own frames,
// with VS Code's variables and styles. VS Code's own widgets are not checked.

import axe from "axe-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Editor, type ThemeName, themes, until } from "./editor.js";
import { coldStart, outcomes, startReview } from "./steps.js";

describe("the views in the editor", () => {
  let editor: Editor;

  beforeAll(async () => {
    editor = await startReview();
  });
  afterAll(async () => {
    await editor.stop();
  });

  /**
   * What axe calls serious or critical in the view that holds `selector`.
   * @param ground the theme's colour behind the frame, which itself is transparent: without it axe takes the ground for white
   */
  async function serious(selector: string, ground: string): Promise<readonly string[]> {
    const frame = await editor.webview(selector, coldStart);
    await frame.evaluate(axe.source);
    return frame.evaluate(async (variable) => {
      const color = getComputedStyle(document.documentElement).getPropertyValue(variable);
      if (color === "") return [`the theme has no ${variable}`];
      document.body.style.background = color;
      const own = (globalThis as unknown as { readonly axe: { run(): Promise<axe.AxeResults> } }).axe;
      const { violations, passes } = await own.run();
      // A frame in which nothing was checked proves nothing.
      if (passes.length === 0) return ["nothing was checked"];
      return violations
        .filter(({ impact }) => impact === "serious" || impact === "critical")
        .flatMap(({ id, nodes }) => nodes.slice(0, 5).map((node) => `${id}: ${node.html} ${node.failureSummary ?? ""}`));
    }, ground);
  }

  for (const theme of Object.keys(themes) as readonly ThemeName[])
    it(`have nothing serious in ${theme}`, async () => {
      await editor.setTheme(theme);
      await editor.command("TCE Scope: Show Review");
      expect(await outcomes(editor)).toEqual(["Oops", "Nothing found"]);
      await editor.command("TCE Scope: Answer Review Questions");
      const panel = await editor.webview(".questions", coldStart);
      await until("all answers", async () => ((await panel.locator(".questions > li").count()) >= 9 ? true : undefined), coldStart);
      await editor.command("TCE Scope: Show Timeline");
      await editor.webview(".plot canvas", coldStart);
      expect(await serious(".card.before", "--vscode-sideBar-background"), `panel in ${theme}`).toEqual([]);
      expect(await serious(".plot", "--vscode-panel-background"), `timeline in ${theme}`).toEqual([]);
      await editor.screenshot(`axe-${theme}`);
    });
});
