// Data races of one execution: two unordered accesses of different threads to the same bytes, one of them a write and one
// of them plain. Marked and atomic accesses synchronise with each other and do not race with each other.

import { granules, synchronised } from "./happens-before.js";
import type { Operation } from "./schedule.js";

export interface DataRace {
  /** Indices of the two operations, in the order of the execution. */
  readonly first: number;
  readonly second: number;
  /** Address of the shared bytes. */
  readonly at: number;
}

interface Seen {
  readonly index: number;
  readonly thread: number;
  readonly at: number;
  readonly size: number;
  readonly write: boolean;
  readonly plain: boolean;
}

/** Reports each pair of sites once. Ranges that a service touches (a free) are not accesses of the code under review. */
export function dataRaces(operations: readonly Operation[], found: (race: DataRace) => void): void {
  const clocks = synchronised(operations);
  const cells = new Map<number, Seen[]>();
  const reported = new Set<string>();
  operations.forEach((op, index) => {
    if (op.k !== "access" || !(op.plain || op.kind === 0 || op.kind === 1)) return;
    const clock = clocks[index];
    for (const { at, size, write } of op.ranges.slice(0, op.reported)) {
      const mine: Seen = { index, thread: op.thread, at, size, write, plain: op.plain };
      const [from, to] = granules(at, size);
      for (let g = from; g <= to; g++) {
        const cell = cells.get(g) ?? [];
        cells.set(g, cell);
        for (const other of cell) {
          if (other.thread === op.thread || !(write || other.write) || !(op.plain || other.plain)) continue;
          if (at >= other.at + other.size || other.at >= at + size) continue;
          if ((clock?.[other.thread] ?? -1) >= other.index) continue;
          const key = `${String(operations[other.index]?.site ?? -1)} ${String(op.site)}`;
          if (reported.has(key)) continue;
          reported.add(key);
          found({ first: other.index, second: index, at: Math.max(at, other.at) });
        }
        const same = cell.findIndex((s) => s.thread === op.thread && s.at === at && s.size === size && s.write === write && s.plain === op.plain);
        if (same >= 0) cell[same] = mine;
        else cell.push(mine);
      }
    }
  });
}
