// Races of one execution: pairs of operations of different threads that touch the same bytes, one of them writing, or
// that take the same CPU, and that nothing orders. Happens-before is program order, the order of dependent operations,
// and that a thread goes on after what created or woke it; in vector clocks (Flanagan and Godefroid, Dynamic
// Partial-Order Reduction for Model Checking Software, POPL 2005, section 3).

import type { Operation } from "./schedule.js";

export interface Race {
  /** Index of the earlier operation, and of the later one whose thread could have come first. */
  readonly first: number;
  readonly second: number;
}

/** Bytes are watched in granules of this many; two objects never share one (globals and heap are spaced wider). */
const GRANULE = 8;

/** Index of each thread's last write and last read. */
interface Cell {
  readonly writes: Map<number, number>;
  readonly reads: Map<number, number>;
}

type Clock = Map<number, number>; // thread -> its last operation known to be before

/**
 * Calls `found` for every race of the execution, in the order of the later operation; those whose later operation is
 * before `from` are known already. `next`, operations that were about to be executed at the end, race as well.
 */
export function races(operations: readonly Operation[], next: readonly Operation[], from: number, found: (race: Race, op: Operation) => void): void {
  const cells = new Map<number, Cell>();
  const clocks = new Map<number, Clock>();
  const clockAt: Clock[] = [];
  const takers = new Map<number, Map<number, number>>(); // CPU -> thread -> index of the operation that last took it
  const leavers = new Map<number, number>(); // CPU -> index of the operation that last gave it back

  const merge = (into: Clock, index: number): void => {
    const other = clockAt[index];
    if (other === undefined) return;
    for (const [t, i] of other) if (i > (into.get(t) ?? -1)) into.set(t, i);
  };

  const look = (op: Operation, index: number, executed: boolean): void => {
    // What made this operation possible can't come after it.
    const before: Clock = new Map<number, number>(clocks.get(op.thread));
    if (op.after >= 0) merge(before, op.after);
    const seen = new Set<number>();
    const depends = (other: number): void => {
      if (seen.has(other)) return;
      seen.add(other);
      const thread = operations[other]?.thread ?? 0;
      if (thread === op.thread) return;
      if (index >= from && (before.get(thread) ?? -1) < other) found({ first: other, second: index }, op);
    };
    for (const range of op.ranges) {
      const last = Math.floor((range.at + range.size - 1) / GRANULE);
      for (let g = Math.floor(range.at / GRANULE); g <= last; g++) {
        const cell = cells.get(g);
        if (cell === undefined) continue;
        for (const i of cell.writes.values()) depends(i);
        if (range.write) for (const i of cell.reads.values()) depends(i);
      }
    }
    if (op.takes >= 0) for (const i of takers.get(op.takes)?.values() ?? []) depends(i);
    if (!executed) return;
    const now: Clock = before;
    for (const other of seen) merge(now, other);
    if (op.takes >= 0) merge(now, leavers.get(op.takes) ?? -1);
    now.set(op.thread, index);
    clocks.set(op.thread, now);
    clockAt.push(now);
    for (const range of op.ranges) {
      const last = Math.floor((range.at + range.size - 1) / GRANULE);
      for (let g = Math.floor(range.at / GRANULE); g <= last; g++) {
        let cell = cells.get(g);
        if (cell === undefined) cells.set(g, (cell = { writes: new Map(), reads: new Map() }));
        (range.write ? cell.writes : cell.reads).set(op.thread, index);
      }
    }
    if (op.takes >= 0) {
      let taken = takers.get(op.takes);
      if (taken === undefined) takers.set(op.takes, (taken = new Map<number, number>()));
      taken.set(op.thread, index);
    }
    if (op.leaves >= 0) leavers.set(op.leaves, index);
  };

  operations.forEach((op, index) => {
    look(op, index, true);
  });
  for (const op of next) look(op, operations.length, false);
}
