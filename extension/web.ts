// Entry in the browser's extension host. There is no engine for it yet: the commands stand and explain.

import { type ExtensionContext } from "vscode";
import { activateWith } from "./activate.js";

export function activate(context: ExtensionContext): void {
  activateWith(context, undefined);
}
