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
// A search in parts: the host starts them, and joins what they come to.
export { mergeParts } from "./review/index.js";
export { searchWords, together, type SearchProgress } from "./review/index.js";
// What a host offers and checks before it asks: the catalogue of scenarios with their parameters.
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
  /** Absolute directory of the tree; with `from: "host"` whatever names the tree to the host. */
  readonly root: string;
  /** Where the texts come from: read from disk by the engine (the default), or fetched from the host by `want` and `files`. */
  readonly from?: "disk" | "host";
  /** Unsaved editor text, by path relative to the root; stands before the disk. */
  readonly overlays: readonly { readonly path: string; readonly text: string }[];
}

export interface ReviewRequest {
  readonly type: "review";
  readonly id: number;
  readonly tree: TreeSpec;
  /** Absent: run the tree alone. "builtin": the project's own change, made against the tree at hand. */
  readonly patch?: { readonly name: string; readonly text: string } | "builtin";
  /** Hunks to lay over the tree, by index; all if left out. */
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
  /** Absent: the default schedule only. Else schedules are searched after it, in both variants. */
  readonly search?: SearchWish;
}

export interface SearchWish {
  readonly algorithm: AlgorithmName;
  readonly preemptions: number;
  readonly executions: number;
  readonly depth: number;
  /** Real ms for each variant. */
  readonly budgetMs: number;
  /** Exhaustive: also with fewer late buffers, and with holds at the limit, past it and for ever. */
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
  /** The user's own actors, where the witness is of a run with them. */
  readonly own?: OwnSource;
  readonly witness: string;
}

/** The questions a reviewer asks about a patch, each answered by runs; answers come one by one, then all. */
export interface QuestionsRequest {
  readonly type: "questions";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch: { readonly name: string; readonly text: string } | "builtin";
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
}

/** What every subset of the patch's hunks does; the table comes in parts, then as a whole. */
export interface HunksRequest {
  readonly type: "hunks";
  readonly id: number;
  readonly tree: TreeSpec;
  readonly patch: { readonly name: string; readonly text: string } | "builtin";
  readonly scenario: ScenarioChoice;
  readonly holds: readonly string[];
}

/** Opens a recorded run for a debugger; the answer's id names it from then on. */
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

/** Asked of an open run; each gets a `debug` in answer, in the order of asking. */
export interface DebugMessage {
  readonly type: "debug";
  readonly seq: number;
  readonly session: number;
  readonly command: DebugCommand;
}

/** Answers `want`: each path with its text, or without where there is no such file. */
export interface FilesMessage {
  readonly type: "files";
  readonly id: number;
  readonly files: readonly { readonly path: string; readonly text?: string }[];
}

/** Files of a tree that came from the host changed there; without paths, all may have. */
export interface ChangedMessage {
  readonly type: "changed";
  readonly root: string;
  readonly paths?: readonly string[];
}

/** Which run shows what a pasted kernel log reports. */
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
  /** `search`: the same in figures, where it is a search that goes on. */
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
      /** New text of the files the patch changes, where the run is of the patched tree. */
      readonly patched: readonly PatchedFile[];
      readonly stop: DebugStop;
    }
  | { readonly type: "debug"; readonly seq: number; readonly reply: DebugReply }
  /** The request goes on when the host has answered with `files`. */
  | { readonly type: "want"; readonly id: number; readonly root: string; readonly paths: readonly string[] }
  | { readonly type: "cancelled"; readonly id: number };

// ---- extension ↔ webviews ----------------------------------------------------------------------------------------

export type VariantName = "before" | "after";

export interface ViewState {
  readonly phase: "empty" | "running" | "ready" | "problem";
  readonly progress?: { readonly step: string; readonly fraction: number };
  readonly result?: ReviewResult;
  /** What every subset of the hunks does, once asked for; `complete` when all of it is there. */
  readonly hunkTable?: { readonly table: HunkTable; readonly complete: boolean };
  /** Answers so far, once asked for. */
  readonly questions?: {
    readonly answers: readonly Answer[];
    readonly phase: "asking" | "complete" | "broken-off";
    /** Of another text of the tree, or of other hunks. */
    readonly stale: boolean;
    /** The scenario that was asked about, where it is another than the one shown now: `name=value …`. */
    readonly elsewhere?: { readonly name: string; readonly set: string };
  };
  /** Hunks that the reader switched off, by index. */
  readonly hunksOff?: readonly number[];
  /** The patch's hunks can be taken apart: it is a text, not the built-in change. */
  readonly comparable?: boolean;
  /** Name of the workspace's own scenario that `result` is of; absent for a built-in one. */
  readonly ownScenario?: string;
  /** The tree was edited since `result` was computed. */
  readonly stale: boolean;
  readonly problems: readonly Problem[];
  /** The timeline's cursor: virtual ns, and the variant whose moment it is. */
  readonly cursor: { readonly t: number; readonly variant: VariantName };
}

export type ToWebview =
  /** `sameResult`: the result is the one sent before and is not sent again; it may be large. */
  | { readonly type: "state"; readonly state: ViewState; readonly sameResult?: true }
  /** Of the run under way: arrives often, so it does not carry the whole state. */
  | { readonly type: "progress"; readonly step: string; readonly fraction: number }
  | { readonly type: "cursor"; readonly t: number; readonly variant: VariantName }
  /** Where a step went, with the operations around it; without a stop, why it went nowhere. */
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
  /** A step to the next visible operation (1), the one before (-1) or the last up to there (0), of one thread or of all. */
  | { readonly type: "operations"; readonly variant: VariantName; readonly from: OperationStart; readonly step: 1 | -1 | 0; readonly thread?: number }
  | { readonly type: "command"; readonly command: string; readonly args?: readonly string[] };
