// The extension on the other side: typed messages out and in, and what the page wants to find again when it was
// closed and reopened.

import type { FromWebview, ReviewResult, ToWebview } from "../../engine/protocol.js";

interface VsCodeApi {
  postMessage(message: FromWebview): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

let api: VsCodeApi | undefined;
/** VS Code hands the object out once per page; fetched on first use, so that the module loads outside a page too. */
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
    // One and the same object as long as it is the same result.
    if (data.sameResult !== true) result = data.state.result;
    receive({ type: "state", state: result === undefined ? data.state : { ...data.state, result } });
  });
}

/** Flat switches and numbers of the page, by name. */
type Kept = Readonly<Record<string, boolean | number | string>>;

function kept(): Kept {
  const state = vscode().getState();
  return typeof state === "object" && state !== null ? (state as Kept) : {};
}

export function recall<T extends boolean | number | string>(name: string, otherwise: T): T {
  const value = kept()[name];
  return typeof value === typeof otherwise ? (value as T) : otherwise;
}

export function keep(name: string, value: boolean | number | string): void {
  vscode().setState({ ...kept(), [name]: value });
}
