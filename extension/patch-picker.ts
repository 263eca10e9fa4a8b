// Where a patch comes from: a file named by the caller, one picked from the workspace or the disk, the clipboard, or
// the project's own change. Reads text; whether it is a patch is for the engine to say.

import * as vscode from "vscode";
import { type PatchInput } from "./review-session.js";

type Choice = { readonly kind: "file"; readonly uri: vscode.Uri } | { readonly kind: "builtin" } | { readonly kind: "browse" } | { readonly kind: "clipboard" };
type Item = vscode.QuickPickItem & { readonly choice?: Choice };

const patchFiles = "**/*.{patch,diff,eml,mbox}";
const textFiles = "{*.txt,*/*.txt}";
const notSearched = "**/{node_modules,.git,Documentation,tools}/**";
const looksLikePatch = /^[>\s]*(diff --git |--- [\w./]|@@ -\d)/m;

/** Undefined: the user did not choose. */
export async function pickPatch(): Promise<PatchInput | undefined> {
  const chosen = await vscode.window.showQuickPick<Item>(items(), {
    title: "TCE Scope: Review Patch",
    placeHolder: "A patch or a mail that holds one",
    matchOnDescription: true,
  });
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
          title: "Review Patch",
          openLabel: "Review",
          canSelectMany: false,
          filters: { "Patches and mails": ["patch", "diff", "eml", "mbox", "txt"], "All files": ["*"] },
        })) ?? [];
      return uri === undefined ? undefined : readPatch(uri);
    }
  }
}

/** Text of an open editor before that on disk. Undefined: it could not be read; the user has been told. */
export async function readPatch(uri: vscode.Uri): Promise<PatchInput | undefined> {
  const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open !== undefined) return { kind: "text", name, text: open.getText(), uri };
  try {
    return { kind: "text", name, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)), uri };
  } catch {
    void vscode.window.showErrorMessage(`${uri.fsPath} cannot be read. Choose a file that exists.`);
    return undefined;
  }
}

export async function clipboardPatch(): Promise<PatchInput | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== "") return { kind: "text", name: "clipboard", text };
  void vscode.window.showWarningMessage("The clipboard is empty. Copy the mail or the patch as text, then run the command again.");
  return undefined;
}

async function items(): Promise<Item[]> {
  const active = vscode.window.activeTextEditor?.document;
  const isOpenPatch = active !== undefined && looksLikePatch.test(active.getText().slice(0, 65_536)) && !/\.[ch]$/.test(active.uri.path);
  const files = await vscode.workspace.findFiles(patchFiles, notSearched, 200);
  const texts = await vscode.workspace.findFiles(textFiles, notSearched, 50);
  const mails: vscode.Uri[] = [];
  for (const uri of texts) if (await holdsPatch(uri)) mails.push(uri);
  const found = [...files, ...mails].filter((uri) => !isOpenPatch || uri.toString() !== active.uri.toString()).sort((a, b) => a.path.localeCompare(b.path));
  return [
    ...(isOpenPatch ? [heading("Open editor"), fileItem(active.uri)] : []),
    ...(found.length > 0 ? [heading("In this workspace"), ...found.map(fileItem)] : []),
    heading("Elsewhere"),
    { label: "$(folder-opened) Browse…", choice: { kind: "browse" } },
    { label: "$(clippy) Patch in the clipboard", choice: { kind: "clipboard" } },
    { label: "$(lightbulb) Built-in change", description: "wait for the TCEs, then free, then remove the window", choice: { kind: "builtin" } },
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
