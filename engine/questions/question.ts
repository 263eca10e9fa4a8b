// What a question is: an id, its wording, and how runs answer it; with the forms that several answers share.
// Must not know a question.

import { ok, type Problem, type Result } from "../base/index.js";
import { type Answer, type Evidence, holdText, outcomeWords, time } from "../review/index.js";
import type { Pair, Runs } from "./runs.js";

export type Reply = Pick<Answer, "tone" | "answer" | "evidence">;

export interface Question {
  /** Stable: hosts and tests find an answer by it. */
  readonly id: string;
  readonly wording: string;
  /** Requests the runs it needs and answers from them; fails only where a run fails or is cancelled. */
  readonly answer: (runs: Runs) => Promise<Result<Reply, readonly Problem[]>>;
}

export function doesNotApply(why: string): Result<Reply, never> {
  return ok({ tone: "does-not-apply", answer: `Does not apply: ${why}`, evidence: [] });
}

export function cannotJudge(why: string): Result<Reply, never> {
  return ok({ tone: "cannot-judge", answer: `Cannot judge: ${why}`, evidence: [] });
}

/** Why a pair of runs could not be judged; undefined where both were. */
export function unjudged({ before, after }: Pair): string | undefined {
  const v = [before, after].find((variant) => variant.outcome === "cannot-judge");
  return v === undefined ? undefined : (v.reason?.message ?? "a run could not be judged.");
}

/** A run that the reader can open. */
export function runEvidence(pair: Pair, variant: "before" | "after", text?: string): Evidence {
  const v = pair[variant];
  const hold = pair.scenario.set["hold"];
  const outcome = `${variant === "before" ? "Before" : "With the patch"}${hold === undefined ? "" : `, ${holdText(hold)}`}: ${outcomeWords(v)}`;
  return { k: "run", text: text ?? outcome, scenario: pair.scenario, variant, witness: v.witness };
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${String(count)} ${count === 1 ? one : many}`;
}

/** Hold limits are found to the millisecond, so all three digits are shown. */
export function limitText(ns: number): string {
  return ns >= 1e9 ? `${(ns / 1e9).toFixed(3)} s` : time(ns);
}
