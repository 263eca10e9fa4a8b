// Watches a tree on disk: branch switches, other editors, deleted files and folders. Open documents report their own
// edits. Must not decide what to do about a change.

import * as vscode from "vscode";
import type { Disposes } from "../base/index.js";
import { pathInTree } from "./finder.js";

export interface TreeEvents {
  /** The file's text on disk changed. */
  forget(uri: vscode.Uri): void;
  /** The text that a run would read changed. */
  changed(uri: vscode.Uri): void;
  folderGone(): void;
}

export function watchTree(tree: vscode.Uri, events: TreeEvents): readonly Disposes[] {
  const pattern = new vscode.RelativePattern(tree, "{arch/powerpc,include,lib,net/core,kernel,mm,drivers/of,drivers/pci}/**/*.{c,h}");
  const sources = vscode.workspace.createFileSystemWatcher(pattern);
  // When a folder is deleted, the editor reports only the folder, not its files.
  const deletions = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(tree, "**"), true, true, false);
  sources.onDidChange((uri) => {
    events.forget(uri);
    if (!vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) events.changed(uri);
  });
  // An open document keeps its text while its file is deleted and created again, and reports neither.
  const createdOrDeleted = (uri: vscode.Uri): void => {
    events.forget(uri);
    events.changed(uri);
  };
  sources.onDidCreate(createdOrDeleted);
  sources.onDidDelete(createdOrDeleted);
  deletions.onDidDelete((uri) => {
    const path = pathInTree(tree, uri);
    if (path !== undefined && !/\.\w+$/.test(path)) events.folderGone();
  });
  return [sources, deletions];
}
