// What a review is asked of: tree, patch, scenario and hunks, with what of it is kept for the next window, and the
// editor's unsaved text that goes into it. Knows no review.

import * as vscode from "vscode";
import type { ReviewRequest } from "../../engine/protocol.js";
import { defaultWorkers } from "../engine/index.js";
import { pathInTree } from "../tree/index.js";

export type PatchInput = { readonly kind: "text"; readonly name: string; readonly text: string; readonly uri?: vscode.Uri } | { readonly kind: "builtin" };

export interface ReviewInput {
  readonly tree: vscode.Uri;
  /** Absent: the tree alone. */
  readonly patch?: PatchInput;
  readonly scenario: ReviewRequest["scenario"];
  /** The scenario file it came from: an edit of it runs it anew. */
  readonly scenarioFile?: vscode.Uri;
  readonly hunks?: HunkChoice;
}

/** Hunks that the reader switched off, by index, of how many. */
export interface HunkChoice {
  readonly off: readonly number[];
  readonly of: number;
}

/** What of the input is kept for the next window: all but the text of the tree. */
export interface SavedInput {
  readonly tree: string;
  readonly patch?: { readonly kind: "text"; readonly name: string; readonly text: string; readonly uri?: string } | { readonly kind: "builtin" };
  readonly scenario: ReviewRequest["scenario"];
  readonly scenarioFile?: string;
  readonly hunks?: HunkChoice;
}

/** A longer patch is not kept: the editor's state is no place for it. */
const longestSaved = 1_000_000;

export function hunksOn({ hunks }: ReviewInput): Pick<ReviewRequest, "hunks"> {
  return hunks === undefined ? {} : { hunks: Array.from({ length: hunks.of }, (_, i) => i).filter((i) => !hunks.off.includes(i)) };
}

export function requestPatch(patch: PatchInput): NonNullable<ReviewRequest["patch"]> {
  return patch.kind === "builtin" ? "builtin" : { name: patch.name, text: patch.text };
}

export function saved({ tree, patch, scenario, scenarioFile, hunks }: ReviewInput): SavedInput | undefined {
  const base = {
    tree: tree.toString(),
    scenario,
    ...(scenarioFile === undefined ? {} : { scenarioFile: scenarioFile.toString() }),
    ...(hunks === undefined ? {} : { hunks }),
  };
  if (patch === undefined) return base;
  if (patch.kind === "builtin") return { ...base, patch };
  if (patch.text.length > longestSaved) return undefined;
  return { ...base, patch: { kind: "text", name: patch.name, text: patch.text, ...(patch.uri === undefined ? {} : { uri: patch.uri.toString() }) } };
}

export function restored({ tree, patch, scenario, scenarioFile, hunks }: SavedInput): ReviewInput {
  const withPatch = (kept: NonNullable<SavedInput["patch"]>): PatchInput =>
    kept.kind === "builtin" ? kept : { kind: "text", name: kept.name, text: kept.text, ...(kept.uri === undefined ? {} : { uri: vscode.Uri.parse(kept.uri) }) };
  return {
    tree: vscode.Uri.parse(tree),
    ...(patch === undefined ? {} : { patch: withPatch(patch) }),
    scenario,
    ...(scenarioFile === undefined ? {} : { scenarioFile: vscode.Uri.parse(scenarioFile) }),
    ...(hunks === undefined ? {} : { hunks }),
  };
}

export function isSource(path: string): boolean {
  return /\.(c|h|S|lds)$/.test(path);
}

export interface Unsaved {
  readonly path: string;
  readonly document: vscode.TextDocument;
}

export function unsavedDocuments(tree: vscode.Uri): readonly Unsaved[] {
  return vscode.workspace.textDocuments.flatMap((document) => {
    const path = document.isDirty ? pathInTree(tree, document.uri) : undefined;
    return path === undefined ? [] : [{ path, document }];
  });
}

/** "forgetful" of forgetful.tcescope.json; undefined where the scenario is a built-in one. */
export function scenarioFileName(input: ReviewInput | undefined): string | undefined {
  const path = input?.scenarioFile?.path;
  return path?.slice(path.lastIndexOf("/") + 1).replace(/\.tcescope\.json$/, "");
}

/** Engines that share a search: what the setting says, else as many as leave the editor a processor. */
export function searchWorkers(processors: number): number {
  const wanted = vscode.workspace.getConfiguration("tceScope").get<number>("search.workers", 0);
  return wanted >= 1 ? Math.floor(wanted) : defaultWorkers(processors);
}
