// The sources of a patch: a file named by the caller or picked from the workspace or the disk, the clipboard, or the
// built-in change. Reads text; whether it is a patch is for the engine to decide.

import * as vscode from "vscode";
import { findFilesWithin } from "../tree/index.js";
import type { PatchInput } from "./input.js";

type Choice = { readonly kind: "file"; readonly uri: vscode.Uri } | { readonly kind: "builtin" } | { readonly kind: "browse" } | { readonly kind: "clipboard" };
type Item = vscode.QuickPickItem & { readonly choice?: Choice };

const patchFiles = "**/*.{patch,diff,eml,mbox}";
const textFiles = "{*.txt,*/*.txt}";
const notSearched = "**/{node_modules,.git,Documentation,tools}/**";
const longestSearchMs = 10_000;
/** How long the list may wait for the search before it is shown without results. */
const longestBlankMs = 2_000;
const looksLikePatch = /^[>\s]*(diff --git |--- [\w./]|@@ -\d)/m;

/** Undefined: the user chose nothing. */
export async function pickPatch(): Promise<PatchInput | undefined> {
  const chosen = await pickItem();
  const choice = chosen?.choice;
  switch (choice?.kind) {
    case undefined:
      return undefined;
    case "builtin":
      return { kind: "builtin" };
    case "file":
      return readPatch(choice.uri);
    case "clipboard":
      return clipboardPatch();
    case "browse": {
      const [uri] =
        (await vscode.window.showOpenDialog({
          title: vscode.l10n.t("Review Patch"),
          openLabel: "Review",
          canSelectMany: false,
          filters: { "Patches and mails": ["patch", "diff", "eml", "mbox", "txt"], "All files": ["*"] },
        })) ?? [];
      return uri === undefined ? undefined : readPatch(uri);
    }
  }
}

/** Prefers the text of an open editor to that on disk. Undefined: it could not be read, and an error was shown. */
export async function readPatch(uri: vscode.Uri): Promise<PatchInput | undefined> {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return { kind: "text", name, text: open.getText(), uri };
  try {
    return { kind: "text", name, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), uri };
  } catch {
    void vscode.window.showErrorMessage(`${uri.fsPath} cannot be read. Choose a readable file.`);
    return undefined;
  }
}

export async function clipboardPatch(): Promise<PatchInput | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== "") return { kind: "text", name: "clipboard", text };
  void vscode.window.showWarningMessage(vscode.l10n.t("The clipboard is empty. Copy the mail or the patch as text, then run the command again."));
  return undefined;
}

/** Lists the workspace's patches first; if the search is slow or never ends, as on some virtual file systems, they follow the rest. */
function pickItem(): Promise<Item | undefined> {
  const active = vscode.window.activeTextEditor?.document;
  const isOpenPatch = active !== undefined && looksLikePatch.test(active.getText().slice(0, 65_536)) && !/\.[ch]$/.test(active.uri.path);
  const openPatch = isOpenPatch ? active.uri : undefined;
  return new Promise((resolve) => {
    const pick = vscode.window.createQuickPick<Item>();
    const search = new vscode.CancellationTokenSource();
    pick.title = "TCE Scope: Review Patch";
    pick.placeholder = "Choose a patch, or a mail that contains one";
    pick.matchOnDescription = true;
    pick.busy = true;
    let open = true;
    /** Rows that are shown must not move under the pointer: later results are appended. */
    const late = setTimeout(() => (pick.items = items(openPatch, [])), longestBlankMs);
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]);
      pick.hide();
    });
    pick.onDidHide(() => {
      open = false;
      clearTimeout(late);
      search.cancel();
      search.dispose();
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    void patchesInWorkspace(search.token).then((found) => {
      if (!open) return;
      clearTimeout(late);
      const [active] = pick.activeItems;
      const shown = pick.items;
      pick.items = shown.length === 0 ? items(openPatch, found) : [...shown, ...inWorkspace(openPatch, found)];
      if (active !== undefined) pick.activeItems = [active];
      pick.busy = false;
    });
  });
}

async function patchesInWorkspace(token: vscode.CancellationToken): Promise<readonly vscode.Uri[]> {
  const files = await findFilesWithin(longestSearchMs, patchFiles, notSearched, 200, token);
  const texts = await findFilesWithin(longestSearchMs, textFiles, notSearched, 50, token);
  const mails: vscode.Uri[] = [];
  for (const uri of texts) if (!token.isCancellationRequested && (await holdsPatch(uri))) mails.push(uri);
  return [...files, ...mails].sort((a, b) => a.path.localeCompare(b.path));
}

function inWorkspace(openPatch: vscode.Uri | undefined, uris: readonly vscode.Uri[]): Item[] {
  const found = uris.filter((uri) => uri.toString() !== openPatch?.toString());
  return found.length > 0 ? [heading("In this workspace"), ...found.map(fileItem)] : [];
}

function items(openPatch: vscode.Uri | undefined, found: readonly vscode.Uri[]): Item[] {
  return [
    ...(openPatch === undefined ? [] : [heading("Open editor"), fileItem(openPatch)]),
    ...inWorkspace(openPatch, found),
    heading("Elsewhere"),
    { label: "$(folder-opened) Browse…", choice: { kind: "browse" } },
    { label: "$(clippy) Patch from clipboard", choice: { kind: "clipboard" } },
    { label: "$(lightbulb) Built-in change", description: "wait for the TCEs, then free the table, then remove the window", choice: { kind: "builtin" } },
  ];
}

function heading(label: string): Item {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

function fileItem(uri: vscode.Uri): Item {
  const folder = vscode.workspace.asRelativePath(vscode.Uri.joinPath(uri, ".."), false);
  return { label: `$(file) ${uri.path.slice(uri.path.lastIndexOf("/") + 1)}`, description: folder, choice: { kind: "file", uri } };
}

async function holdsPatch(uri: vscode.Uri): Promise<boolean> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return looksLikePatch.test(new TextDecoder().decode(bytes.subarray(0, 65_536)));
  } catch {
    return false;
  }
}
