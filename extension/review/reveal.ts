// Shows a line in the editor: in the tree's own file, or in the patched text if the patch changed that file.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { patchedUri } from "./patched-fs.js";
import type { ReviewInput } from "./input.js";
import type { ReviewSession } from "./session.js";
import { exists } from "../tree/index.js";

export interface Location {
  readonly file: string;
  /** 1-based line of the text that was run. */
  readonly line: number;
  readonly variant: VariantName;
}

/** The document and the present line of a location; undefined without a review. */
export function locate(session: ReviewSession, { file, line, variant }: Location): vscode.Location | undefined {
  const input = session.input;
  if (input === undefined) return undefined;
  const own = ownFile(input, file);
  if (own !== undefined) return new vscode.Location(own, new vscode.Position(Math.max(0, line - 1), 0));
  const inPatched = variant === "after" && session.patched.some((patched) => patched.path === file);
  const uri = inPatched ? patchedUri(file) : vscode.Uri.joinPath(input.tree, file);
  const now = inPatched ? line : (session.place(file, line) ?? line);
  return new vscode.Location(uri, new vscode.Position(Math.max(0, now - 1), 0));
}

/** The C file next to a scenario file, by its bare name or as the engine names it in stacks. */
function ownFile({ scenario, scenarioFile }: ReviewInput, file: string): vscode.Uri | undefined {
  const name = scenario.own?.name;
  if (name === undefined || scenarioFile === undefined || (file !== name && file !== `tcescope/scenario/${name}`)) return undefined;
  return vscode.Uri.joinPath(scenarioFile, "..", name);
}

/** @param keepFocus shows the line without moving the keyboard focus */
export async function reveal(session: ReviewSession, place: Location, keepFocus = false): Promise<void> {
  const target = await openable(session, place);
  if (target === undefined) {
    void vscode.window.showInformationMessage(`${place.file} is not a file of the tree, so there is no line to show.`);
    return;
  }
  const document = await vscode.workspace.openTextDocument(target.uri);
  const line = document.lineAt(Math.min(target.range.start.line, document.lineCount - 1));
  const start = new vscode.Position(line.lineNumber, line.firstNonWhitespaceCharacterIndex);
  const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(start, start), preserveFocus: keepFocus, preview: true });
  editor.revealRange(line.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
}

/** The location, if it can be opened. A problem may also be in the patch itself, under the name it was read with. */
async function openable(session: ReviewSession, place: Location): Promise<vscode.Location | undefined> {
  const patch = session.input?.patch;
  if (patch?.kind === "text" && patch.uri !== undefined && patch.name === place.file)
    return new vscode.Location(patch.uri, new vscode.Position(Math.max(0, place.line - 1), 0));
  const location = locate(session, place);
  if (location === undefined) return undefined;
  return location.uri.scheme === "file" || location.uri.scheme === "vscode-remote" ? ((await exists(location.uri)) ? location : undefined) : location;
}
