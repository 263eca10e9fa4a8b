// A review: two trees compiled, run, searched and compared.
// Must not know how results are shown.

export { algorithms, isAlgorithm } from "../explore/index.js";
export { holdLimit, survivesText } from "./hold-limit.js";
export { hunkTable } from "./hunks.js";
export { CANCELLED, Judge, type ReviewHost } from "./judge.js";
export { mergeParts } from "./merge.js";
export { reachWords } from "./reach.js";
export {
  type Answer,
  type ConcurrencyWarning,
  type Covered,
  type Event,
  type Evidence,
  type Finding,
  type FoundBySearch,
  type HunkCell,
  type HunkTable,
  type PatchResult,
  type Reason,
  type ReviewResult,
  SCHEMA,
  type SourceSpot,
  type Survives,
  type VariantResult,
} from "./result.js";
export { patchTree, type PatchInput, review, type ReviewInput, VERSION } from "./review.js";
export { type Breathe, LIMITS, load, type Loaded, recordedBuild, runOptions, runToEnd } from "./run-variant.js";
export { type SearchProgress, searchWords, together } from "./search-progress.js";
export { DEFAULT_SEARCH, type SearchRequest } from "./search-variant.js";
export { readWitness } from "./witness.js";
export { holdText, outcomeWords, time } from "./words.js";
