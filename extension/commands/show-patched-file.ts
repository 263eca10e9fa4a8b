// Show Patched File: a diff of the tree's file and the patched text, for the file given, the active editor's, or one chosen.

import * as vscode from "vscode";
import { patchedUri, pathOfPatched } from "../review/index.js";
import { pathInTree } from "../tree/index.js";
import type { Command } from "./command.js";

export const showPatchedFile: Command = {
  id: "tceScope.showPatchedFile",
  run: async ({ session }, argument) => {
    const { input, patched } = session;
    if (input === undefined || patched.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No patched file yet. Review a patch first: “TCE Scope: Review Patch…”."));
      return;
    }
    const uri = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const requested =
      uri === undefined ? undefined : (pathOfPatched(uri) ?? pathInTree(input.tree, uri) ?? (typeof argument === "string" ? argument : undefined));
    const path =
      patched.find((file) => file.path === requested)?.path ?? (patched.length === 1 ? patched[0]?.path : await pickPath(patched.map((file) => file.path)));
    if (path === undefined) return;
    await vscode.commands.executeCommand(
      "vscode.diff",
      vscode.Uri.joinPath(input.tree, path),
      patchedUri(path),
      `${path.slice(path.lastIndexOf("/") + 1)} (tree ↔ patched)`,
      { preview: true },
    );
  },
};

async function pickPath(paths: readonly string[]): Promise<string | undefined> {
  return vscode.window.showQuickPick([...paths], {
    title: vscode.l10n.t("TCE Scope: Show Patched File"),
    placeHolder: vscode.l10n.t("Choose a patched file"),
  });
}
