// Entry in the Node extension host (desktop, remote, VS Code server): the engine runs in a worker thread.

import { availableParallelism } from "node:os";
import { type ExtensionContext } from "vscode";
import { activateWith } from "./activate.js";
import { nodeEngine } from "./node-engine.js";

export function activate(context: ExtensionContext): void {
  activateWith(context, { start: nodeEngine(context.asAbsolutePath("dist/engine-worker.cjs")), hasDisk: true, processors: availableParallelism() });
}
