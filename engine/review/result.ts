// The result of a review, which the command line writes and the editor shows: schema "tcescope/1".
// All times are virtual nanoseconds since the machine's boot. Paths are relative to the tree's root.

import type { Frame, Lost, MachineFinding, Occupancy, StackEvent, Timeline } from "../machine/index.js";
import type { AlgorithmName, Story } from "../explore/index.js";
import type { HunkResult } from "../patch/index.js";

export const SCHEMA = "tcescope/1";

export interface PatchResult {
  readonly subject: string;
  readonly from: string;
  readonly date?: string;
  readonly version?: string;
  readonly repairs: readonly string[];
  readonly hunks: readonly HunkResult[];
}

export type Event = StackEvent;

/** What a run found, with the witness that replays the run. `condition`: the condition as a sentence. */
export interface Finding extends MachineFinding {
  readonly witness: string;
  /**
   * Set if schedules were searched or a witness was replayed: the switches of the witness, the accesses to the object and
   * the happens-before edges between them (indices into `accesses`). Times and thread ids are those of the witness's run:
   * of this variant's timeline if the witness is the default schedule or was replayed, otherwise of a replay.
   */
  readonly story?: Story;
  /** Set for a finding that a search added: its simplest witness, and how many executions of its setting showed it. */
  readonly search?: FoundBySearch;
}

export interface FoundBySearch {
  /** Index of the setting (late buffers, hold) in search order. */
  readonly setting: number;
  readonly preemptions: number;
  /** Decisions other than switches that are not the default: failures, stalls. */
  readonly answers: number;
  /** Number of other findings of the same execution. */
  readonly beside: number;
  readonly times: number;
  readonly executions: number;
}

export interface Covered {
  /** What "nothing found" means, as a sentence. */
  readonly text: string;
  readonly executions: number;
  readonly preemptions: number;
  readonly cpus: number;
  readonly buffers: number;
  readonly memoryModel: "sequential consistency";
  /** Set if schedules were searched. `complete`: the highest preemption bound explored completely, -1 if none. */
  readonly search?: {
    readonly algorithm: AlgorithmName;
    readonly complete: number;
    readonly end: "complete" | "executions" | "time" | "memory" | "cancelled" | "cannot-judge";
    readonly operations: number;
    /** Exhaustive: distinct states reached; an execution ends at a known state. */
    readonly states?: number;
    readonly realMs: number;
    /** Executions of each setting that was searched, in the order of the findings' `setting`. */
    readonly settings: readonly number[];
    /** Set if only this part of the search was run; `tcescope merge` joins parts. */
    readonly shard?: { readonly index: number; readonly count: number };
  };
}

/** Two unordered accesses, or locks taken in both orders, in the executions of a search. */
export interface ConcurrencyWarning {
  readonly kind: "data-race" | "lock-order";
  readonly message: string;
  readonly first: Frame;
  readonly second: Frame;
  /** Number of executions that showed it. */
  readonly executions: number;
}

/** The hold limit in the default schedule, found by doubling and bisection to 1 ms. */
export interface Survives {
  /** The longest hold survived, ns; 0 if the shortest one tried was not. */
  readonly hold: number;
  /** The shortest hold not survived, ns; absent if every hold tried was survived. */
  readonly fails?: number;
  /** Whether a hold without an end is survived. */
  readonly never: boolean;
  readonly executions: number;
}

/** A range in a tree's C text: 1-based; columns count UTF-16 units, `endColumn` is exclusive. */
export interface SourceSpot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** Text of the line in that tree. */
  readonly source: string;
}

/** Why a variant can't be judged. A diagnostic of the compiler has columns, the line's text and its trail. */
export interface Reason extends Pick<SourceSpot, "file" | "line">, Partial<Omit<SourceSpot, "file" | "line">> {
  readonly message: string;
  /** Macros from the outermost inwards, then #includes from the innermost outwards. */
  readonly trail?: readonly (SourceSpot & { readonly k: "macro" | "included"; readonly message: string })[];
}

