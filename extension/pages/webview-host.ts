// A webview view that shows the session: strict CSP, typed messages, no resources but its script and style sheet. The
// page decides what it shows; this file lists the commands it may run.

import * as vscode from "vscode";
import type { FromWebview, ToWebview, ViewState } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";
import { reveal, type ReviewSession } from "../review/index.js";

export interface ViewPage {
  readonly viewId: string;
  /** Name of the bundle in dist/webview/: `<name>.js` and `<name>.css`. */
  readonly bundle: string;
  readonly title: string;
  /** The part of the state that the page needs; the rest is not sent. */
  readonly select: (state: ViewState) => ViewState;
  /** Replies to a page that steps by operation. */
  readonly operations?: (request: Extract<FromWebview, { type: "operations" }>) => Promise<ToWebview>;
}

/** Commands a page may run, without the prefix. */
const allowed: ReadonlySet<string> = new Set([
  "reviewPatch",
  "reviewBuiltin",
  "reviewClipboard",
  "runScenario",
  "runAgain",
  "compareHunks",
  "toggleHunk",
  "allHunks",
  "askQuestions",
  "showRun",
  "showFindings",
  "searchDeeper",
  "showTimeline",
  "showReview",
  "showPatchedFile",
  "showLog",
  "showFinding",
  "nextFinding",
  "previousFinding",
  "copyWitness",
  "cancel",
]);

export class WebviewHost implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #page: ViewPage;
  readonly #session: ReviewSession;
  readonly #extensionUri: vscode.Uri;
  readonly #subscriptions: readonly Disposes[];
  #view: vscode.WebviewView | undefined;
  /** The page has requested its state; messages before that would be lost. */
  #ready = false;
  /** The result that the page has. */
  #sent: unknown;

  constructor(page: ViewPage, session: ReviewSession, extensionUri: vscode.Uri) {
    this.#page = page;
    this.#session = session;
    this.#extensionUri = extensionUri;
    this.#subscriptions = [
      vscode.window.registerWebviewViewProvider(page.viewId, this),
      session.onDidChange(() => this.#postState()),
      session.onDidProgress(({ step, fraction }) => this.#post({ type: "progress", step, fraction })),
      session.onDidMoveCursor(({ t, variant }) => this.#post({ type: "cursor", t, variant })),
    ];
  }

  get visible(): boolean {
    return this.#view?.visible ?? false;
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    void this.#session.restore();
    const dist = vscode.Uri.joinPath(this.#extensionUri, "dist", "webview");
    view.webview.options = { enableScripts: true, localResourceRoots: [dist] };
    view.webview.onDidReceiveMessage((message: FromWebview) => void this.#receive(message));
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#ready = false;
    });
    const script = view.webview.asWebviewUri(vscode.Uri.joinPath(dist, `${this.#page.bundle}.js`));
    const style = view.webview.asWebviewUri(vscode.Uri.joinPath(dist, `${this.#page.bundle}.css`));
    view.webview.html = pageHtml(this.#page.title, script.toString(), style.toString(), view.webview.cspSource);
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  #postState(): void {
    if (!this.#ready) return;
    const { result } = this.#session;
    const state = this.#page.select(this.#session.view);
    if (result === undefined || result !== this.#sent) this.#post({ type: "state", state });
    else {
      const { result: _sent, ...rest } = state;
      this.#post({ type: "state", state: rest, sameResult: true });
    }
    this.#sent = result;
  }

  #post(message: ToWebview): void {
    if (this.#ready) void this.#view?.webview.postMessage(message);
  }

  async #receive(message: FromWebview): Promise<void> {
    switch (message.type) {
      case "ready":
        this.#ready = true;
        this.#sent = undefined;
        this.#postState();
        return;
      case "cursor":
        this.#session.moveCursor({ t: message.t, variant: message.variant });
        return;
      case "reveal":
        await reveal(this.#session, message, message.keepFocus === true);
        return;
      case "operations": {
        const reply = await this.#page.operations?.(message);
        if (reply !== undefined) this.#post(reply);
        return;
      }
      case "command":
        if (allowed.has(message.command)) await vscode.commands.executeCommand(`tceScope.${message.command}`, ...(message.args ?? []));
        return;
    }
  }
}

function pageHtml(title: string, script: string, style: string, source: string): string {
  const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `<!DOCTYPE html>
<html lang="${vscode.env.language}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source} 'unsafe-inline'; font-src ${source}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body>
<main id="root"></main>
<script type="application/json" id="l10n">${JSON.stringify(vscode.l10n.bundle ?? {}).replaceAll("<", "\\u003c")}</script>
<script type="module" nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
