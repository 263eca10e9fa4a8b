// The search as the command line asks for it: its options, its parts in processes of their own, and the joining of parts
// that were run apart. Memory is bounded here, since only the host knows how much there is.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Problem, Result } from "../base/index.js";
import { DEFAULT_SEARCH, mergeParts, type ReviewResult, SCHEMA, type SearchRequest } from "../review/index.js";
import { parseTime } from "../scenario/index.js";

export interface SearchFlags {
  readonly search?: string | undefined;
  readonly preemptions?: string | undefined;
  readonly executions?: string | undefined;
  readonly depth?: string | undefined;
  readonly budget?: string | undefined;
  readonly vary?: string | undefined;
  readonly shard?: string | undefined;
  readonly jobs?: string | undefined;
  readonly memory?: string | undefined;
}

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

/** A size in bytes; undefined where the text is none. */
function bytesOf(memory: string | undefined): number | undefined {
  if (memory === undefined) return DEFAULT_MEMORY;
  const size = /^(\d{1,6})([MG])$/.exec(memory);
  return size === null ? undefined : Number(size[1]) * (size[2] === "G" ? 2 ** 30 : 2 ** 20);
}

/** What the process takes besides what its heap and machines hold. */
const BESIDES = 100 * 2 ** 20;
/** Ms between two collections that are asked for. */
const COLLECT_EVERY = 1000;

/** Whether more than `most` bytes are in use. What nobody uses any more does not count: it is collected first. */
function fullAt(most: number): () => boolean {
  let collect: (() => void) | undefined;
  let last = 0;
  return () => {
    if (process.memoryUsage.rss() <= most || Date.now() - last < COLLECT_EVERY) return false;
    if (collect === undefined) {
      setFlagsFromString("--expose-gc");
      collect = runInNewContext("gc") as () => void;
    }
    collect();
    last = Date.now();
    // The system takes back what was given up only by and by.
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external + BESIDES > most;
  };
}

/** Undefined where no search is asked for; `bad` is told what is wrong and does not return. */
export function searchOf(flags: SearchFlags, bad: (message: string, hint?: string) => never): SearchRequest | undefined {
  const { search, preemptions, executions, depth, budget, vary, shard, memory } = flags;
  if (search === undefined) {
    const stray = Object.entries(flags).find(([, v]) => v !== undefined);
    if (stray !== undefined) bad(`--${stray[0]} needs --search.`, "For example --search exhaustive --preemptions 2.");
    return undefined;
  }
  if (search !== "exhaustive" && search !== "random" && search !== "pct") bad(`Unknown search '${search}'.`, "Searches: exhaustive, random, pct.");
  if (search !== "exhaustive")
    for (const name of ["vary", "shard", "jobs"] as const) if (flags[name] !== undefined) bad(`--${name} needs --search exhaustive.`);
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
  const most = bytesOf(memory) ?? bad(`--memory expects a size such as 900M or 2G, not '${memory ?? ""}'.`);
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
    full: fullAt(most),
    ...(varied.length === 0 ? {} : { vary: varied }),
    ...(shard === undefined ? {} : { shard: { index: index - 1, count } }),
  };
}

/** Results from the command line's own JSON. A file that is none is told by its name. */
export function mergeFiles(files: readonly string[], bad: (message: string, hint?: string) => never): Result<ReviewResult, readonly Problem[]> {
  return mergeParts(
    files.map((file) => {
      let json: unknown;
      try {
        json = JSON.parse(readFileSync(file, "utf8"));
      } catch (e) {
        return bad(`${file} cannot be read: ${e instanceof Error ? e.message : String(e)}`);
      }
      return isResult(json) ? json : bad(`${file} is not a tcescope result (schema ${SCHEMA}).`);
    }),
  );
}

function isResult(json: unknown): json is ReviewResult {
  if (typeof json !== "object" || json === null || Reflect.get(json, "schema") !== SCHEMA) return false;
  const before: unknown = Reflect.get(json, "before");
  return typeof before === "object" && before !== null;
}

/** Runs this command line once for each of `count` parts, all at once, and joins what they write. Each gets its share of the memory. */
export async function inParts(
  args: readonly string[],
  count: number,
  memory: string | undefined,
  bad: (message: string, hint?: string) => never,
): Promise<Result<ReviewResult, readonly Problem[]>> {
  const share = `${String(Math.floor((bytesOf(memory) ?? DEFAULT_MEMORY) / count / 2 ** 20))}M`;
  const dir = mkdtempSync(join(tmpdir(), "tcescope-parts-"));
  try {
    const file = (i: number): string => join(dir, `${String(i)}.json`);
    const script = process.argv[1] ?? bad("Cannot start parts: the path of the tcescope script is unknown.");
    const children = Array.from({ length: count }, (_, i) => {
      const child = spawn(process.execPath, [script, ...args, "--shard", `${String(i + 1)}/${String(count)}`, "--json", file(i), "--memory", share], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      let said = "";
      child.stderr.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
      return new Promise<{ readonly code: number; readonly said: string }>((done) => {
        child.on("error", (e) => {
          done({ code: 2, said: e.message });
        });
        child.on("close", (code) => {
          done({ code: code ?? 2, said });
        });
      });
    });
    const ends = await Promise.all(children);
    const broken = ends.findIndex((e) => e.code > 1);
    if (broken >= 0) bad(`Part ${String(broken + 1)} of ${String(count)} failed: ${ends[broken]?.said.trim() ?? ""}`);
    return mergeFiles(
      Array.from({ length: count }, (_, i) => file(i)),
      bad,
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
