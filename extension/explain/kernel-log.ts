// The text of a kernel log: the selection, the open editor, the clipboard or a file.
// Reads text; whether it is a kernel log is for the engine to decide.

import * as vscode from "vscode";

export const title = "TCE Scope: Explain Oops";
/** Typical lines of a kernel log. */
const looksLikeLog = /Call [Tt]race:|Oops: |BUG: |\bOops\b|^\[ *\d+\.\d{6}\] /m;
const longest = 64 * 1024 * 1024;

interface Source extends vscode.QuickPickItem {
  readonly read?: () => Promise<string | undefined>;
}

/** Undefined: the user chose nothing, or an error was shown. */
export async function pickLog(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const selected = editor === undefined ? "" : editor.document.getText(editor.selection);
  const text = editor?.document.getText() ?? "";
  const name = editor === undefined ? "" : editor.document.uri.path.slice(editor.document.uri.path.lastIndexOf("/") + 1);
  const sources: Source[] = [
    ...(selected.trim() === "" ? [] : [{ label: "$(selection) Selected text", description: name, read: () => Promise.resolve(selected) }]),
    ...(looksLikeLog.test(text) ? [{ label: `$(file) ${name}`, description: "open editor", read: () => Promise.resolve(text) }] : []),
    { label: "$(clippy) Clipboard", read: clipboardText },
    { label: "$(folder-opened) File…", read: browse },
  ];
  const chosen = await vscode.window.showQuickPick(sources, { title, placeHolder: "Choose a kernel log with an oops, KASAN report or call trace" });
  return chosen?.read?.();
}

async function clipboardText(): Promise<string | undefined> {
  const text = await vscode.env.clipboard.readText();
  if (text.trim() !== "") return text;
  void vscode.window.showWarningMessage("The clipboard is empty. Copy the kernel log as text, then run the command again.");
  return undefined;
}

async function browse(): Promise<string | undefined> {
  const [file] =
    (await vscode.window.showOpenDialog({
      title: "Explain Oops",
      openLabel: "Explain",
      canSelectMany: false,
      filters: { "Logs and mails": ["log", "txt", "dmesg", "eml", "mbox"], "All files": ["*"] },
    })) ?? [];
  return file === undefined ? undefined : readLog(file);
}

export async function readLog(file: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === file.toString());
  if (open !== undefined) return open.getText();
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > longest) {
      void vscode.window.showErrorMessage(`${file.fsPath} is larger than 64 MiB. Save only the part with the oops.`);
      return undefined;
    }
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
  } catch {
    void vscode.window.showErrorMessage(`${file.fsPath} cannot be read. Choose a readable file.`);
    return undefined;
  }
}
