// The connection to the extension: typed messages in both directions, and the page's state that survives closing and
// reopening.

import type { FromWebview, ReviewResult, ToWebview } from "../../engine/protocol.js";

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

let api: VsCodeApi | undefined;
/** VS Code provides the object once per page; acquired on first use, so that the module also loads outside a page. */
function vscode(): VsCodeApi {
  return (api ??= acquireVsCodeApi());
}

export function post(message: FromWebview): void {
  vscode().postMessage(message);
}

export function runCommand(command: string, ...args: readonly string[]): void {
  post({ type: "command", command, args });
}

export function onMessage(receive: (message: ToWebview) => void): void {
  let result: ReviewResult | undefined;
  window.addEventListener("message", ({ data }: MessageEvent<ToWebview>) => {
    if (data.type !== "state") {
      receive(data);
      return;
    }
    // The same object for as long as the result is the same.
    if (data.sameResult !== true) result = data.state.result;
    receive({ type: "state", state: result === undefined ? data.state : { ...data.state, result } });
  });
}

/** Settings and numbers of the page, by name. */
type PageState = Readonly<Record<string, boolean | number | string>>;

function pageState(): PageState {
  const state = vscode().getState();
  return typeof state === "object" && state !== null ? (state as PageState) : {};
}

export function recall<T extends boolean | number | string>(name: string, fallback: T): T {
  const value = pageState()[name];
  return typeof value === typeof fallback ? (value as T) : fallback;
}

export function keep(name: string, value: boolean | number | string): void {
  vscode().setState({ ...pageState(), [name]: value });
}
