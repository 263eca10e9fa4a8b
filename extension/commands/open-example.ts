// Open Example: a small tree for learning the tool, copied to the extension's own storage so that it can be edited, and
// reviewed with its patch. Works without an open folder, and in a browser.

import * as vscode from "vscode";
import { exampleScenario } from "../../engine/protocol.js";
import { panelViewId } from "../pages/index.js";
import type { Command } from "./command.js";
import { exampleFiles, examplePatch as patch, exampleSource as source } from "./example-files.js";

export const openExample: Command = {
  id: "tceScope.openExample",
  run: async ({ context, session }) => {
    const tree = vscode.Uri.joinPath(context.globalStorageUri, "example");
    try {
      await copyTo(vscode.Uri.joinPath(context.extensionUri, "examples", "tree"), tree);
    } catch (error) {
      void vscode.window.showErrorMessage(`The example could not be copied: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(tree, patch));
    const running = session.start({
      tree,
      patch: { kind: "text", name: patch, text: new TextDecoder().decode(bytes), uri: vscode.Uri.joinPath(tree, patch) },
      scenario: { name: exampleScenario.name, set: {} },
    });
    await vscode.window.showTextDocument(vscode.Uri.joinPath(tree, source), { preview: false });
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
    await running;
  },
};

async function copyTo(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const { fs } = vscode.workspace;
  const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
  await Promise.all(
    exampleFiles.map(async (path) => {
      const bytes = await fs.readFile(vscode.Uri.joinPath(from, path));
      const target = vscode.Uri.joinPath(to, path);
      const existing = await fs.readFile(target).then(
        (found) => found,
        () => undefined,
      );
      if (existing === undefined || !same(existing, bytes)) await fs.writeFile(target, bytes);
    }),
  );
}
