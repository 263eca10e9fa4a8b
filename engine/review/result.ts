// The result of a review, as the command line writes it and the editor shows it: schema "tcescope/1".
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

/** What a run found, with the witness that replays the run. `condition` says what it takes, in words. */
export interface Finding extends MachineFinding {
  readonly witness: string;
  /**
   * Set where schedules were searched or a witness replayed: the switches of the witness, the accesses to the object in
   * question and the happens-before edges between them (indices into `accesses`). Times and thread ids are those of the
   * witness's own run: of the timeline beside it where the witness is the default schedule or was replayed, else of its replay.
   */
  readonly story?: Story;
  /** Set for what a search added: what its simplest witness takes, and how many of the executions of its setting showed it. */
  readonly search?: FoundBySearch;
}

export interface FoundBySearch {
  /** Index of the setting (late buffers, hold) in the order in which they are searched. */
  readonly setting: number;
  readonly preemptions: number;
  /** Answers that are not the default: failures, stalls. */
  readonly answers: number;
  /** Other findings of the same execution. */
  readonly beside: number;
  readonly times: number;
  readonly executions: number;
}

export interface Covered {
  /** One plain sentence: what "nothing found" would mean. */
  readonly text: string;
  readonly executions: number;
  readonly preemptions: number;
  readonly cpus: number;
  readonly buffers: number;
  readonly memoryModel: "sequential consistency";
  /** Set when schedules were searched. `complete`: the preemption bound that was explored whole, -1 none. */
  readonly search?: {
    readonly algorithm: AlgorithmName;
    readonly complete: number;
    readonly end: "complete" | "executions" | "time" | "memory" | "cancelled" | "cannot-judge";
    readonly operations: number;
    /** Exhaustive: different states that executions came to; one that comes to a known state is not run on. */
    readonly states?: number;
    readonly realMs: number;
    /** Executions of each setting that was searched, in the order of the findings' `setting`. */
    readonly settings: readonly number[];
    /** Set where only this part of the search was run; `tcescope merge` joins parts. */
    readonly shard?: { readonly index: number; readonly count: number };
  };
}

/** Two accesses that nothing orders, or locks taken in two orders, somewhere in the executions of a search. */
export interface ConcurrencyWarning {
  readonly kind: "data-race" | "lock-order";
  readonly message: string;
  readonly first: Frame;
  readonly second: Frame;
  /** Executions that showed it. */
  readonly executions: number;
}

/** The hold as a choice, in the default schedule: found by doubling and bisection to 1 ms. */
export interface Survives {
  /** The longest hold survived, ns; 0 where the shortest tried was not. */
  readonly hold: number;
  /** The shortest hold not survived, ns; absent where every one tried up to `hold` was survived. */
  readonly fails?: number;
  /** Whether a hold that never ends is survived. */
  readonly never: boolean;
  readonly executions: number;
}

/** A place in the C of a tree: 1-based; columns count UTF-16 units, `endColumn` is the one after the last meant. */
export interface SourceSpot {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  /** The line as it stands in that tree. */
  readonly source: string;
}

/** Why a variant can't be judged. What the compiler refused has its columns, the line and the way there. */
export interface Reason extends Pick<SourceSpot, "file" | "line">, Partial<Omit<SourceSpot, "file" | "line">> {
  readonly message: string;
  /** Macros from the outermost inwards, then #includes from the innermost outwards. */
  readonly trail?: readonly (SourceSpot & { readonly k: "macro" | "included"; readonly message: string })[];
}

export interface VariantResult {
  readonly outcome: "clean" | "finding" | "cannot-judge";
  /** Why it can't be judged. */
  readonly reason?: Reason;
  readonly findings: readonly Finding[];
  readonly covered: Covered;
  /** Set when schedules were searched and the scenario has a hold. */
  readonly survives?: Survives;
  /** Set when schedules were searched exhaustively; no part of the outcome. */
  readonly concurrency?: readonly ConcurrencyWarning[];
  /** Memory of the tree's that nothing pointed to any more before the removal began; no part of the outcome. */
  readonly lost?: readonly Lost[];
  readonly functions: { readonly tree: readonly string[]; readonly provided: readonly string[]; readonly assumed: readonly string[] };
  readonly log: readonly string[];
  readonly detach: { readonly start: number; readonly end: number | null } | null;
  readonly occupancy: readonly Occupancy[];
  /** Lines executed, per file: [line, times]. */
  readonly coverage: readonly { readonly file: string; readonly lines: readonly (readonly [number, number])[] }[];
  readonly timeline: Timeline;
  readonly witness: string;
  /** Buffers still mapped when the detach began, and the most that ever were. */
  readonly mappedAtDetach: number;
  readonly peak: number;
}

export interface ReviewResult {
  readonly schema: typeof SCHEMA;
  readonly tool: { readonly name: "tcescope"; readonly version: string };
  readonly tree: { readonly version: string };
  /** Absent when a tree was run alone. */
  readonly patch?: PatchResult;
  readonly scenario: { readonly name: string; readonly parameters: Readonly<Record<string, string>> };
  /** Set when a witness was replayed: which variant it is of. The run stands in `before` either way. */
  readonly replayed?: "before" | "after";
  readonly before: VariantResult;
  /** Absent when a tree was run alone. */
  readonly after?: VariantResult;
  readonly assumptions: readonly string[];
  /** Set where the questions were asked. */
  readonly questions?: readonly Answer[];
  /** Real time in ms: reading, compiling, running. */
  readonly timing: { readonly totalMs: number; readonly compileMs: number; readonly runMs: number };
}

/** What an answer rests on: a run that can be opened, a place in the source, or words of the mail. */
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

/** A question that reviewers ask of such a patch, and what runs say to it. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  /** good: nothing to ask the author. note: to be weighed. bad: it goes wrong. The others: no run could say. */
  readonly tone: "good" | "note" | "bad" | "does-not-apply" | "cannot-judge";
  readonly answer: string;
  readonly evidence: readonly Evidence[];
}

/** What one subset of the hunks does in one row's scenario. */
export interface HunkCell {
  readonly outcome: VariantResult["outcome"];
  /** "oops in __bitmap_clear", "nothing found". */
  readonly words: string;
  readonly worst?: Pick<Finding, "kind" | "severity" | "function" | "file" | "line" | "message" | "witness">;
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  /** Virtual ns that the detach took; null where it did not return. */
  readonly removal: number | null;
  readonly logLines: number;
}

export interface HunkTable {
  /** Hunks (by index in PatchResult.hunks) that go in together; all of one file. */
  readonly groups: readonly { readonly hunks: readonly number[]; readonly file: string; readonly lines: readonly number[] }[];
  /** Every subset of the groups, the empty one first. */
  readonly columns: readonly { readonly hunks: readonly number[]; readonly groups: readonly number[] }[];
  /** One row a hold; a cell is undefined until its run is done. */
  readonly rows: readonly { readonly hold: string; readonly cells: readonly (HunkCell | undefined)[] }[];
}
