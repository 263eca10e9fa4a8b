// What a search algorithm is to those who run one: it searches and says in a sentence what its result covers.
// To add one, copy random.ts and add a line to algorithms.ts.

import type { Machine } from "../machine/index.js";
import type { Operation } from "./schedule.js";
import { type Breathe, type Executor, type SearchBounds, type SearchResult, STALL_NS } from "./search.js";

/** Part `index` of `count` of a search that several processes share. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/**
 * Called after each execution. `rest`, where it ended at a known state: the operations by which it would have continued by
 * default.
 */
export type OnExecution = (state: Machine["progress"], rest: (() => readonly Operation[]) | undefined) => void;

/** Each algorithm uses what it needs. */
export interface AlgorithmOptions {
  readonly bounds: SearchBounds;
  /** Depth of the bugs that are looked for. */
  readonly depth: number;
  readonly seed: number;
  readonly shard?: Shard;
  readonly onExecution?: OnExecution;
}

export interface SearchAlgorithm {
  /** It explores all schedules within a preemption bound: it can be divided and repeated per setting, and calls `onExecution`. */
  readonly systematic: boolean;
  readonly search: (
    executor: Executor,
    settings: AlgorithmOptions,
    breathe: Breathe,
    onProgress: (executions: number, bound: number, states?: number) => void,
  ) => Promise<SearchResult>;
  /** The weakest claim that is true of a result. */
  readonly covered: (result: SearchResult, settings: { readonly preemptions: number; readonly shard?: Shard }) => string;
}

export const stallText = `a preempted CPU stalls for at most ${String(STALL_NS / 1e6)} ms;`;

function counted(n: number, what: string): string {
  return `${String(n)} ${what}${n === 1 ? "" : "s"}`;
}

export function preemptionsText(n: number): string {
  return counted(n, "preemption");
}

/** "412 executions, 903 states, 240118 operations". */
export function sizeText(result: SearchResult): string {
  const states = result.states === undefined ? "" : `${counted(result.states, "state")}, `;
  return `${counted(result.executions, "execution")}, ${states}${counted(result.operations, "operation")}`;
}
