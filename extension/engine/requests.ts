// What the engine can be asked to do, and what comes back. Must not depend on how a request is sent.

import type { Problem } from "../../engine/base/index.js";
import type {
  Answer,
  DebugOpenRequest,
  DebugStop,
  ExplainRequest,
  Explanation,
  HunksRequest,
  HunkTable,
  PatchedFile,
  QuestionsRequest,
  ReplayRequest,
  ReviewRequest,
  ReviewResult,
  SearchProgress,
  VariantName,
} from "../../engine/protocol.js";

export type EngineRequest =
  | Omit<ReviewRequest, "id">
  | Omit<ReplayRequest, "id">
  | Omit<HunksRequest, "id">
  | Omit<QuestionsRequest, "id">
  | Omit<ExplainRequest, "id">
  | Omit<DebugOpenRequest, "id">;

export type EngineOutcome =
  | { readonly kind: "result"; readonly result: ReviewResult; readonly patched: readonly PatchedFile[] }
  | { readonly kind: "hunks"; readonly table: HunkTable }
  | { readonly kind: "explained"; readonly explanation: Explanation }
  | { readonly kind: "debug"; readonly session: number; readonly variant: VariantName; readonly patched: readonly PatchedFile[]; readonly stop: DebugStop }
  | { readonly kind: "questions"; readonly answers: readonly Answer[] }
  | { readonly kind: "problem"; readonly problems: readonly Problem[] }
  | { readonly kind: "cancelled" };

/** @param search the progress in numbers, while a search runs */
export type OnProgress = (step: string, fraction: number, search?: SearchProgress) => void;

/** A hunk table and answers arrive in parts before they are complete. */
export interface OnPart {
  readonly table?: (table: HunkTable) => void;
  readonly answers?: (answers: readonly Answer[]) => void;
}
