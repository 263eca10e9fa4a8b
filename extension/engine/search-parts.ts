// One search in several engines at once: the parts of the request, their progress as one, and their results joined. Knows
// neither vscode nor engines; who runs a part is given.

import { mergeParts, type ReviewRequest, type SearchProgress, searchWords, together } from "../../engine/protocol.js";
import type { EngineOutcome, OnProgress } from "./engine-client.js";

export type SearchRequest = Omit<ReviewRequest, "id"> & { readonly search: NonNullable<ReviewRequest["search"]> };

/** At most so many engines by themselves: each holds both programs. */
const mostWorkers = 4;

/** How many engines a search uses where nobody says: one processor is left to the editor. */
export function defaultWorkers(processors: number): number {
  return Math.max(1, Math.min(mostWorkers, processors - 1));
}

/** Only an exhaustive search has parts that do not depend on each other. */
export function canBeParted(request: { readonly type: string; readonly search?: { readonly algorithm: string } }): request is SearchRequest {
  return request.type === "review" && request.search?.algorithm === "exhaustive";
}

export function partsOf(request: SearchRequest, count: number): readonly SearchRequest[] {
  return Array.from({ length: count }, (_, index) => ({ ...request, search: { ...request.search, shard: { index, count } } }));
}

interface Told {
  readonly step: string;
  readonly fraction: number;
  readonly search: SearchProgress | undefined;
}

/** A progress listener for each part; what they say goes on as the progress of one search. */
export function partsProgress(count: number, onProgress: OnProgress): readonly OnProgress[] {
  const told: (Told | undefined)[] = Array.from({ length: count }, () => undefined);
  return told.map((_, i) => (step, fraction, search) => {
    told[i] = { step, fraction, search };
    let last: Told | undefined;
    for (const one of told) if (one !== undefined && (last === undefined || one.fraction < last.fraction)) last = one;
    if (last === undefined) return;
    // The last one's tree is the one that is under way; a part that is done with it still counts by its last figures.
    const tree = last.search?.tree;
    const all = together(told.flatMap((one) => (one?.search !== undefined && one.search.tree === tree ? [one.search] : [])));
    if (all === undefined) onProgress(last.step, last.fraction);
    else onProgress(searchWords(all, count), last.fraction, all);
  });
}

/** The result of all parts; of parts that did not all end with one, the first that did not. */
export function joinParts(outcomes: readonly EngineOutcome[]): EngineOutcome {
  const [first] = outcomes;
  const odd = outcomes.find((o) => o.kind === "problem") ?? outcomes.find((o) => o.kind !== "result");
  if (odd !== undefined || first?.kind !== "result") return odd ?? { kind: "cancelled" };
  // What cannot be run is judged before any schedule is searched: every part says the same.
  const whole = mergeParts(outcomes.flatMap((o) => (o.kind === "result" ? [o.result] : [])));
  if (whole.ok) return { ...first, result: whole.value };
  return first.result.before.covered.search === undefined && first.result.after?.covered.search === undefined
    ? first
    : { kind: "problem", problems: whole.error };
}
