// A real VS Code in a real browser, driven as a reviewer would: palette, quick input, files, webviews, and what can be
// seen on the lines. Knows VS Code's page, not what the extension shows in it.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Frame, type Locator, type Page } from "playwright-core";
import { inject } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { freePort, startServer, writeSettings } from "../../scripts/vscode-server.mjs";
import { startWeb } from "../../scripts/vscode-web.mjs";
import { chromiumFlags } from "../chromium.js";

/** Themes of the test: VS Code's own name, and the class its page then carries. */
export const themes = {
  dark: { id: "Dark Modern", pageClass: "vs-dark" },
  light: { id: "Light Modern", pageClass: "vs" },
  "high-contrast-dark": { id: "Default High Contrast", pageClass: "hc-black" },
  "high-contrast-light": { id: "Default High Contrast Light", pageClass: "hc-light" },
} as const;
export type ThemeName = keyof typeof themes;

export interface EditorOptions {
  /** Opened in the editor; the 6.12 tree if absent. */
  readonly folder?: string;
  readonly theme?: ThemeName;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** Text that a decoration puts after a line. */
export interface AfterText {
  readonly line: number;
  readonly text: string;
}

const screenshotDir = join(projectDir, "out", "screenshots");

const quickInput = ".quick-input-widget .quick-input-box input[type=text]";
const quickRows = ".quick-input-list .monaco-list-row";

/** Longer than any look takes; a webview that is replaced while it is asked may never answer. */
const lookTime = 30_000;

/** Repeats `look` until it finds something; what it last saw is named when time is up. */
export async function until<T>(what: string | (() => string), look: () => Promise<T | undefined>, timeout = 30_000): Promise<T> {
  const deadline = Date.now() + timeout;
  for (;;) {
    const found = await Promise.race([look(), new Promise<undefined>((done) => setTimeout(() => done(undefined), lookTime))]);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not seen within ${timeout / 1000} s: ${typeof what === "string" ? what : what()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

/** The editors that are open, for a picture of each when a test fails. */
export const openEditors = new Set<Editor>();

export class Editor {
  private constructor(
    readonly page: Page,
    private readonly browser: Browser,
    private readonly server: { readonly url: string; readonly stop: () => Promise<void> },
    private readonly dataDir: string,
    private theme: ThemeName,
    private settings: Readonly<Record<string, unknown>>,
  ) {}

  static async start(options: EditorOptions = {}): Promise<Editor> {
    const dataDir = mkdtempSync(join(tmpdir(), "tce-scope-editor-"));
    const theme = options.theme ?? "dark";
    const settings = { "workbench.colorTheme": themes[theme].id, "editor.minimap.enabled": false, ...options.settings };
    const folder = options.folder ?? inject("tree");
    const server = await startServer({ dataDir, port: await freePort(), folder, vsix: inject("vsix"), settings });
    return Editor.open(server, dataDir, theme, settings);
  }

  /** A VS Code without a server: the extension runs in the browser, and the folder comes from a file system provider. */
  static async startWeb(options: EditorOptions = {}): Promise<Editor> {
    const dataDir = mkdtempSync(join(tmpdir(), "tce-scope-web-"));
    const theme = options.theme ?? "dark";
    // This older editor's names of the themes all begin so.
    const settings = { "workbench.colorTheme": themes[theme].id.replace(/^(?!Default )/, "Default "), "editor.minimap.enabled": false, ...options.settings };
    const treeExtension = join(projectDir, "test", "editor", "web-tree");
    const server = await startWeb({ dataDir, vsix: inject("vsix"), treeExtension, tree: options.folder ?? inject("tree"), settings });
    return Editor.open(server, dataDir, theme, settings);
  }

  private static async open(server: Editor["server"], dataDir: string, theme: ThemeName, settings: Readonly<Record<string, unknown>>): Promise<Editor> {
    const browser = await chromium.launch({ executablePath: inject("chromium"), args: chromiumFlags });
    const page = await browser.newPage({ viewport: { width: 1600, height: 1000 }, permissions: ["clipboard-read", "clipboard-write"] });
    const editor = new Editor(page, browser, server, dataDir, theme, settings);
    openEditors.add(editor);
    try {
      await page.goto(server.url);
      await editor.ready();
    } catch (error) {
      await editor.stop();
      throw error;
    }
    return editor;
  }

  /** The same folder in a second browser: a window with an extension host and a memory of its own. It ends with the first. */
  async anotherWindow(): Promise<Editor> {
    const page = await this.browser.newPage({ viewport: { width: 1600, height: 1000 } });
    const editor = new Editor(page, this.browser, this.server, this.dataDir, this.theme, this.settings);
    openEditors.add(editor);
    await page.goto(this.server.url);
    await editor.ready();
    return editor;
  }

  async stop(): Promise<void> {
    for (const editor of openEditors) if (editor.browser === this.browser) openEditors.delete(editor);
    await this.browser.close();
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  private async ready(): Promise<void> {
    await this.page.locator(`.monaco-workbench.${themes[this.theme].pageClass} .statusbar-item`).first().waitFor({ timeout: 60_000 });
    // Its icon in the activity bar says that the editor knows the extension; before that the palette lacks its commands.
    await this.page.locator('.activitybar .action-label[aria-label^="TCE Scope"]').waitFor({ timeout: 60_000 });
  }

  /** Takes effect with a reload, so that every part starts in the theme. */
  async setTheme(theme: ThemeName): Promise<void> {
    this.theme = theme;
    await this.setSettings({ "workbench.colorTheme": themes[theme].id });
    await this.reload();
  }

  /** Adds to the machine's settings; the running editor takes them over by itself. */
  setSettings(settings: Readonly<Record<string, unknown>>): Promise<void> {
    this.settings = { ...this.settings, ...settings };
    writeSettings(this.dataDir, this.settings);
    return this.page.waitForTimeout(500);
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  // ---- palette and quick input ----

  /** Opens the palette with `text` typed. */
  private async openPalette(text: string): Promise<void> {
    await until("the command palette", async () => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("F1");
      const input = this.page.locator(quickInput);
      // A view that takes the focus meanwhile closes it again.
      return (await input
        .waitFor({ state: "visible", timeout: 2_000 })
        .then(() => input.fill(`>${text}`, { timeout: 2_000 }))
        .then(
          () => true,
          () => false,
        ))
        ? true
        : undefined;
    });
  }

  /** The palette's titles for `text`, as soon as one of them contains it. */
  async commandTitles(text: string): Promise<readonly string[]> {
    await this.openPalette(text);
    const titles = await until(`a command like "${text}"`, async () => {
      const rows = await this.quickPickRows();
      return rows.some((row) => row.toLowerCase().includes(text.toLowerCase())) ? rows : undefined;
    });
    await this.page.keyboard.press("Escape");
    return titles;
  }

  /** Runs the command whose title in the palette is exactly `title`, such as "TCE Scope: Show Timeline". */
  async command(title: string): Promise<void> {
    // What takes the focus meanwhile closes the palette: then once more.
    await until(
      `the command "${title}"`,
      async () => {
        await this.openPalette(title);
        return this.pick(title, 6_000).then(
          () => true,
          () => undefined,
        );
      },
      45_000,
    );
  }

  /**
   * Presses the extension's key chord: Ctrl+Alt+U, then `key`. The second key waits until the editor says that it waits for
   * it; pressed earlier (the first one comes late from a webview that has the focus) it would be typed into the file.
   */
  async chord(key: string): Promise<void> {
    const waiting = this.page.locator(".statusbar-item").filter({ hasText: /\(Ctrl\+Alt\+U\)/i });
    await until("Ctrl+Alt+U taken as the first key of a chord", async () => {
      await this.page.keyboard.press("Control+Alt+u");
      return waiting
        .first()
        .waitFor({ state: "visible", timeout: 3_000 })
        .then(
          () => true,
          () => undefined,
        );
    });
    await this.page.keyboard.press(key);
  }

  /** The labels of the open quick pick; none while none is open, though the page still holds those of the last. */
  async quickPickRows(): Promise<readonly string[]> {
    if (!(await this.page.locator(".quick-input-widget").isVisible())) return [];
    const labels = await this.page.locator(`${quickRows} .quick-input-list-row:first-of-type .monaco-icon-label`).allInnerTexts();
    return labels.map((label) => label.replace(/\s+/g, " ").trim());
  }

  /** Clicks the row of the open quick pick whose label contains `label`; an exact match wins. */
  async pick(label: string, timeout = 30_000): Promise<void> {
    let rows: readonly string[] = [];
    await until(
      () => `the choice "${label}" among: ${rows.join(" | ")}`,
      async () => {
        const before = rows;
        rows = await this.quickPickRows();
        // A list that is still changing would put another row under the mouse.
        if (before.join("\n") !== rows.join("\n")) return undefined;
        const exact = rows.indexOf(label);
        const found = exact >= 0 ? exact : rows.findIndex((row) => row.includes(label));
        if (found < 0) return undefined;
        // The list may be replaced by the next one before it is clicked: then look again.
        const row = this.page.locator(quickRows).nth(found);
        return row.click({ timeout: 2_000 }).then(
          () => true,
          () => undefined,
        );
      },
      timeout,
    );
  }

  /** Types into the open quick input (an input box, or the file dialog of a server's editor) and accepts. */
  async enter(text: string): Promise<void> {
    const input = this.page.locator(quickInput);
    await input.waitFor({ state: "visible" });
    await input.fill(text);
    await this.page.waitForTimeout(300); // the file dialog reads the folder before it accepts
    await this.accept();
  }

  /** Accepts the open quick input as it stands. */
  accept(): Promise<void> {
    return this.page.locator(quickInput).press("Enter");
  }

  // ---- text editors ----

  /** Opens a file of the folder (path relative to it) with the cursor on a line counted from 1. */
  async openFile(path: string, line = 1): Promise<void> {
    const name = path.split("/").at(-1) ?? path;
    const folder = path.slice(0, -name.length - 1);
    const input = this.page.locator(quickInput);
    // A view that takes the focus closes the quick input, and a list that is being made anew takes no Enter: then again,
    // as a person would.
    const attempt = async (): Promise<true> => {
      await this.page.keyboard.press("Escape");
      await this.page.keyboard.press("Control+P");
      await input.waitFor({ state: "visible", timeout: 3_000 });
      await input.fill(path, { timeout: 2_000 });
      await this.page.locator(quickRows).filter({ hasText: name }).first().waitFor({ timeout: 12_000 });
      await input.fill(`${path}:${line}`, { timeout: 2_000 });
      // Several files may have the name: Enter takes the first row, which must be the one of this folder, and stay it.
      let seen = "";
      await until(
        `${path} as the first choice`,
        async () => {
          const before = seen;
          seen = (await this.page.locator(quickRows).first().innerText({ timeout: 2_000 })).replace(/\s+/g, " ");
          return seen === before && seen.includes(name) && seen.includes(folder) ? true : undefined;
        },
        5_000,
      );
      // Given to the input and not to what has the focus: in a file it would be typed.
      await input.press("Enter", { timeout: 2_000 });
      await this.page.locator(`.editor-group-container.active .tab.active[data-resource-name="${name}"]`).waitFor({ timeout: 5_000 });
      return true;
    };
    await until(`${path} in the active tab`, () => attempt().catch(() => undefined), 60_000);
    await this.page.locator(".editor-group-container.active .editor-instance .view-lines").first().waitFor();
  }

  /** Puts the cursor of the active editor at a line and column, both counted from 1. */
  async goto(line: number, column = 1): Promise<void> {
    await this.page.keyboard.press("Control+G");
    await this.enter(`:${line},${column}`);
  }

  /** What stands after the visible lines of the active editor, in the order of the lines. */
  async afterTexts(): Promise<readonly AfterText[]> {
    return this.page.evaluate(() => {
      const group = document.querySelector(".editor-group-container.active .editor-instance") ?? document;
      const lineAt = new Map<string, number>();
      for (const number of group.querySelectorAll<HTMLElement>(".margin-view-overlays .line-numbers")) {
        const top = number.parentElement?.style.top ?? "";
        lineAt.set(top, Number(number.textContent));
      }
      const found: { line: number; text: string }[] = [];
      for (const line of group.querySelectorAll<HTMLElement>(".view-lines .view-line")) {
        const texts: string[] = [];
        for (const span of line.querySelectorAll("span")) {
          const content = getComputedStyle(span, "::after").content;
          if (content !== "none" && content !== "normal" && content !== "")
            texts.push(content.replace(/^"|"$/g, "").replaceAll('\\"', '"').replaceAll(" ", " "));
        }
        if (texts.length > 0) found.push({ line: lineAt.get(line.style.top) ?? 0, text: texts.join(" ").trim() });
      }
      return found.sort((a, b) => a.line - b.line);
    });
  }

  /** The visible text lines of the active editor. */
  async visibleText(): Promise<string> {
    const lines = this.page.locator(".editor-group-container.active .editor-instance .view-lines").first();
    return (await lines.innerText()).replaceAll(" ", " ");
  }

  async codeLenses(): Promise<readonly string[]> {
    return this.page.locator(".codelens-decoration a").allInnerTexts();
  }

  /** The texts of the notifications that can be seen. */
  async notifications(): Promise<readonly string[]> {
    return this.page.locator(".notifications-toasts .notification-list-item-message").allInnerTexts();
  }

  /** What a failed test left half done, taken back: open inputs, and changes of the file in front that are not saved. */
  async takeBack(): Promise<void> {
    for (let i = 0; i < 3; i++) await this.page.keyboard.press("Escape");
    if ((await this.page.locator(".editor-group-container.active .tab.active.dirty").count()) > 0) await this.command("File: Revert File");
  }

  /** The titles of the open editor tabs. */
  async tabs(): Promise<readonly string[]> {
    return this.page.locator(".tabs-container .tab .label-name").allInnerTexts();
  }

  // ---- views and webviews ----

  /** The webview's document in which `selector` matches; several webviews have no known order, so each is asked. */
  async webview(selector: string, timeout = 30_000): Promise<Frame> {
    return until(
      `a webview with ${selector}`,
      async () => {
        for (const frame of this.page.frames()) {
          if (frame.name() !== "" && frame.parentFrame() === this.page.mainFrame()) {
            for (const inner of frame.childFrames()) {
              // A frame may go away while it is asked; one that is still being replaced never answers.
              const matches = await Promise.race([
                inner
                  .locator(selector)
                  .count()
                  .catch(() => 0),
                new Promise<number>((done) => setTimeout(() => done(0), 2_000)),
              ]);
              if (matches > 0) return inner;
            }
          }
        }
        return undefined;
      },
      timeout,
    );
  }

  /** An element of a webview, by the selector that also finds the webview. */
  async inWebview(selector: string, timeout = 30_000): Promise<Locator> {
    return (await this.webview(selector, timeout)).locator(selector).first();
  }

  /** Kept as CI output: out/screenshots/<name>.png. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(screenshotDir, { recursive: true });
    await this.page.screenshot({ path: join(screenshotDir, `${name}.png`) });
  }
}
