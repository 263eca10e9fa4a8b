// Messages between the engine and its hosts, and between the extension and its webviews: one discriminated
// union per direction. Everything here survives structured cloning and JSON.

import type { Problem } from "./base/index.js";
import type { AlgorithmName } from "./explore/index.js";
import type { Explanation } from "./explain/index.js";
import type { DebugCommand, DebugOperation, DebugReply, DebugStop, FindingKey, OperationStart } from "./debug/index.js";
import type { OwnSource, ScenarioChoice } from "./scenario/index.js";
import type { Answer, HunkTable, ReviewResult, SearchProgress } from "./review/index.js";

export type {
  DebugPlace,
  DebugMove,
  StopReason,
  DebugStop,
  DebugThread,
  DebugFrame,
  DebugScope,
  DebugVariable,
  DebugBreakpoint,
  DebugFunctionBreakpoint,
  SetBreakpoint,
  FindingKey,
  OperationStart,
  DebugOperation,
  DebugCommand,
  DebugReply,
} from "./debug/index.js";
export type { ExplainedFrame, ExplainedReport, Match, Reproduction, Attempt, Explanation } from "./explain/index.js";
export { explanationText } from "./explain/index.js";
export type { Story } from "./explore/index.js";
export type { Frame, Occupancy, Span, TimelineEvent } from "./machine/index.js";
export type { HunkResult } from "./patch/index.js";
export {
  SCHEMA,
  type PatchResult,
  type Event,
  type Finding,
  type FoundBySearch,
  type Covered,
  type ConcurrencyWarning,
  type Survives,
  type SourceSpot,
  type Reason,
  type VariantResult,
  type ReviewResult,
  type Evidence,
  type Answer,
  type HunkCell,
  type HunkTable,
} from "./review/index.js";
// A search in parts: the host starts the parts and joins their results.
export { mergeParts } from "./review/index.js";
export { searchWords, together, type SearchProgress } from "./review/index.js";
// What a host needs before it sends a request: the catalogue of scenarios with their parameters.
export {
  exampleScenario,
  lateUnmap,
  makeScenario,
  scenarioNamed,
  scenarios,
  type OwnSource,
  type ParameterSpec,
  type ScenarioChoice,
  type ScenarioSpec,
} from "./scenario/index.js";
export { readScenarioFile, scenarioOfFile } from "./scenario/index.js";

// ---- host → engine ---------------------------------------------------------------------------------------------

export interface TreeSpec {
  /** Absolute directory of the tree; with `from: "host"` the host's name of the tree. */
  readonly root: string;
  /** Where the texts come from: read from disk by the engine (the default), or fetched from the host by `want` and `files`. */
  readonly from?: "disk" | "host";
  /** Unsaved editor text by path relative to the root; hides the text on disk. */
  readonly overlays: readonly { readonly path: string; readonly text: string }[];
}

export interface ReviewRequest {
  readonly type: "review";
  readonly id: number;
  readonly tree: TreeSpec;
  /** Absent: run the tree alone. "builtin": the project's own change. */
  readonly patch?: { readonly name: string; readonly text: string } | "builtin";
  /** Indices of the hunks to apply; all if left out. */
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
  /** Absent: the default schedule only. Otherwise schedules are searched after it, in both variants. */
  readonly search?: SearchWish;
}

export interface SearchWish {
  readonly algorithm: AlgorithmName;
  readonly preemptions: number;
  readonly executions: number;
  readonly depth: number;
  /** Real ms for each variant. */
  readonly budgetMs: number;
  /** Exhaustive: also with fewer late buffers, and with holds at the limit, beyond it and without an end. */
  readonly vary?: readonly ("late" | "hold")[];
  /** Exhaustive: only part `index` of `count`; `mergeParts` joins the results of all. */
  readonly shard?: { readonly index: number; readonly count: number };
}

export interface ReplayRequest {
  readonly type: "replay";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch?: { readonly name: string; readonly text: string } | "builtin";
  readonly hunks?: readonly number[];
  /** The custom actors, if the witness is of a run with them. */
  readonly own?: OwnSource;
  readonly witness: string;
}

/** Answers a reviewer's questions about a patch by runs; the answers arrive one by one, then all together. */
export interface QuestionsRequest {
  readonly type: "questions";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch: { readonly name: string; readonly text: string } | "builtin";
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
}

/** Runs every subset of the patch's hunks; the table arrives in parts, then as a whole. */
export interface HunksRequest {
  readonly type: "hunks";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch: { readonly name: string; readonly text: string } | "builtin";
  readonly scenario: ScenarioChoice;
  readonly holds: readonly string[];
}

/** Opens a recorded run for a debugger; the id of the reply identifies the run from then on. */
export interface DebugOpenRequest {
  readonly type: "debug-open";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch?: { readonly name: string; readonly text: string } | "builtin";
  readonly hunks?: readonly number[];
  readonly own?: OwnSource;
  readonly witness: string;
  readonly finding?: FindingKey;
}

/** A command for an open run; each gets a `debug` reply, in the order of the commands. */
export interface DebugMessage {
  readonly type: "debug";
  readonly seq: number;
  readonly session: number;
  readonly command: DebugCommand;
}

