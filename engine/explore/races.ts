// Races of one execution: unordered pairs of operations of different threads that touch the same bytes, one of them
// writing, or that take the same CPU. Happens-before is program order, the order of dependent operations, and that a thread
// runs after what created or woke it, in vector clocks (Flanagan and Godefroid, Dynamic Partial-Order Reduction for Model
// Checking Software, POPL 2005, section 3).

import { Footprints } from "./footprints.js";
import type { Operation } from "./schedule.js";

export interface Race {
  /** Indices of the earlier operation and of the later operation, whose thread could have come first. */
  readonly first: number;
  readonly second: number;
}

/** For each thread its last operation known to be before; -1 or missing for none. */
export type Clock = ArrayLike<number>;

function merge(into: number[], other: Clock | undefined): void {
  if (other === undefined) return;
  while (into.length < other.length) into.push(-1);
  for (let t = 0; t < other.length; t++) {
    const i = other[t] ?? -1;
    if (i > (into[t] ?? -1)) into[t] = i;
  }
}

export interface Known {
  readonly footprints: Footprints;
  /** Footprint of an operation. */
  readonly print: (i: number) => number;
  /** Operations before this index were examined before, and `clock` returns their clocks. */
  readonly from: number;
  readonly clock: (i: number) => Clock;
}

/**
 * Calls `found` for every race whose later operation is at or after `from`, in the order of the later operations. `next`,
 * operations that were about to be executed at the end, race as well. Returns the clocks of the operations from `from`.
 */
export function races(
  operations: readonly Operation[],
  next: readonly Operation[],
  { footprints, print, from, clock }: Known,
  found: (race: Race, op: Operation) => void,
): readonly Clock[] {
  const { atoms, conflicts, threads } = footprints;
  const clocks: Clock[] = [];
  const clockAt = (i: number): Clock | undefined => (i < 0 ? undefined : i < from ? clock(i) : clocks[i - from]);
  /** By atom, thread and CPU: the operation that last touched the atom, was the thread's, gave up the CPU. */
  const touched = new Int32Array(threads.length).fill(-1);
  const last: number[] = [];
  const left: number[] = [];

  const look = (op: Operation, index: number, own: readonly number[]): number[] => {
    // What enabled this operation cannot come after it.
    const before: number[] = [];
    merge(before, clockAt(last[op.thread] ?? -1));
    merge(before, clockAt(op.after));
    const seen = new Set<number>();
    for (const atom of own) {
      for (const other of conflicts[atom] ?? []) {
        const first = touched[other] ?? -1;
        if (first < 0 || seen.has(first)) continue;
        seen.add(first);
        if ((before[threads[other] ?? 0] ?? -1) < first) found({ first, second: index }, op);
      }
    }
    for (const other of seen) merge(before, clockAt(other));
    return before;
  };

  operations.forEach((op, index) => {
    const own = atoms[print(index)] ?? [];
    if (index >= from) {
      const now = look(op, index, own);
      if (op.takes >= 0) merge(now, clockAt(left[op.takes] ?? -1));
      while (now.length <= op.thread) now.push(-1);
      now[op.thread] = index;
      clocks.push(now);
    }
    for (const atom of own) touched[atom] = index;
    last[op.thread] = index;
    if (op.leaves >= 0) left[op.leaves] = index;
  });
  for (const op of next) look(op, operations.length, atoms[footprints.of(op)] ?? []);
  return clocks;
}

/** For each operation the last one of each thread that is ordered before it, by index; its own thread's is itself. */
export function orders(operations: readonly Operation[]): readonly Clock[] {
  const footprints = new Footprints();
  const prints = operations.map((op) => footprints.of(op));
  return races(operations, [], { footprints, print: (i) => prints[i] ?? 0, from: 0, clock: () => [] }, () => undefined);
}
