// A search over one variant's schedules, told in the terms of the result: which findings it adds to the default run,
// what each takes in words, and what was covered. The weakest claim that is true is the one that is made.

import {
  Executor,
  exhaustive,
  type Found,
  keyOf,
  minimise,
  pct,
  randomSearch,
  type SearchBounds,
  type SearchResult,
  STALL_NS,
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
  readonly algorithm: "exhaustive" | "random" | "pct";
  /** Preemptions at most (exhaustive), switches in an execution (random). */
  readonly preemptions: number;
  readonly executions: number;
  /** Depth of the bugs that pct looks for. */
  readonly depth: number;
  readonly budgetMs: number;
  /** Exhaustive: also with fewer late buffers, and with holds at the limit, past it and for ever. */
  readonly vary?: readonly Varied[];
  /** Exhaustive: only part `index` of `count`. */
  readonly shard?: { readonly index: number; readonly count: number };
  /** Whether the memory that the search may use is used up; the host knows. */
  readonly full?: () => boolean;
}

export const DEFAULT_SEARCH: SearchRequest = { algorithm: "exhaustive", preemptions: 2, executions: 1_000_000, depth: 3, budgetMs: 30_000 };

/** Executions spent on shortening one witness. */
const MINIMISE_TRIES = 40;

type Sampled = SearchResult & { readonly missed?: number; readonly depth?: number; readonly threads?: number; readonly length?: number };

/** What one search over several points came to. */
interface Gathered {
  readonly result: Sampled;
  readonly done: number;
  /** Executions at each point that was begun. */
  readonly settings: readonly number[];
  readonly found: readonly { readonly point: GridPoint; readonly found: Found; readonly executions: number }[];
}

/** The variant's result with what the search adds; undefined where it was cancelled. */
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
  const points = request.algorithm === "exhaustive" ? gridOf(scenario, survives, request.vary ?? []) : [{ scenario }];
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
    // A witness that does not show its finding again would be our own fault: the finding is told, without a story.
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
    text: `${coveredText(request, result)} ${pointsInWords(points, done, scenario)}; sequential consistency.`,
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
    ...(request.algorithm === "exhaustive" ? { concurrency: concurrency.list() } : {}),
    outcome: cannot ? "cannot-judge" : findings.length > 0 ? "finding" : "clean",
    ...(cannot ? { reason: result.reason } : {}),
  };
}

function storiesOfBase(l: Loaded, scenario: Scenario, findings: readonly Finding[]): readonly Finding[] {
  const recorder = recorderOf(l, scenario);
  const told = withStories(recorder.play([]), findings);
  recorder.release();
  return told;
}

/** Searches one point after the other within one budget; a finding's witness is of the first point that shows it. */
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
  let last: Sampled | undefined;
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
        ...(request.algorithm === "exhaustive" ? { bound } : {}),
        setting: done + 1,
        settings: points.length,
      });
    };
    last = await searchOne(executor, point.scenario, bounds, request, concurrency, breathe, tell);
    executions += last.executions;
    settings.push(last.executions);
    operations += last.operations;
    states += last.states ?? 0;
    complete = Math.min(complete, last.complete);
    for (const one of last.findings) {
      const key = keyOf(one.finding);
      if (found.has(key)) continue;
      const short = request.algorithm === "exhaustive" ? one : minimise(executor, one, MINIMISE_TRIES);
      found.set(key, { point, found: { ...short, times: one.times }, executions: last.executions });
    }
    executor.release();
    if (last.end !== "complete") break;
    done++;
  }
  if (last === undefined) throw new Error("a search has at least one point");
  const all = done === points.length ? complete : Math.min(complete, last.complete);
  const result: Sampled = {
    ...last,
    executions,
    operations,
    ...(last.states === undefined ? {} : { states }),
    complete: points.length > 1 && done < points.length ? Math.min(all, -1) : all,
    realMs: Date.now() - began,
  };
  return { result, done, settings, found: [...found.values()] };
}

async function searchOne(
  executor: Executor,
  scenario: Scenario,
  bounds: SearchBounds,
  request: SearchRequest,
  concurrency: Concurrency,
  breathe: Breathe,
  tell: (executions: number, bound: number, states?: number) => void,
): Promise<Sampled> {
  const seed = Number(scenario.values["seed"] ?? 1n);
  switch (request.algorithm) {
    case "exhaustive":
      return exhaustive(executor, bounds, breathe, tell, {
        reduce: true,
        onExecution: (_, rest) => {
          const { operations } = executor.schedule;
          const frame = (site: number): Frame => executor.frame(site);
          if (rest === undefined) concurrency.look(operations, frame);
          else if (concurrency.wants(operations)) concurrency.look([...operations, ...rest()], frame);
        },
        ...(request.shard === undefined ? {} : { shard: request.shard }),
      });
    case "random":
      return randomSearch(executor, bounds, seed, breathe, tell);
    case "pct":
      return pct(executor, bounds, request.depth, seed, breathe, tell);
  }
}

function coveredText(
  request: SearchRequest,
  r: SearchResult & { readonly missed?: number; readonly depth?: number; readonly threads?: number; readonly length?: number },
): string {
  const stall = `a preempted CPU stalls for at most ${String(STALL_NS / 1e6)} ms;`;
  const part = request.shard === undefined ? "" : `Part ${String(request.shard.index + 1)} of ${String(request.shard.count)}, to be merged: `;
  const count = (n: number, what: string): string => `${String(n)} ${what}${n === 1 ? "" : "s"}`;
  const states = r.states === undefined ? "" : `${count(r.states, "state")}, `;
  const runs = `${count(r.executions, "execution")}, ${states}${count(r.operations, "operation")}`;
  const plural = (n: number): string => (n === 1 ? "1 preemption" : `${String(n)} preemptions`);
  if (request.algorithm === "exhaustive") {
    const why =
      r.end === "complete"
        ? ""
        : r.end === "cannot-judge"
          ? " The search stopped at code that could not be run."
          : r.end === "memory"
            ? ` The search for ${plural(r.complete + 1)} ran out of memory and is not complete.`
            : ` The search for ${plural(r.complete + 1)} ran out of budget and is not complete.`;
    if (r.complete === Infinity)
      return `${part}Every schedule, with any number of preemptions (${runs}; equal states and reorderings of independent operations explored once); ${stall}`;
    return r.complete >= 0
      ? `${part}Every schedule with at most ${plural(r.complete)} (${runs}; equal states and reorderings of independent operations explored once); ${stall}${why}`
      : `${part}Part of the schedules (${runs}); ${stall}${why}`;
  }
  if (request.algorithm === "random")
    return `Sampled: ${runs} with up to ${String(Math.max(1, request.preemptions))} random switches each; ${stall} Schedules that were not sampled are unknown.`;
  const missed = r.missed ?? 1;
  return `Sampled by PCT, depth ${String(r.depth ?? 0)}: ${runs}; a bug of that depth is missed with probability at most ${missed > 0.9995 ? "1" : missed.toPrecision(2)} (${String(r.threads ?? 0)} threads, ${String(r.length ?? 0)} operations).`;
}
