// The input of a review: tree, patch, scenario and hunks, and the part of it that is saved for the next window.
// Must not depend on a review.

import * as vscode from "vscode";
import type { ReviewRequest } from "../../engine/protocol.js";

export type PatchInput = { readonly kind: "text"; readonly name: string; readonly text: string; readonly uri?: vscode.Uri } | { readonly kind: "builtin" };

export interface ReviewInput {
  readonly tree: vscode.Uri;
  /** Absent: the tree alone. */
  readonly patch?: PatchInput;
  readonly scenario: ReviewRequest["scenario"];
  /** The scenario file it came from; an edit of the file runs the scenario again. */
  readonly scenarioFile?: vscode.Uri;
  readonly hunks?: HunkChoice;
}

/** The hunks that the user excluded, by index, and the number of all hunks. */
export interface HunkChoice {
  readonly off: readonly number[];
  readonly of: number;
}

/** The input as saved for the next window; the text of the tree is not part of it. */
export interface SavedInput {
  readonly tree: string;
  readonly patch?: { readonly kind: "text"; readonly name: string; readonly text: string; readonly uri?: string } | { readonly kind: "builtin" };
  readonly scenario: ReviewRequest["scenario"];
  readonly scenarioFile?: string;
  readonly hunks?: HunkChoice;
}

/** A longer patch is not saved: the editor's state is not made for large texts. */
const longestSaved = 1_000_000;

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
  const withPatch = (p: NonNullable<SavedInput["patch"]>): PatchInput =>
    p.kind === "builtin" ? p : { kind: "text", name: p.name, text: p.text, ...(p.uri === undefined ? {} : { uri: vscode.Uri.parse(p.uri) }) };
  return {
    tree: vscode.Uri.parse(tree),
    ...(patch === undefined ? {} : { patch: withPatch(patch) }),
    scenario,
    ...(scenarioFile === undefined ? {} : { scenarioFile: vscode.Uri.parse(scenarioFile) }),
    ...(hunks === undefined ? {} : { hunks }),
  };
}

/** "forgetful" of forgetful.tcescope.json; undefined for a built-in scenario. */
export function scenarioFileName(input: ReviewInput | undefined): string | undefined {
  const path = input?.scenarioFile?.path;
  return path?.slice(path.lastIndexOf("/") + 1).replace(/\.tcescope\.json$/, "");
}
