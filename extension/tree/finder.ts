// Finds the Linux tree to review: at any depth, with several roots, and when the workspace is a folder inside the tree.
// Looks at file names only; must not read or run anything.

import * as vscode from "vscode";
import { findFilesWithin } from "./find-files.js";

/** The root of a tree is the folder with this file. */
const landmark = "arch/powerpc/kernel/iommu.c";
const longestSearchMs = 15_000;
const rememberedKey = "tceScope.tree";

/**
 * The tree to review. The user chooses only if there are several and none contains the active editor's file.
 * Undefined: there is none, which is shown as an error, or the user chose nothing.
 */
export async function findTree(memory: vscode.Memento): Promise<vscode.Uri | undefined> {
  const trees = await treesInReach();
  const active = vscode.window.activeTextEditor?.document.uri;
  const holding = active === undefined ? undefined : trees.find((tree) => pathInTree(tree, active) !== undefined);
  if (holding !== undefined) return holding;
  if (trees.length > 1) return pickTree(trees, memory);
  const [only] = trees;
  if (only !== undefined) return only;
  const open = "Open Folder…";
  const chosen = await vscode.window.showErrorMessage(
    `No Linux kernel tree found: no folder in this workspace contains ${landmark}. Open a kernel tree, then review the patch again.`,
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand("workbench.action.files.openFolder");
  return undefined;
}

/** `uri` as a path relative to the tree with forward slashes, or undefined if it is outside. */
export function pathInTree(tree: vscode.Uri, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== tree.scheme || uri.authority !== tree.authority) return undefined;
  const root = tree.path.endsWith("/") ? tree.path : `${tree.path}/`;
  return uri.path.startsWith(root) ? uri.path.slice(root.length) : undefined;
}

async function treesInReach(): Promise<readonly vscode.Uri[]> {
  const found = new Map<string, vscode.Uri>();
  const add = (tree: vscode.Uri): void => void found.set(tree.toString(), tree);
  // A workspace that is a tree is the usual case and needs no search; a search would also find nested copies.
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (await exists(vscode.Uri.joinPath(folder.uri, landmark))) add(folder.uri);
  }
  if (found.size === 0) {
    for (const file of await findFilesWithin(longestSearchMs, `**/${landmark}`, "**/{node_modules,.git}/**")) add(vscode.Uri.joinPath(file, "../../../.."));
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const starts = [
    ...(active === undefined || active.scheme === "untitled" ? [] : [active]),
    ...(vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri),
  ];
  for (const start of starts) {
    const above = await treeAbove(start);
    if (above !== undefined && (found.size === 0 || start === active)) add(above);
  }
  return [...found.values()];
}

async function treeAbove(start: vscode.Uri): Promise<vscode.Uri | undefined> {
  for (let at = vscode.Uri.joinPath(start, ".."), last = start; at.path !== last.path; last = at, at = vscode.Uri.joinPath(at, "..")) {
    if (await exists(vscode.Uri.joinPath(at, landmark))) return at;
  }
  return undefined;
}

export async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}

async function pickTree(trees: readonly vscode.Uri[], memory: vscode.Memento): Promise<vscode.Uri | undefined> {
  const last = memory.get<string>(rememberedKey);
  const items = trees
    .map((tree) => ({ label: vscode.workspace.asRelativePath(tree, true), description: tree.toString() === last ? "last used" : "", tree }))
    .sort((a, b) => Number(b.description !== "") - Number(a.description !== "") || a.label.localeCompare(b.label));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t("TCE Scope: Choose Kernel Tree"),
    placeHolder: vscode.l10n.t("Choose the tree to review the patch on"),
  });
  if (chosen !== undefined) await memory.update(rememberedKey, chosen.tree.toString());
  return chosen?.tree;
}
