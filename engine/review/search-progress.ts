// The progress of a search, as numbers and as text; parallel parts are summed up as one search.

export interface SearchProgress {
  /** Name of the tree that is searched: "the patched tree". */
  readonly tree: string;
  readonly algorithm: string;
  readonly executions: number;
  /** Exhaustive: distinct states reached. */
  readonly states?: number;
  readonly operations: number;
  /** Real ms since the search began. */
  readonly realMs: number;
  /** Exhaustive: the current preemption bound. */
  readonly bound?: number;
  /** Number of the current setting, from 1, and the number of settings. */
  readonly setting: number;
  readonly settings: number;
}

/** "Searching the patched tree: 412 executions, 84/s, 903 states, 240118 operations, preemption bound 2, 1 of 3 settings". */
export function searchWords(p: SearchProgress, parts = 1): string {
  const rate = Math.round((1000 * p.executions) / Math.max(1, p.realMs));
  const what = p.bound === undefined ? p.algorithm : `preemption bound ${String(p.bound)}`;
  const of = p.settings === 1 ? "" : `, setting ${String(p.setting)} of ${String(p.settings)}`;
  const at = parts === 1 ? "" : `, ${String(parts)} workers`;
  const states = p.states === undefined ? "" : ` ${String(p.states)} states,`;
  return `Searching ${p.tree}: ${String(p.executions)} executions, ${String(rate)}/s,${states} ${String(p.operations)} operations, ${what}${of}${at}`;
}

/** Progress of parallel parts: sums, and the position of the part that is furthest behind. */
export function together(parts: readonly SearchProgress[]): SearchProgress | undefined {
  const [first] = parts;
  if (first === undefined) return undefined;
  const sum = (of: (p: SearchProgress) => number): number => parts.reduce((all, p) => all + of(p), 0);
  const bounds = parts.flatMap((p) => p.bound ?? []);
  return {
    ...first,
    executions: sum((p) => p.executions),
    ...(first.states === undefined ? {} : { states: sum((p) => p.states ?? 0) }),
    operations: sum((p) => p.operations),
    realMs: Math.max(...parts.map((p) => p.realMs)),
    ...(bounds.length === 0 ? {} : { bound: Math.min(...bounds) }),
    setting: Math.min(...parts.map((p) => p.setting)),
  };
}
