// Races of one execution: pairs of operations of different threads that touch the same bytes, one of them writing, or
// that take the same CPU, and that nothing orders. Happens-before is program order, the order of dependent operations,
// and that a thread goes on after what created or woke it; in vector clocks (Flanagan and Godefroid, Dynamic
// Partial-Order Reduction for Model Checking Software, POPL 2005, section 3).

import { Footprints } from "./footprints.js";
import type { Operation } from "./schedule.js";

export interface Race {
  /** Index of the earlier operation, and of the later one whose thread could have come first. */
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
  /** Operations before this one were looked at before, and `clock` gives what is ordered before each of them. */
  readonly from: number;
  readonly clock: (i: number) => Clock;
}

/**
 * Calls `found` for every race whose later operation is not before `from`, in the order of the later operation. `next`,
 * operations that were about to be executed at the end, race as well. Returns the clocks of operations from `from` on.
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
  /** By atom, thread and CPU: the operation that last touched it, was its, gave it back. */
  const touched = new Int32Array(threads.length).fill(-1);
  const last: number[] = [];
  const left: number[] = [];

  const look = (op: Operation, index: number, own: readonly number[]): number[] => {
    // What made this operation possible can't come after it.
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
