// An explanation: the reports of the pasted log with their functions in the tree, and the nearest run. Plain data that
// survives structured cloning.

import type { Fault, ReportKind } from "./oops-text.js";

export interface ExplainedFrame {
  readonly function: string;
  readonly module?: string;
  /** Where the tree defines it; absent if none of the searched files does. */
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
  /** The outermost of them is among these. */
  readonly outermost: boolean;
  /** Those that the run's stack lacks. */
  readonly lacking: readonly string[];
  /** Lines before the report: how many, and how many of them the run logged before its own. */
  readonly messages: number;
  readonly messagesSeen: number;
  /** First line of the run's report. */
  readonly headline: string;
}

export interface Reproduction {
  readonly scenario: string;
  /** Parameters that differ from the scenario's defaults. */
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
  /** The outcome and the degree of agreement, as text. */
  readonly outcome: string;
  readonly inOrder: number;
  readonly same: boolean;
}

export interface Explanation {
  readonly tree: { readonly version: string };
  readonly patch?: string;
  /** The machine that logged it, as far as the log contains it. */
  readonly architecture?: string;
  readonly release?: string;
  readonly reports: readonly ExplainedReport[];
  /** Index of the report to reproduce. */
  readonly wanted: number;
  /** How many of the tree's files were searched for the functions. */
  readonly filesLookedIn: number;
  readonly verdict: "reproduced" | "similar" | "none";
  /** One or two plain sentences. */
  readonly words: string;
  readonly reproduction?: Reproduction;
  /** Outcome of the same scenario with the patch, or without it if the patched tree shows the report. */
  readonly otherVariant?: { readonly variant: "before" | "after"; readonly outcome: string; readonly shows: boolean };
  readonly tried: readonly Attempt[];
  readonly timing: { readonly totalMs: number };
}
