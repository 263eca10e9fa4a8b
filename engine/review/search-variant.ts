// A search over a variant's schedules, as part of the result: the findings that it adds to the default run, the condition
// of each, and what was covered. It makes the weakest true claim.

import {
  type AlgorithmName,
  type AlgorithmOptions,
  algorithms,
  Executor,
  type Found,
  keyOf,
  minimise,
  type SearchBounds,
  type SearchResult,
  storyOf,
  switchesOf,
  tracedBuild,
} from "../explore/index.js";
import { decodeDecisions, type Frame } from "../machine/index.js";
import type { Scenario } from "../scenario/index.js";
import { Concurrency } from "./concurrency.js";
import { conditionWords } from "./condition.js";
import { gridOf, type GridPoint, pointsInWords, type Varied } from "./grid.js";
import { holdLimit } from "./hold-limit.js";
import type { Covered, Finding, VariantResult } from "./result.js";
import type { Breathe, Loaded } from "./run-variant.js";
import type { SearchProgress } from "./search-progress.js";
import { inRecording, recorderOf, searchOptions, searchStart, withStories } from "./stories.js";
import { writeWitness } from "./witness.js";

export interface SearchRequest {
  readonly algorithm: AlgorithmName;
  /** Preemption bound (exhaustive), switches per execution (random). */
  readonly preemptions: number;
  readonly executions: number;
  /** Bug depth (pct). */
  readonly depth: number;
  readonly budgetMs: number;
  /** Exhaustive: also with fewer late buffers, and with holds at the limit, beyond it and without an end. */
  readonly vary?: readonly Varied[];
  /** Exhaustive: only part `index` of `count`. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Whether the memory limit is reached; the host decides. */
  readonly full?: () => boolean;
}

export const DEFAULT_SEARCH: SearchRequest = { algorithm: "exhaustive", preemptions: 2, executions: 1_000_000, depth: 3, budgetMs: 30_000 };

/** Executions spent on minimising a witness. */
const MINIMISE_TRIES = 40;

/** The result of a search over several points. */
interface Gathered {
  readonly result: SearchResult;
  readonly done: number;
  /** Executions at each point that was started. */
  readonly settings: readonly number[];
  readonly found: readonly { readonly point: GridPoint; readonly found: Found; readonly executions: number }[];
}

/** The variant's result with the search's findings; undefined if cancelled. */
export async function searchVariant(
  l: Loaded,
  scenario: Scenario,
  variant: "before" | "after",
  base: VariantResult,
  request: SearchRequest,
  breathe: Breathe,
  onProgress: (at: string | Omit<SearchProgress, "tree">) => void,
): Promise<VariantResult | undefined> {
  const survives = await holdLimit(l, scenario, breathe, onProgress);
  const algorithm = algorithms[request.algorithm];
  const points = algorithm.systematic ? gridOf(scenario, survives, request.vary ?? []) : [{ scenario }];
  const concurrency = new Concurrency();
  const { result, done, found, settings } = await searchPoints(l, points, request, concurrency, breathe, onProgress);
  if (result.end === "cancelled") return undefined;
  const known = new Set(base.findings.map((f) => keyOf(f)));
  const added: Finding[] = [];
  for (const { point, found: one, executions } of found) {
    if (known.has(keyOf(one.finding))) continue;
    const recorder = recorderOf(l, point.scenario);
    const recording = recorder.play(decodeDecisions(one.decisions) ?? []);
    recorder.release();
    const seen = inRecording(recording, one.finding);
    // A witness that does not show its finding again would be a bug of ours: the finding is reported without a story.
    const story = seen === undefined ? undefined : storyOf(recording, seen);
    const needs = point.needs === undefined ? "" : `${point.needs} `;
    added.push({
      ...(seen ?? one.finding),
      condition: `${needs}${conditionWords(recording, switchesOf(recording), point.scenario, one.times, executions)}`,
      witness: writeWitness(point.scenario, variant, l.hash, one.decisions),
      ...(story === undefined ? {} : { story }),
      search: {
        setting: points.indexOf(point),
        preemptions: one.preemptions,
        answers: one.chosen.filter((v) => v !== 0).length,
        beside: one.beside,
        times: one.times,
        executions,
      },
    });
  }
  const findings = [...(base.findings.length === 0 ? [] : storiesOfBase(l, scenario, base.findings)), ...added];
  const covered: Covered = {
    ...base.covered,
    text: `${algorithm.covered(result, request)} ${pointsInWords(points, done, scenario)}; sequential consistency.`,
    executions: result.executions + base.covered.executions,
    preemptions: Math.max(0, Math.min(result.complete, request.preemptions)),
    search: {
      algorithm: request.algorithm,
      complete: Math.min(result.complete, request.preemptions),
      end: result.end,
      operations: result.operations,
      ...(result.states === undefined ? {} : { states: result.states }),
      realMs: result.realMs,
      settings,
      ...(request.shard === undefined ? {} : { shard: request.shard }),
    },
  };
  const cannot = result.end === "cannot-judge" && result.reason !== undefined;
  return {
    ...base,
    findings,
    covered,
    ...(survives === undefined ? {} : { survives }),
    ...(algorithm.systematic ? { concurrency: concurrency.list() } : {}),
    outcome: cannot ? "cannot-judge" : findings.length > 0 ? "finding" : "clean",
    ...(cannot ? { reason: result.reason } : {}),
  };
}

