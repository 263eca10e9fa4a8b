// The engine's requests, built from a review's input and the text the editor has now, saved or not.
// Must not run them.

import * as vscode from "vscode";
import type {
  ExplainRequest,
  FindingKey,
  HunksRequest,
  DebugOpenRequest,
  QuestionsRequest,
  ReplayRequest,
  ReviewRequest,
  ScenarioChoice,
  SearchWish,
  TreeSpec,
} from "../../engine/protocol.js";
import { defaultWorkers } from "../engine/index.js";
import { pathInTree, TreeReader } from "../tree/index.js";
import type { PatchInput, ReviewInput } from "./input.js";

type Built<Request> = Omit<Request, "id">;

export interface Unsaved {
  readonly path: string;
  readonly document: vscode.TextDocument;
}

export class RequestBuilder {
  readonly #reader = new TreeReader();
  readonly #hasDisk: boolean;
  /** Reads files for an engine that has no disk. */
  readonly read = this.#reader.read;

  constructor(hasDisk: boolean) {
    this.#hasDisk = hasDisk;
  }

  /** @param set parameters that the scenario gets for this run only */
  review(input: ReviewInput, unsaved: readonly Unsaved[], search: SearchWish | undefined, set: ScenarioChoice["set"]): Built<ReviewRequest> {
    return {
      type: "review",
      tree: this.#tree(input.tree, unsaved),
      ...patchOf(input),
      scenario: { ...input.scenario, set: { ...input.scenario.set, ...set } },
      ...(search === undefined ? {} : { search }),
    };
  }

  questions(input: ReviewInput, patch: PatchInput): Built<QuestionsRequest> {
    return { type: "questions", tree: this.#tree(input.tree), patch: requestPatch(patch), ...includedHunks(input), scenario: input.scenario };
  }

  hunks(input: ReviewInput, patch: PatchInput, holds: readonly string[]): Built<HunksRequest> {
    return { type: "hunks", tree: this.#tree(input.tree), patch: requestPatch(patch), scenario: input.scenario, holds };
  }

  explain(tree: vscode.Uri, patch: PatchInput | undefined, text: string): Built<ExplainRequest> {
    return { type: "explain", tree: this.#tree(tree), ...(patch === undefined ? {} : { patch: requestPatch(patch) }), text };
  }

  replay(input: ReviewInput, witness: string): Built<ReplayRequest> {
    return { type: "replay", tree: this.#tree(input.tree), ...patchOf(input), ...ownSource(input), witness };
  }

  debug(input: ReviewInput, witness: string, finding: FindingKey | undefined): Built<DebugOpenRequest> {
    return {
      type: "debug-open",
      tree: this.#tree(input.tree),
      ...patchOf(input),
      ...ownSource(input),
      witness,
      ...(finding === undefined ? {} : { finding: { kind: finding.kind, function: finding.function, line: finding.line } }),
    };
  }

  #tree(tree: vscode.Uri, unsaved = unsavedDocuments(tree)): TreeSpec {
    const overlays = unsaved.map(({ path, document }) => ({ path, text: document.getText() }));
    if (this.#hasDisk && tree.scheme === "file") return { root: tree.fsPath, overlays };
    this.#reader.refresh();
    return { root: tree.toString(), from: "host", overlays };
  }
}

/** Documents of the tree with unsaved changes. */
export function unsavedDocuments(tree: vscode.Uri): readonly Unsaved[] {
  return vscode.workspace.textDocuments.flatMap((document) => {
    const path = document.isDirty ? pathInTree(tree, document.uri) : undefined;
    return path === undefined ? [] : [{ path, document }];
  });
}

/** The number of engines that share a search: the setting, else all processors but one for the editor. */
export function searchWorkers(processors: number): number {
  const setting = vscode.workspace.getConfiguration("tceScope").get<number>("search.workers", 0);
  return setting >= 1 ? Math.floor(setting) : defaultWorkers(processors);
}

function patchOf(input: ReviewInput): Pick<ReviewRequest, "patch" | "hunks"> {
  return input.patch === undefined ? {} : { patch: requestPatch(input.patch), ...includedHunks(input) };
}

function requestPatch(patch: PatchInput): NonNullable<ReviewRequest["patch"]> {
  return patch.kind === "builtin" ? "builtin" : { name: patch.name, text: patch.text };
}

function includedHunks({ hunks }: ReviewInput): Pick<ReviewRequest, "hunks"> {
  return hunks === undefined ? {} : { hunks: Array.from({ length: hunks.of }, (_, i) => i).filter((i) => !hunks.off.includes(i)) };
}

/** The C file of a custom scenario. */
function ownSource({ scenario }: ReviewInput): Pick<ReplayRequest, "own"> {
  return scenario.own === undefined ? {} : { own: scenario.own };
}
