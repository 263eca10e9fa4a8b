// A search over one variant's schedules, told in the terms of the result: which findings it adds to the default run,
// what each takes in words, and what was covered. The weakest claim that is true is the one that is made.

import { keyOf } from "../explore/finding-key.js";
import { exhaustive } from "../explore/exhaustive.js";
import { minimise } from "../explore/minimise.js";
import { pct } from "../explore/pct.js";
import { randomSearch } from "../explore/random.js";
import { Executor, STALL_NS, tracedBuild, type SearchBounds, type SearchResult } from "../explore/search.js";
import { storyOf, switchesOf } from "../explore/story.js";
import { decodeDecisions } from "../machine/decisions.js";
import type { Scenario } from "../scenario/scenario.js";
import { Concurrency } from "./concurrency.js";
import { conditionWords } from "./condition.js";
import { holdLimit } from "./hold-limit.js";
import type { Covered, Finding, VariantResult } from "./result.js";
import type { Breathe, Loaded } from "./run-variant.js";
import { inRecording, recorderOf, searchOptions, searchStarts, withStories } from "./stories.js";
import { parametersInWords } from "./words.js";
import { writeWitness } from "./witness.js";

export interface SearchRequest {
  readonly algorithm: "exhaustive" | "random" | "pct";
  /** Preemptions at most (exhaustive), switches in an execution (random). */
  readonly preemptions: number;
  readonly executions: number;
  /** Depth of the bugs that pct looks for. */
  readonly depth: number;
  readonly budgetMs: number;
}

export const DEFAULT_SEARCH: SearchRequest = { algorithm: "exhaustive", preemptions: 2, executions: 1_000_000, depth: 3, budgetMs: 30_000 };

/** Executions spent on shortening one witness. */
const MINIMISE_TRIES = 40;

/** The variant's result with what the search adds; undefined where it was cancelled. */
export async function searchVariant(
  l: Loaded,
  scenario: Scenario,
  variant: "before" | "after",
  base: VariantResult,
  request: SearchRequest,
  breathe: Breathe,
  onProgress: (text: string) => void,
): Promise<VariantResult | undefined> {
  const executor = new Executor(tracedBuild(l.compiled.program), searchOptions(l, scenario), searchStarts);
  const bounds: SearchBounds = { preemptions: request.preemptions, executions: request.executions, realMs: request.budgetMs };
  const seed = Number(scenario.values["seed"] ?? 1n);
  const tell = (executions: number, bound: number): void => {
    onProgress(`${String(executions)} executions, ${request.algorithm === "exhaustive" ? `preemption bound ${String(bound)}` : request.algorithm}`);
  };
  const concurrency = new Concurrency((site) => executor.frame(site));
  const result: SearchResult & { readonly missed?: number; readonly depth?: number; readonly threads?: number; readonly length?: number } =
    request.algorithm === "exhaustive"
      ? await exhaustive(executor, bounds, breathe, tell, {
          reduce: true,
          onExecution: () => {
            concurrency.look(executor.schedule.operations);
          },
        })
      : request.algorithm === "random"
        ? await randomSearch(executor, bounds, seed, breathe, tell)
        : await pct(executor, bounds, request.depth, seed, breathe, tell);
  if (result.end === "cancelled") return undefined;
  const explored = result.executions;
  const known = new Set(base.findings.map(keyOf));
  const added: Finding[] = [];
  const recorder = recorderOf(l, scenario);
  for (const found of result.findings) {
    if (known.has(keyOf(found.finding))) continue;
    const short = request.algorithm === "exhaustive" ? found : minimise(executor, found, MINIMISE_TRIES);
    const recording = recorder.play(decodeDecisions(short.decisions) ?? []);
    const seen = inRecording(recording, short.finding);
    // A witness that does not show its finding again would be our own fault: the finding is told, without a story.
    const story = seen === undefined ? undefined : storyOf(recording, seen);
    added.push({
      ...(seen ?? short.finding),
      condition: conditionWords(recording, switchesOf(recording), scenario, found.times, explored),
      witness: writeWitness(scenario, variant, l.hash, short.decisions),
      ...(story === undefined ? {} : { story }),
    });
  }
  const findings = [...(base.findings.length === 0 ? [] : withStories(recorder.play([]), base.findings)), ...added];
  recorder.release();
  const covered: Covered = {
    ...base.covered,
    text: `${coveredText(request, result)} ${parametersInWords(scenario)}; sequential consistency.`,
    executions: explored + base.covered.executions,
    preemptions: Math.max(0, Math.min(result.complete, request.preemptions)),
    search: {
      algorithm: request.algorithm,
      complete: Math.min(result.complete, request.preemptions),
      end: result.end,
      operations: result.operations,
      realMs: result.realMs,
    },
  };
  const survives = await holdLimit(l, scenario, breathe, onProgress);
  const cannot = result.end === "cannot-judge" && result.reason !== undefined;
  return {
    ...base,
    findings,
    covered,
    ...(survives === undefined ? {} : { survives }),
    ...(request.algorithm === "exhaustive" ? { concurrency: concurrency.list() } : {}),
    outcome: cannot ? "cannot-judge" : findings.length > 0 ? "finding" : "clean",
    ...(cannot ? { reason: result.reason } : {}),
  };
}

function coveredText(
  request: SearchRequest,
  r: SearchResult & { readonly missed?: number; readonly depth?: number; readonly threads?: number; readonly length?: number },
): string {
  const stall = `a preempted CPU stands still for at most ${String(STALL_NS / 1e6)} ms;`;
  const runs = `${String(r.executions)} executions, ${String(r.operations)} operations`;
  const plural = (n: number): string => (n === 1 ? "1 preemption" : `${String(n)} preemptions`);
  if (request.algorithm === "exhaustive") {
    const why =
      r.end === "complete"
        ? ""
        : r.end === "cannot-judge"
          ? " The search stopped where code could not be run."
          : ` The search for ${plural(r.complete + 1)} ended with its budget and is not complete.`;
    if (r.complete === Infinity) return `Every schedule, whatever its preemptions (${runs}; orders of independent operations taken once); ${stall}`;
    return r.complete >= 0
      ? `Every schedule with at most ${plural(r.complete)} (${runs}; orders of independent operations taken once); ${stall}${why}`
      : `A part of the schedules without preemptions (${runs}); ${stall}${why}`;
  }
  if (request.algorithm === "random")
    return `Sampled: ${runs} with up to ${String(Math.max(1, request.preemptions))} random switches each; ${stall} What was not sampled is unknown.`;
  const missed = r.missed ?? 1;
  return `Sampled by PCT, depth ${String(r.depth ?? 0)}: ${runs}; a bug of that depth is missed with probability at most ${missed > 0.9995 ? "1" : missed.toPrecision(2)} (${String(r.threads ?? 0)} threads, ${String(r.length ?? 0)} operations).`;
}
