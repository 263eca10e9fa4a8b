// The options of a search, and the memory limit at which it stops: only the host knows how much memory there is.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { algorithms, DEFAULT_SEARCH, isAlgorithm, type SearchRequest } from "../review/index.js";
import { parseTime } from "../scenario/index.js";
import { bad, type Options } from "./cli-input.js";

export const searchUsage = `  --search ALGORITHM     search other schedules after the default one: exhaustive, random, pct
  --preemptions N        exhaustive: preemption bound (default 2); random: switches per execution
  --executions N         maximum number of executions per variant
  --depth N              pct: bug depth to search for (default 3)
  --budget TIME          real time per variant (default 30s)
  --vary LIST            exhaustive: late (also fewer late buffers), hold (also just below the hold limit,
                         just past it, and never released); default none
  --memory SIZE          memory limit at which the search stops (default 900M)
  --jobs N               exhaustive: run N processes in parallel
  --shard I/N            exhaustive: run only part I of N; tcescope merge joins the JSON of all parts`;

const DEFAULT_MEMORY = 900 * 2 ** 20;

/** The memory limit in bytes. */
export function memoryOf({ memory }: Options): number {
  if (memory === undefined) return DEFAULT_MEMORY;
  const size = /^(\d{1,6})([MG])$/.exec(memory);
  return size === null ? bad(`--memory expects a size such as 900M or 2G, not '${memory}'.`) : Number(size[1]) * (size[2] === "G" ? 2 ** 30 : 2 ** 20);
}

/** Memory of the process outside its heap and the machines. */
const OVERHEAD = 100 * 2 ** 20;
/** Least time between two forced collections, ms. */
const COLLECT_EVERY = 1000;

/** Whether more than `limit` bytes are in use. Garbage does not count: it is collected first. */
function fullAt(limit: number): () => boolean {
  let collect: (() => void) | undefined;
  let last = 0;
  return () => {
    if (process.memoryUsage.rss() <= limit || Date.now() - last < COLLECT_EVERY) return false;
    if (collect === undefined) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc") as () => void;
    }
    collect();
    last = Date.now();
    // The system takes freed memory back only gradually, so the resident size is not the measure here.
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external + OVERHEAD > limit;
  };
}

/** Undefined where no search is requested. */
export function readSearch(options: Options): SearchRequest | undefined {
  const { search, preemptions, executions, depth, budget, vary, shard, jobs, memory } = options;
  if (search === undefined) {
    const stray = Object.entries({ preemptions, executions, depth, budget, vary, shard, jobs, memory }).find(([, v]) => v !== undefined);
    if (stray !== undefined) bad(`--${stray[0]} needs --search.`, "For example --search exhaustive --preemptions 2.");
    return undefined;
  }
  if (!isAlgorithm(search)) bad(`Unknown search '${search}'.`, `Searches: ${Object.keys(algorithms).join(", ")}.`);
  if (search !== "exhaustive")
    for (const name of ["vary", "shard", "jobs"] as const) if (options[name] !== undefined) bad(`--${name} needs --search exhaustive.`);
  const number = (name: string, text: string | undefined, fallback: number, max: number): number => {
    if (text === undefined) return fallback;
    const n = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    return Number.isInteger(n) && n >= 0 && n <= max ? n : bad(`--${name} expects an integer up to ${String(max)}, not '${text}'.`);
  };
  const time = budget === undefined ? undefined : parseTime(budget);
  if (budget !== undefined && (time === undefined || budget === "never")) bad(`--budget expects a time such as 30s, not '${budget}'.`);
  const part = shard === undefined ? undefined : /^(\d{1,4})\/(\d{1,4})$/.exec(shard);
  const [index, count] = [Number(part?.[1] ?? 0), Number(part?.[2] ?? 0)];
  if (shard !== undefined && !(index >= 1 && index <= count)) bad(`--shard expects a part such as 1/4, not '${shard}'.`);
  const limit = memoryOf(options);
  const varied =
    vary === undefined || vary === "none"
      ? []
      : vary.split(",").map((v) => (v === "late" || v === "hold" ? v : bad(`--vary expects late, hold or both, not '${v}'.`)));
  return {
    algorithm: search,
    preemptions: number("preemptions", preemptions, DEFAULT_SEARCH.preemptions, 16),
    executions: number("executions", executions, DEFAULT_SEARCH.executions, 100_000_000),
    depth: Math.max(1, number("depth", depth, DEFAULT_SEARCH.depth, 16)),
    budgetMs: time === undefined ? DEFAULT_SEARCH.budgetMs : Number(time / 1_000_000n),
    full: fullAt(limit),
    ...(varied.length === 0 ? {} : { vary: varied }),
    ...(shard === undefined ? {} : { shard: { index: index - 1, count } }),
  };
}
