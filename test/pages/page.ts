// A webview's page alone in a real browser: the built bundle, the theme's variables, and a stub of the editor that records
// the messages. For what needs the page but not VS Code: frame times, strings, accessibility. Knows no extension.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { projectDir } from "../../scripts/process.mjs";
import type { FromWebview, ToWebview } from "../../engine/protocol.js";
import { chromiumFlags, findChromium } from "../chromium.js";

export type PageName = "panel" | "timeline";

/** What the pages take from a theme; colours of VS Code's Dark Modern. */
const dark: Readonly<Record<string, string>> = {
  "--vscode-foreground": "#cccccc",
  "--vscode-descriptionForeground": "#9d9d9d",
  "--vscode-editor-background": "#1f1f1f",
  "--vscode-panel-background": "#181818",
  "--vscode-panel-border": "#2b2b2b",
  "--vscode-font-family": "system-ui, sans-serif",
  "--vscode-font-size": "13px",
  "--vscode-textLink-foreground": "#4daafc",
  "--vscode-editorError-foreground": "#f85149",
  "--vscode-editorWarning-foreground": "#cca700",
  "--vscode-charts-green": "#89d185",
  "--vscode-input-background": "#313131",
  "--vscode-input-foreground": "#cccccc",
  "--vscode-input-placeholderForeground": "#989898",
  "--vscode-button-background": "#0078d4",
  "--vscode-button-foreground": "#ffffff",
  "--vscode-tceScope-before": "#e8a15c",
  "--vscode-tceScope-after": "#4daafc",
};

export function pagesAreBuilt(): boolean {
  return existsSync(join(projectDir, "dist/webview/panel.js")) && existsSync(join(projectDir, "dist/webview/timeline.js"));
}

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error("This needs Chromium; install it, or set CHROMIUM to its path.");
  return chromium.launch({ executablePath, args: chromiumFlags });
}

export interface PageOptions {
  readonly width?: number;
  readonly height?: number;
  /** Texts by their English ones. */
  readonly l10n?: Readonly<Record<string, string>>;
}

/** Text that stands in a page's script element. */
function inScript(text: string): string {
  return text.replaceAll("</script", "<\\/script");
}

export async function openPage(browser: Browser, name: PageName, { width = 1200, height = 420, l10n = {} }: PageOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height } });
  const file = (ending: string): string => readFileSync(join(projectDir, "dist", "webview", `${name}.${ending}`), "utf8");
  const variables = Object.entries(dark)
    .map(([key, value]) => `${key}: ${value};`)
    .join(" ");
  await page.setContent(
    `<!DOCTYPE html><html lang="en" style="${variables}"><head><meta charset="utf-8"><title>${name}</title><style>${file("css")}</style></head>
<body class="vscode-dark" style="background: #181818"><main id="root"></main>
<script type="application/json" id="l10n">${inScript(JSON.stringify(l10n))}</script>
<script>globalThis.posted = []; globalThis.acquireVsCodeApi = () => { let kept; return { postMessage: (m) => void globalThis.posted.push(m), getState: () => kept, setState: (s) => { kept = s; } }; };</script>
<script type="module">${inScript(file("js"))}</script></body></html>`,
  );
  await page.waitForFunction(() => (globalThis as { posted?: readonly unknown[] }).posted?.length === 1);
  return page;
}

export async function send(page: Page, message: ToWebview): Promise<void> {
  await page.evaluate((data) => window.postMessage(data, "*"), message);
}

export async function posted(page: Page): Promise<readonly FromWebview[]> {
  return page.evaluate(() => (globalThis as { posted?: readonly FromWebview[] }).posted ?? []);
}