/** The reply to `want`: each path with its text, or without text if there is no such file. */
export interface FilesMessage {
  readonly type: "files";
  readonly id: number;
  readonly files: readonly { readonly path: string; readonly text?: string }[];
}

/** Files of a tree that the host provides have changed; without paths, any file may have. */
export interface ChangedMessage {
  readonly type: "changed";
  readonly root: string;
  readonly paths?: readonly string[];
}

/** Finds the run that shows what a pasted kernel log reports. */
export interface ExplainRequest {
  readonly type: "explain";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch?: { readonly name: string; readonly text: string } | "builtin";
  readonly text: string;
}

export type HostToEngine =
  | ReviewRequest
  | ReplayRequest
  | HunksRequest
  | QuestionsRequest
  | ExplainRequest
  | DebugOpenRequest
  | DebugMessage
  | FilesMessage
  | ChangedMessage
  | { readonly type: "cancel"; readonly id: number };

// ---- engine → host ---------------------------------------------------------------------------------------------

export interface PatchedFile {
  readonly path: string;
  readonly text: string;
}

export type EngineToHost =
  /** `search`: the same as numbers, if a search is under way. */
  | { readonly type: "progress"; readonly id: number; readonly step: string; readonly fraction: number; readonly search?: SearchProgress }
  | { readonly type: "result"; readonly id: number; readonly result: ReviewResult; readonly patched: readonly PatchedFile[] }
  | { readonly type: "hunks"; readonly id: number; readonly table: HunkTable; readonly complete: boolean }
  | { readonly type: "questions"; readonly id: number; readonly answers: readonly Answer[]; readonly complete: boolean }
  | { readonly type: "explained"; readonly id: number; readonly explanation: Explanation }
  | { readonly type: "problem"; readonly id: number; readonly problems: readonly Problem[] }
  | {
      readonly type: "debug-opened";
      readonly id: number;
      readonly variant: VariantName;
      /** New text of the files that the patch changes, if the run is of the patched tree. */
      readonly patched: readonly PatchedFile[];
      readonly stop: DebugStop;
    }
  | { readonly type: "debug"; readonly seq: number; readonly reply: DebugReply }
  /** The request continues when the host has replied with `files`. */
  | { readonly type: "want"; readonly id: number; readonly root: string; readonly paths: readonly string[] }
  | { readonly type: "cancelled"; readonly id: number };

// ---- extension ↔ webviews ----------------------------------------------------------------------------------------

export type VariantName = "before" | "after";

export interface ViewState {
  readonly phase: "empty" | "running" | "ready" | "problem";
  readonly progress?: { readonly step: string; readonly fraction: number };
  readonly result?: ReviewResult;
  /** The table of hunks, once requested; `complete` if no run is missing. */
  readonly hunkTable?: { readonly table: HunkTable; readonly complete: boolean };
  /** Answers so far, once requested. */
  readonly questions?: {
    readonly answers: readonly Answer[];
    readonly phase: "asking" | "complete" | "broken-off";
    /** For another text of the tree, or other hunks. */
    readonly stale: boolean;
    /** The scenario of the answers, if it is not the one shown now: `name=value …`. */
    readonly elsewhere?: { readonly name: string; readonly set: string };
  };
  /** Indices of the hunks that the reader excluded. */
  readonly hunksOff?: readonly number[];
  /** Whether hunks can be excluded: the patch is a text, not the built-in change. */
  readonly comparable?: boolean;
  /** Name of the custom scenario of `result`; absent for a built-in one. */
  readonly ownScenario?: string;
  /** The tree was edited since `result` was computed. */
  readonly stale: boolean;
  readonly problems: readonly Problem[];
  /** The timeline's cursor: virtual ns, and the variant that it is in. */
  readonly cursor: { readonly t: number; readonly variant: VariantName };
}

export type ToWebview =
  /** `sameResult`: the result is the one sent before; it may be large, so it is not sent again. */
  | { readonly type: "state"; readonly state: ViewState; readonly sameResult?: true }
  /** Progress of the current run: sent often, so it does not carry the whole state. */
  | { readonly type: "progress"; readonly step: string; readonly fraction: number }
  | { readonly type: "cursor"; readonly t: number; readonly variant: VariantName }
  /** Where a step stopped, with the operations around it; without a stop, why it did not move. */
  | {
      readonly type: "operations";
      readonly variant: VariantName;
      readonly stop?: DebugStop;
      readonly operations: readonly DebugOperation[];
      readonly why?: string;
    };

export type FromWebview =
  | { readonly type: "ready" }
  | { readonly type: "cursor"; readonly t: number; readonly variant: VariantName }
  | { readonly type: "reveal"; readonly file: string; readonly line: number; readonly variant: VariantName; readonly keepFocus?: boolean }
  /** A step to the next visible operation (1), the previous (-1) or the last one up to there (0), of one thread or of all. */
  | { readonly type: "operations"; readonly variant: VariantName; readonly from: OperationStart; readonly step: 1 | -1 | 0; readonly thread?: number }
  | { readonly type: "command"; readonly command: string; readonly args?: readonly string[] };
