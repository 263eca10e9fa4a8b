// What an explanation says: the reports of the pasted log with their functions in the tree, and the run that came nearest
// to them. Plain data that survives structured cloning.

import type { Fault, ReportKind } from "./oops-text.js";

export interface ExplainedFrame {
  readonly function: string;
  readonly module?: string;
  /** Where the tree defines it; absent where it was found in none of the files looked in. */
  readonly file?: string;
  readonly line?: number;
}

export interface ExplainedReport {
  readonly kind: ReportKind;
  /** 1-based line of the pasted text. */
  readonly line: number;
  readonly headline: string;
  readonly fault?: Fault;
  readonly bug?: string;
  /** Innermost first. */
  readonly stack: readonly ExplainedFrame[];
  readonly allocated: readonly ExplainedFrame[];
  readonly freed: readonly ExplainedFrame[];
  readonly thread?: string;
  readonly work?: string;
  readonly before: readonly string[];
}

/** How well a run's report agrees with the pasted one. */
export interface Match {
  /** The same kind of report, at the same innermost function, with the same kind of access. */
  readonly same: boolean;
  /** Functions of the pasted stack that the tree has: how many, and how many of them the run's stack has in that order. */
  readonly functions: number;
  readonly inOrder: number;
  /** The outermost of them, which began it all, is among these. */
  readonly outermost: boolean;
  /** Those that it has not. */
  readonly lacking: readonly string[];
  /** Lines before the report: how many, and how many of them the run logged before its own. */
  readonly messages: number;
  readonly messagesSeen: number;
  /** First line of the run's report. */
  readonly headline: string;
}

export interface Reproduction {
  readonly scenario: string;
  /** What is set otherwise than the scenario's defaults. */
  readonly set: Readonly<Record<string, string>>;
  readonly variant: "before" | "after";
  readonly match: Match;
  /** Indices of the other pasted reports that the same run shows too. */
  readonly alsoSeen: readonly number[];
  readonly witness: string;
  /** The run's report as it logged it. */
  readonly log: readonly string[];
}

/** A run that was tried. */
export interface Attempt {
  readonly scenario: string;
  readonly set: Readonly<Record<string, string>>;
  readonly variant: "before" | "after";
  /** The outcome in words, and how near it came. */
  readonly outcome: string;
  readonly inOrder: number;
  readonly same: boolean;
}

export interface Explanation {
  readonly tree: { readonly version: string };
  readonly patch?: string;
  /** Of the machine that logged it, as far as it says. */
  readonly architecture?: string;
  readonly release?: string;
  readonly reports: readonly ExplainedReport[];
  /** Index of the report that was looked for. */
  readonly wanted: number;
  /** How many of the tree's files were searched for the functions. */
  readonly filesLookedIn: number;
  readonly verdict: "reproduced" | "similar" | "none";
  /** One or two plain sentences. */
  readonly words: string;
  readonly reproduction?: Reproduction;
  /** What the same scenario comes to with the patch, or without it where the patched tree shows the report. */
  readonly otherVariant?: { readonly variant: "before" | "after"; readonly outcome: string; readonly shows: boolean };
  readonly tried: readonly Attempt[];
  readonly timing: { readonly totalMs: number };
}
