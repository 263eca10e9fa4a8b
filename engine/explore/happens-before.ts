// What orders two operations of one execution: program order, creation and wake-up of threads, handing over a CPU, and
// marked or atomic accesses and locks on the same bytes (vector clocks: Lamport, CACM 1978; a simplified form of the
// kernel's LKMM). Plain accesses order nothing.

import type { Operation } from "./schedule.js";

const GRANULE = 8;
/** A wide range synchronises by its start: it is one object, or a part that always has the same start. */
const WIDE = 64;

/** Granules of a range of bytes, both included. */
export function granules(at: number, size: number): readonly [from: number, to: number] {
  return [Math.floor(at / GRANULE), Math.floor((at + size - 1) / GRANULE)];
}

/** For each thread its last operation known to be before; -1 or missing for none. */
export type Clock = number[];

export function merge(into: Clock, other: Clock | undefined): void {
  if (other === undefined) return;
  while (into.length < other.length) into.push(-1);
  for (let t = 0; t < other.length; t++) {
    const i = other[t] ?? -1;
    if (i > (into[t] ?? -1)) into[t] = i;
  }
}

/** The clock of each operation, its own index included. */
export function synchronised(operations: readonly Operation[]): readonly Clock[] {
  const clocks = new Map<number, Clock>();
  const clockAt: Clock[] = [];
  const released = new Map<number, Clock>(); // granule -> joined clocks of its marked writers
  const lastOn = new Map<number, number>(); // CPU -> operation that gave it up
  operations.forEach((op, index) => {
    const clock: Clock = [...(clocks.get(op.thread) ?? [])];
    merge(clock, clockAt[op.woken]);
    if (op.takes >= 0) merge(clock, clockAt[lastOn.get(op.takes) ?? -1]);
    while (clock.length <= op.thread) clock.push(-1);
    clock[op.thread] = index;
    // Of a plain access, only the keys of waits and wakes that belong to it synchronise.
    const syncs = op.plain ? op.ranges.slice(op.reported) : op.ranges;
    for (const { at, size } of syncs) {
      const [from, to] = granules(at, size > WIDE ? 1 : size);
      for (let g = from; g <= to; g++) merge(clock, released.get(g));
    }
    clocks.set(op.thread, clock);
    clockAt.push(clock);
    for (const { at, size, write } of syncs) {
      if (!write) continue;
      const [from, to] = granules(at, size > WIDE ? 1 : size);
      for (let g = from; g <= to; g++) {
        const known = [...(released.get(g) ?? [])];
        merge(known, clock);
        released.set(g, known);
      }
    }
    if (op.leaves >= 0) lastOn.set(op.leaves, index);
  });
  return clockAt;
}

/** Whether operation `first` is before `second` for every observer. */
export function ordered(operations: readonly Operation[], clocks: readonly Clock[], first: number, second: number): boolean {
  return (clocks[second]?.[operations[first]?.thread ?? 0] ?? -1) >= first;
}