function storiesOfBase(l: Loaded, scenario: Scenario, findings: readonly Finding[]): readonly Finding[] {
  const recorder = recorderOf(l, scenario);
  const kept = withStories(recorder.play([]), findings);
  recorder.release();
  return kept;
}

/** Searches the points in order within one budget; a finding's witness is from the first point that shows it. */
async function searchPoints(
  l: Loaded,
  points: readonly GridPoint[],
  request: SearchRequest,
  concurrency: Concurrency,
  breathe: Breathe,
  onProgress: (at: Omit<SearchProgress, "tree">) => void,
): Promise<Gathered> {
  const began = Date.now();
  const found = new Map<string, Gathered["found"][number]>();
  const settings: number[] = [];
  let executions = 0;
  let operations = 0;
  let states = 0;
  let complete = Infinity;
  let done = 0;
  let last: SearchResult | undefined;
  const algorithm = algorithms[request.algorithm];
  for (const point of points) {
    const executor = new Executor(tracedBuild(l.compiled.program), searchOptions(l, point.scenario), searchStart(l, point.scenario));
    const bounds: SearchBounds = {
      preemptions: request.preemptions,
      executions: Math.max(1, request.executions - executions),
      realMs: Math.max(1, request.budgetMs - (Date.now() - began)),
      ...(request.full === undefined ? {} : { full: request.full }),
    };
    const before = executions;
    const tell = (n: number, bound: number, met?: number): void => {
      onProgress({
        algorithm: request.algorithm,
        executions: before + n,
        ...(met === undefined ? {} : { states: states + met }),
        operations: operations + executor.operations,
        realMs: Date.now() - began,
        ...(algorithm.systematic ? { bound } : {}),
        setting: done + 1,
        settings: points.length,
      });
    };
    const frame = (site: number): Frame => executor.frame(site);
    const options: AlgorithmOptions = {
      bounds,
      depth: request.depth,
      seed: Number(point.scenario.values["seed"] ?? 1n),
      ...(request.shard === undefined ? {} : { shard: request.shard }),
      onExecution: (_, rest) => {
        const { operations } = executor.schedule;
        if (rest === undefined) concurrency.examine(operations, frame);
        else if (concurrency.worthExamining(operations)) concurrency.examine([...operations, ...rest()], frame);
      },
    };
    last = await algorithm.search(executor, options, breathe, tell);
    executions += last.executions;
    settings.push(last.executions);
    operations += last.operations;
    states += last.states ?? 0;
    complete = Math.min(complete, last.complete);
    for (const one of last.findings) {
      const key = keyOf(one.finding);
      if (found.has(key)) continue;
      const short = algorithm.systematic ? one : minimise(executor, one, MINIMISE_TRIES);
      found.set(key, { point, found: { ...short, times: one.times }, executions: last.executions });
    }
    executor.release();
    if (last.end !== "complete") break;
    done++;
  }
  if (last === undefined) throw new Error("a search has at least one point");
  const all = done === points.length ? complete : Math.min(complete, last.complete);
  const result: SearchResult = {
    ...last,
    executions,
    operations,
    ...(last.states === undefined ? {} : { states }),
    complete: points.length > 1 && done < points.length ? Math.min(all, -1) : all,
    realMs: Date.now() - began,
  };
  return { result, done, settings, found: [...found.values()] };
}
