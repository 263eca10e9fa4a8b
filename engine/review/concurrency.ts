// Data races and lock order inversions in the executions of a search: warnings in addition to the findings. They are not
// part of the outcome: a data race alone is no bug, and the kernel has many on purpose.

import { dataRaces, lockInversions, type Operation } from "../explore/index.js";
import type { ConcurrencyWarning } from "./result.js";
import type { Frame } from "../machine/index.js";

/** More are not reported. */
const MAX_WARNINGS = 50;
/** This many executions that ended at a known state are examined together with their continuation. */
const EXAMINED_FIRST = 2000;
/** After that, this many whose last switch is at the same two places. */
const EXAMINED_ALIKE = 3;

export class Concurrency {
  private readonly seen = new Map<string, { readonly warning: ConcurrencyWarning; times: number }>();

  examine(operations: readonly Operation[], frame: (site: number) => Frame): void {
    const now = new Set<string>();
    const report = (kind: ConcurrencyWarning["kind"], a: number, b: number): void => {
      const first = operations[a];
      const second = operations[b];
      if (first === undefined || second === undefined) return;
      const key = [kind, ...[first.site, second.site].sort((x, y) => x - y)].join(" ");
      if (now.has(key)) return;
      now.add(key);
      const known = this.seen.get(key);
      if (known !== undefined) {
        known.times++;
        return;
      }
      const [one, two] = [frame(first.site), frame(second.site)];
      // An access by a service, for instance a free, is reported at its caller in the tree.
      if (kind === "data-race" && (one.provided === true || two.provided === true)) return;
      if (this.seen.size >= MAX_WARNINGS) return;
      const did = (op: Operation, f: Frame): string => `${op.ranges[0]?.write === true ? "a write" : "a read"} in ${f.function} (${f.file}:${String(f.line)})`;
      const message =
        kind === "data-race"
          ? `No happens-before order between ${did(first, one)} and ${did(second, two)} of the same bytes.`
          : `Two locks are taken in opposite orders: in ${one.function} (${one.file}:${String(one.line)}) and ${two.function} (${two.file}:${String(two.line)}).`;
      this.seen.set(key, { warning: { kind, message, first: one, second: two, executions: 0 }, times: 1 });
    };
    dataRaces(operations, ({ first, second }) => {
      report("data-race", first, second);
    });
    lockInversions(operations, ({ first, second }) => {
      report("lock-order", first, second);
    });
  }

  private candidates = 0;
  private readonly alike = new Map<string, number>();

  /** Whether to examine an execution that ended at a known state with its continuation: many hardly differ. */
  worthExamining(operations: readonly Operation[]): boolean {
    if (++this.candidates <= EXAMINED_FIRST) return true;
    let i = operations.length - 1;
    while (i > 0 && operations[i - 1]?.thread === operations[i]?.thread) i--;
    const key = `${String(operations[i - 1]?.site)} ${String(operations[i]?.site)} ${String(operations[i + 1]?.site)}`;
    const times = (this.alike.get(key) ?? 0) + 1;
    this.alike.set(key, times);
    return times <= EXAMINED_ALIKE;
  }

  list(): readonly ConcurrencyWarning[] {
    return [...this.seen.values()].map(({ warning, times }) => ({ ...warning, executions: times }));
  }
}
