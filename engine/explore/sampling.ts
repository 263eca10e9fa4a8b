// What the algorithms that sample share: executions one after the other until a budget runs out. Must not depend on what
// an execution is drawn from.

import type { Machine } from "../machine/index.js";
import type { Random } from "../base/index.js";
import type { Plan } from "./schedule.js";
import { type Breathe, type Executor, Findings, planOf, type SearchBounds, type SearchResult } from "./search.js";

export async function sample(
  executor: Executor,
  bounds: SearchBounds,
  breathe: Breathe,
  onProgress: (executions: number, bound: number) => void,
  bound: number,
  execute: (first: boolean) => { readonly state: Machine["progress"]; readonly plan?: Plan },
): Promise<SearchResult> {
  const findings = new Findings();
  const began = Date.now();
  const done = (end: SearchResult["end"], reason?: SearchResult["reason"]): SearchResult => ({
    findings: findings.list(),
    executions: executor.executions,
    operations: executor.operations,
    complete: executor.executions > 0 ? 0 : -1,
    end,
    ...(reason === undefined ? {} : { reason }),
    realMs: Date.now() - began,
  });
  let last = began;
  for (;;) {
    const { state, plan } = execute(executor.executions === 0);
    findings.add(executor, state.findings, plan ?? planOf(executor.schedule));
    if (state.end?.k === "cannot") return done("cannot-judge", { message: state.end.message, file: state.end.file, line: state.end.line });
    if (executor.executions >= bounds.executions) return done("executions");
    const now = Date.now();
    if (now - began > bounds.realMs) return done("time");
    if (now - last > 50) {
      onProgress(executor.executions, bound);
      if (await breathe()) return done("cancelled");
      if (bounds.full?.() === true) return done("memory");
      last = now;
    }
  }
}

/** A choice that the code requests: mostly the default, since failures are rare. */
export function chooseRarely(random: Random, n: number): number {
  return random.below(8) === 0 ? random.below(n) : 0;
}
