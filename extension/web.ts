// Entry in the browser's extension host: the engine runs in a web worker and reads the tree through the editor.

import * as vscode from "vscode";
import { activateWith } from "./activate.js";
import { webEngine } from "./web-engine.js";

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, {
    start: webEngine(vscode.Uri.joinPath(context.extensionUri, "dist", "engine-worker-web.js")),
    hasDisk: false,
    processors: navigator.hardwareConcurrency,
  });
}
