// Races of one execution: pairs of operations of different threads on the same bytes, one of them a write, that
// nothing orders. Happens-before is program order and the order of dependent operations, in vector clocks
// (Flanagan and Godefroid, Dynamic Partial-Order Reduction for Model Checking Software, POPL 2005, section 3).

import type { Operation } from "./schedule.js";

export interface Race {
  /** Index of the earlier operation, and of the later one whose thread could have come first. */
  readonly first: number;
  readonly second: number;
}

/** Bytes are watched in granules of this many; two objects never share one (globals and heap are spaced wider). */
const GRANULE = 8;

interface Cell {
  /** Index of the last write, -1 for none; last read of each thread since. */
  write: number;
  readonly reads: Map<number, number>;
}

/** Calls `found` for every race of the execution, in the order of the later operation. */
export function races(operations: readonly Operation[], found: (race: Race) => void): void {
  const cells = new Map<number, Cell>();
  const clocks = new Map<number, Map<number, number>>(); // thread -> for each thread the last operation known to be before
  const clockAt: Map<number, number>[] = [];

  const known = (clock: ReadonlyMap<number, number>, op: number): boolean => {
    const thread = operations[op]?.thread ?? 0;
    return (clock.get(thread) ?? -1) >= op;
  };

  operations.forEach((op, index) => {
    let clock = clocks.get(op.thread);
    if (clock === undefined) clocks.set(op.thread, (clock = new Map()));
    const before = clock;
    const seen = new Set<number>();
    let merged: Map<number, number> | undefined;
    const depends = (other: number): void => {
      if (other < 0 || seen.has(other)) return;
      seen.add(other);
      if (operations[other]?.thread === op.thread) return;
      if (!known(before, other)) found({ first: other, second: index });
      merged ??= new Map(before);
      for (const [t, i] of clockAt[other] ?? []) if (i > (merged.get(t) ?? -1)) merged.set(t, i);
    };
    const from = Math.floor(op.at / GRANULE);
    const to = Math.floor((op.at + op.size - 1) / GRANULE);
    for (let g = from; g <= to; g++) {
      let cell = cells.get(g);
      if (cell === undefined) cells.set(g, (cell = { write: -1, reads: new Map() }));
      depends(cell.write);
      if (op.write) {
        for (const i of cell.reads.values()) depends(i);
        cell.write = index;
        cell.reads.clear();
      } else cell.reads.set(op.thread, index);
    }
    const now = merged ?? new Map(before);
    now.set(op.thread, index);
    clocks.set(op.thread, now);
    clockAt.push(now);
  });
}
