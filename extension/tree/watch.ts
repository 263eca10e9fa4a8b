// Changes of a tree on disk: a branch switch, another editor, a file or a folder that goes. Text open in an editor here
// reports itself. It tells; what to do about it is for others.

import * as vscode from "vscode";
import type { Disposes } from "../base/index.js";
import { pathInTree } from "./finder.js";

export interface TreeEvents {
  /** The file's text on disk is not what it was. */
  forget(uri: vscode.Uri): void;
  /** What a run sees of the file is not what it was. */
  changed(uri: vscode.Uri): void;
  folderGone(): void;
}

export function watchTree(tree: vscode.Uri, events: TreeEvents): readonly Disposes[] {
  const pattern = new vscode.RelativePattern(tree, "{arch/powerpc,include,lib,net/core,kernel,mm,drivers/of,drivers/pci}/**/*.{c,h}");
  const sources = vscode.workspace.createFileSystemWatcher(pattern);
  // Of a folder that goes the editor reports only the folder.
  const gone = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(tree, "**"), true, true, false);
  sources.onDidChange((uri) => {
    events.forget(uri);
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) events.changed(uri);
  });
  // An open document keeps its text when its file goes, and has it already when the file is back: it reports neither.
  const cameOrWent = (uri: vscode.Uri): void => {
    events.forget(uri);
    events.changed(uri);
  };
  sources.onDidCreate(cameOrWent);
  sources.onDidDelete(cameOrWent);
  gone.onDidDelete((uri) => {
    const path = pathInTree(tree, uri);
    if (path !== undefined && !/\.\w+$/.test(path)) events.folderGone();
  });
  return [sources, gone];
}
