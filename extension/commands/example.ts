// The small tree by which a newcomer learns the tool: copied fresh to the extension's own storage, so that it can be
// edited, and reviewed with its patch. Works without a folder open, and in a browser.

import * as vscode from "vscode";
import { exampleScenario } from "../../engine/protocol.js";
import type { Disposes } from "../base/index.js";
import { exampleFiles, examplePatch as patch, exampleSource as source } from "./example-files.js";
import { panelViewId } from "../pages/index.js";
import type { ReviewInput, ReviewSession } from "../review/index.js";
import { defaultScenario } from "../scenarios/index.js";

/** The scenario to begin with on this tree: the one of the last review, unless it is of another sort of tree. */
export async function scenarioFor(tree: vscode.Uri, last: ReviewInput["scenario"] | undefined): Promise<ReviewInput["scenario"]> {
  const example = await isExample(tree);
  if (last !== undefined && (last.name === exampleScenario.name) === example) return last;
  return { name: example ? exampleScenario.name : defaultScenario.name, set: {} };
}

async function isExample(tree: vscode.Uri): Promise<boolean> {
  try {
    const makefile = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(tree, "Makefile")));
    return /^EXTRAVERSION = -example$/m.test(makefile);
  } catch {
    return false;
  }
}

/** The command: a fresh copy, its main file open, the review running. */
export function exampleCommand(session: ReviewSession, context: vscode.ExtensionContext): Disposes {
  return vscode.commands.registerCommand("tceScope.openExample", async () => {
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
  });
}

async function copyTo(from: vscode.Uri, to: vscode.Uri): Promise<void> {
  const { fs } = vscode.workspace;
  const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, i) => byte === b[i]);
  await Promise.all(
    exampleFiles.map(async (path) => {
      const wanted = await fs.readFile(vscode.Uri.joinPath(from, path));
      const target = vscode.Uri.joinPath(to, path);
      const there = await fs.readFile(target).then(
        (bytes) => bytes,
        () => undefined,
      );
      if (there === undefined || !same(there, wanted)) await fs.writeFile(target, wanted);
    }),
  );
}
