// Runs the engine in a web worker, for an editor in the browser. Reads the bundle through the editor's file system,
// since a worker cannot be started from the address of another origin.

import * as vscode from "vscode";
import type { EngineToHost, HostToEngine } from "../engine/protocol.js";
import type { EngineTransport, StartEngine } from "./engine/index.js";

/** @param file the bundled worker */
export function webEngine(file: vscode.Uri): StartEngine {
  return (events): EngineTransport => {
    let worker: Worker | undefined;
    let disposed = false;
    /** Messages sent before the worker has started. */
    const early: HostToEngine[] = [];
    const fail = (reason: string): void => {
      if (!disposed) events.onExit(reason);
    };
    const start = async (): Promise<void> => {
      const code = await vscode.workspace.fs.readFile(file);
      if (disposed) return;
      const address = URL.createObjectURL(new Blob([new Uint8Array(code)], { type: "text/javascript" }));
      worker = new Worker(address, { name: "tce-scope-engine" });
      worker.onmessage = (event: MessageEvent<EngineToHost>): void => events.onMessage(event.data);
      worker.onerror = (event): void => fail(event.message === "" ? "the web worker could not be started" : event.message);
      for (const message of early) worker.postMessage(message);
    };
    start().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
    return {
      post: (message) => {
        if (worker === undefined) early.push(message);
        else worker.postMessage(message);
      },
      dispose: () => {
        disposed = true;
        worker?.terminate();
      },
    };
  };
}
