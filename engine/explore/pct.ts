// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi and Nagarakatte, A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010): random priorities, and d - 1 random points at which the
// running thread's priority drops below all. An execution finds a given bug of depth d with probability at least
// 1 / (n * k^(d-1)), for n threads and k operations. Only operations executed after the search's start count.

import { Random } from "../base/random.js";
import { Findings, planOf, type Breathe, type Executor, type SearchBounds, type SearchResult } from "./search.js";

export interface PctResult extends SearchResult {
  readonly depth: number;
  readonly threads: number;
  readonly length: number;
  /** Probability that all executions together miss a bug of that depth, at most. */
  readonly missed: number;
}

export async function pct(
  executor: Executor,
  bounds: SearchBounds,
  depth: number,
  seed: number,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
): Promise<PctResult> {
  const findings = new Findings();
  const began = Date.now();
  const random = new Random(seed);
  let length = 1;
  let threads = 1;
  const done = (end: SearchResult["end"], reason?: SearchResult["reason"]): PctResult => ({
    findings: findings.list(),
    executions: executor.executions,
    operations: executor.operations,
    complete: executor.executions > 0 ? 0 : -1,
    end,
    ...(reason === undefined ? {} : { reason }),
    realMs: Date.now() - began,
    depth,
    threads,
    length,
    missed: (1 - 1 / (threads * length ** (depth - 1))) ** executor.executions,
  });
  let last = began;
  for (;;) {
    const first = executor.executions === 0;
    const points = new Set<number>();
    while (!first && points.size < depth - 1) points.add(random.below(length));
    const priorities = new Map<number, number>();
    const state = executor.runBy(
      first
        ? undefined
        : {
            priority: (id) => priorities.get(id) ?? setPriority(priorities, id, depth + random.below(1 << 20)),
            drop: (id, at) => dropAt(priorities, points, id, at, depth),
          },
    );
    const { operations, nodes } = executor.schedule;
    length = Math.max(length, operations.length);
    threads = Math.max(threads, new Set(operations.map((o) => o.thread)).size);
    const plan = planOf(operations, nodes, operations.length);
    findings.add(state.findings, plan, nodes[nodes.length - 1]?.preemptions ?? 0, () => executor.decisions());
    if (state.end?.k === "cannot") return done("cannot-judge", { message: state.end.message, file: state.end.file, line: state.end.line });
    if (executor.executions >= bounds.executions) return done("executions");
    const now = Date.now();
    if (now - began > bounds.realMs) return done("time");
    if (now - last > 50) {
      onProgress(executor.executions, depth);
      if (await breathe()) return done("cancelled");
      last = now;
    }
  }
}

function setPriority(priorities: Map<number, number>, id: number, value: number): number {
  priorities.set(id, value);
  return value;
}

/** At the i-th change point the running thread gets priority i, below every initial one. */
function dropAt(priorities: Map<number, number>, points: Set<number>, id: number, at: number, depth: number): void {
  if (!points.has(at)) return;
  points.delete(at);
  priorities.set(id, Math.max(0, depth - 1 - points.size - 1));
}
