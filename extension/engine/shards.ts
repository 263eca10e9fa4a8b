// One search split over several engines: the request of each shard, their progress merged, and their results joined.
// Must not depend on vscode or on how a shard is run.

import { mergeParts, type ReviewRequest, type SearchProgress, searchWords, together } from "../../engine/protocol.js";
import type { EngineOutcome, OnProgress } from "./requests.js";

export type SearchRequest = Omit<ReviewRequest, "id"> & { readonly search: NonNullable<ReviewRequest["search"]> };

/** The default's upper limit: each engine holds both programs in memory. */
const mostWorkers = 4;

/** How many engines a search uses by default; one processor is left to the editor. */
export function defaultWorkers(processors: number): number {
  return Math.max(1, Math.min(mostWorkers, processors - 1));
}

/** Only an exhaustive search has shards that do not depend on each other. */
export function isShardable(request: { readonly type: string; readonly search?: { readonly algorithm: string } }): request is SearchRequest {
  return request.type === "review" && request.search?.algorithm === "exhaustive";
}

export function shardsOf(request: SearchRequest, count: number): readonly SearchRequest[] {
  return Array.from({ length: count }, (_, index) => ({ ...request, search: { ...request.search, shard: { index, count } } }));
}

interface Report {
  readonly step: string;
  readonly fraction: number;
  readonly search: SearchProgress | undefined;
}

/** A progress listener for each shard; what they report is passed on as the progress of one search. */
export function shardProgress(count: number, onProgress: OnProgress): readonly OnProgress[] {
  const reports: (Report | undefined)[] = Array.from({ length: count }, () => undefined);
  return reports.map((_, i) => (step, fraction, search) => {
    reports[i] = { step, fraction, search };
    let slowest: Report | undefined;
    for (const report of reports) if (report !== undefined && (slowest === undefined || report.fraction < slowest.fraction)) slowest = report;
    if (slowest === undefined) return;
    // The slowest shard's tree is the current one; a shard that has finished it still counts with its last numbers.
    const tree = slowest.search?.tree;
    const all = together(reports.flatMap((report) => (report?.search !== undefined && report.search.tree === tree ? [report.search] : [])));
    if (all === undefined) onProgress(slowest.step, slowest.fraction);
    else onProgress(searchWords(all, count), slowest.fraction, all);
  });
}

/** The joined result; if a shard has none, the outcome of the first such shard, problems before cancellations. */
export function joinShards(outcomes: readonly EngineOutcome[]): EngineOutcome {
  const [first] = outcomes;
  const odd = outcomes.find((o) => o.kind === "problem") ?? outcomes.find((o) => o.kind !== "result");
  if (odd !== undefined || first?.kind !== "result") return odd ?? { kind: "cancelled" };
  // What cannot be run is judged before any schedule is searched, so every shard reports the same.
  const joined = mergeParts(outcomes.flatMap((o) => (o.kind === "result" ? [o.result] : [])));
  if (joined.ok) return { ...first, result: joined.value };
  return first.result.before.covered.search === undefined && first.result.after?.covered.search === undefined
    ? first
    : { kind: "problem", problems: joined.error };
}