export interface VariantResult {
  readonly outcome: "clean" | "finding" | "cannot-judge";
  /** Set if it can't be judged. */
  readonly reason?: Reason;
  readonly findings: readonly Finding[];
  readonly covered: Covered;
  /** Set if schedules were searched and the scenario has a hold. */
  readonly survives?: Survives;
  /** Set if schedules were searched exhaustively; not part of the outcome. */
  readonly concurrency?: readonly ConcurrencyWarning[];
  /** The tree's memory that was unreachable before the removal began; not part of the outcome. */
  readonly lost?: readonly Lost[];
  readonly functions: { readonly tree: readonly string[]; readonly provided: readonly string[]; readonly assumed: readonly string[] };
  readonly log: readonly string[];
  readonly detach: { readonly start: number; readonly end: number | null } | null;
  readonly occupancy: readonly Occupancy[];
  /** Executed lines by file: [line, count]. */
  readonly coverage: readonly { readonly file: string; readonly lines: readonly (readonly [number, number])[] }[];
  readonly timeline: Timeline;
  readonly witness: string;
  /** Buffers mapped when the detach began, and the maximum over the run. */
  readonly mappedAtDetach: number;
  readonly peak: number;
}

export interface ReviewResult {
  readonly schema: typeof SCHEMA;
  readonly tool: { readonly name: "tcescope"; readonly version: string };
  readonly tree: { readonly version: string };
  /** Absent if a tree was run alone. */
  readonly patch?: PatchResult;
  readonly scenario: { readonly name: string; readonly parameters: Readonly<Record<string, string>> };
  /** Set if a witness was replayed: its variant. The run is in `before` in both cases. */
  readonly replayed?: "before" | "after";
  readonly before: VariantResult;
  /** Absent if a tree was run alone. */
  readonly after?: VariantResult;
  readonly assumptions: readonly string[];
  /** Set if the questions were answered. */
  readonly questions?: readonly Answer[];
  /** Real time in ms: reading, compiling, running. */
  readonly timing: { readonly totalMs: number; readonly compileMs: number; readonly runMs: number };
}

/** Evidence for an answer: a run that can be opened, a place in the source, or a sentence of the mail. */
export type Evidence =
  | {
      readonly k: "run";
      readonly text: string;
      readonly scenario: { readonly name: string; readonly set: Readonly<Record<string, string>> };
      readonly variant: "before" | "after";
      /** Replays the run. */
      readonly witness: string;
    }
  | { readonly k: "place"; readonly text: string; readonly file: string; readonly line: number; readonly variant: "before" | "after" }
  | { readonly k: "quote"; readonly text: string };

/** A question that reviewers ask about such a patch, with the answer that runs give. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  /** good: nothing to ask the author. note: needs judgement. bad: a run fails. The others: no run could answer. */
  readonly tone: "good" | "note" | "bad" | "does-not-apply" | "cannot-judge";
  readonly answer: string;
  readonly evidence: readonly Evidence[];
}

/** The outcome of a subset of the hunks in a row's scenario. */
export interface HunkCell {
  readonly outcome: VariantResult["outcome"];
  /** "oops in __bitmap_clear", "nothing found". */
  readonly words: string;
  readonly worst?: Pick<Finding, "kind" | "severity" | "function" | "file" | "line" | "message" | "witness">;
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  /** Virtual ns that the detach took; null if it did not return. */
  readonly removal: number | null;
  readonly logLines: number;
}

export interface HunkTable {
  /** Hunks of a file (by index in PatchResult.hunks) that are applied together. */
  readonly groups: readonly { readonly hunks: readonly number[]; readonly file: string; readonly lines: readonly number[] }[];
  /** Every subset of the groups, the empty one first. */
  readonly columns: readonly { readonly hunks: readonly number[]; readonly groups: readonly number[] }[];
  /** One row per hold; a cell is undefined until its run has ended. */
  readonly rows: readonly { readonly hold: string; readonly cells: readonly (HunkCell | undefined)[] }[];
}
