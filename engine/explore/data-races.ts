// Data races of one execution: two accesses of different threads to the same bytes, one of them a write and one of
// them plain, that no lock, atomic or marked access orders (vector clocks over synchronisation: Lamport, 1978; the
// rule is that of the kernel's LKMM without its finer points). Marked and atomic accesses synchronise with each other.

import type { Operation } from "./schedule.js";

export interface DataRace {
  /** Indices of the two operations, in the order of the execution. */
  readonly first: number;
  readonly second: number;
  /** Address of the shared bytes. */
  readonly at: number;
}

const GRANULE = 8;

interface Seen {
  readonly index: number;
  readonly thread: number;
  readonly at: number;
  readonly size: number;
  readonly write: boolean;
  readonly plain: boolean;
}

type Clock = number[];

function merge(into: Clock, other: Clock | undefined): void {
  if (other === undefined) return;
  for (let t = 0; t < other.length; t++) {
    while (into.length <= t) into.push(-1);
    if ((other[t] ?? -1) > (into[t] ?? -1)) into[t] = other[t] ?? -1;
  }
}

/** A wide range synchronises by its beginning: it is one object, or a part that is always named alike. */
const WIDE = 64;

function granules(at: number, size: number): readonly [from: number, to: number] {
  return [Math.floor(at / GRANULE), Math.floor((at + size - 1) / GRANULE)];
}

/** Each pair of sites is told once. A service's plain-looking ranges (a free) are no accesses of the code under review. */
export function dataRaces(operations: readonly Operation[], found: (race: DataRace) => void): void {
  const clocks = new Map<number, Clock>();
  const clockAt: Clock[] = [];
  const released = new Map<number, Clock>(); // granule -> what its marked writers knew
  const lastOn = new Map<number, number>(); // CPU -> operation that gave it back
  const cells = new Map<number, Seen[]>();
  const told = new Set<string>();

  operations.forEach((op, index) => {
    const clock: Clock = [...(clocks.get(op.thread) ?? [])];
    merge(clock, clockAt[op.woken]);
    if (op.takes >= 0) merge(clock, clockAt[lastOn.get(op.takes) ?? -1]);
    while (clock.length <= op.thread) clock.push(-1);
    clock[op.thread] = index;
    // Of a plain access only the keys of waits and wakes on its way synchronise.
    const syncs = op.plain ? op.ranges.slice(op.reported) : op.ranges;
    for (const { at, size } of syncs) {
      const [from, to] = granules(at, size > WIDE ? 1 : size);
      for (let g = from; g <= to; g++) merge(clock, released.get(g));
    }
    if (op.k === "access" && (op.plain || op.kind === 0 || op.kind === 1)) {
      for (const { at, size, write } of op.ranges.slice(0, op.reported)) {
        const mine: Seen = { index, thread: op.thread, at, size, write, plain: op.plain };
        const [from, to] = granules(at, size);
        for (let g = from; g <= to; g++) {
          const cell = cells.get(g) ?? [];
          cells.set(g, cell);
          for (const other of cell) {
            if (other.thread === op.thread || !(write || other.write) || !(op.plain || other.plain)) continue;
            if (at >= other.at + other.size || other.at >= at + size) continue;
            if ((clock[other.thread] ?? -1) >= other.index) continue;
            const key = `${String(operations[other.index]?.site ?? -1)} ${String(op.site)}`;
            if (told.has(key)) continue;
            told.add(key);
            found({ first: other.index, second: index, at: Math.max(at, other.at) });
          }
          const same = cell.findIndex((s) => s.thread === op.thread && s.at === at && s.size === size && s.write === write && s.plain === op.plain);
          if (same >= 0) cell[same] = mine;
          else cell.push(mine);
        }
      }
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
}
