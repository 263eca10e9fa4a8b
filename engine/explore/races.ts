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

/** Bytes are watched in granules of this many; two objects seldom share one (globals and heap are spaced wider). */
const GRANULE = 8;
/** A range of more granules than this is kept as one. */
const WIDE = 8;
const PAGE = 4096;

/** Index of each thread's last write and last read, by thread; -1 for none. */
interface Cell {
  readonly writes: number[];
  readonly reads: number[];
}
interface WideCell extends Cell {
  readonly from: number;
  readonly to: number;
}

/** Who last touched which bytes. */
class Touched {
  private readonly cells = new Map<number, Cell>();
  /** Granules in use of each page, and the wide ranges that reach into it. */
  private readonly pages = new Map<number, { readonly granules: number[]; readonly wide: WideCell[] }>();

  /** Calls `found` with each cell that shares bytes with the range of granules, its own last. */
  visit(at: number, size: number, found: (cell: Cell) => void): void {
    const from = Math.floor(at / GRANULE);
    const to = Math.floor((at + size - 1) / GRANULE);
    const wide = to - from > WIDE;
    const perPage = PAGE / GRANULE;
    let own: WideCell | undefined;
    const told = new Set<Cell>();
    for (let p = Math.floor(from / perPage); p <= Math.floor(to / perPage); p++) {
      let page = this.pages.get(p);
      if (page === undefined) this.pages.set(p, (page = { granules: [], wide: [] }));
      for (const w of page.wide) {
        if (w.to < from || w.from > to) continue;
        if (wide && w.from === from && w.to === to) own = w;
        else if (!told.has(w)) {
          told.add(w);
          found(w);
        }
      }
      if (!wide) continue;
      for (const g of page.granules) {
        if (g < from || g > to) continue;
        const cell = this.cells.get(g);
        if (cell !== undefined) found(cell);
      }
    }
    if (wide) {
      if (own === undefined) {
        own = { from, to, writes: [], reads: [] };
        for (let p = Math.floor(from / perPage); p <= Math.floor(to / perPage); p++) this.pages.get(p)?.wide.push(own);
      }
      found(own);
      return;
    }
    for (let g = from; g <= to; g++) {
      let cell = this.cells.get(g);
      if (cell === undefined) {
        this.cells.set(g, (cell = { writes: [], reads: [] }));
        this.pages.get(Math.floor(g / perPage))?.granules.push(g);
      }
      found(cell);
    }
  }

  /** Notes a touch in the range's own cells. */
  note(at: number, size: number, write: boolean, thread: number, index: number): void {
    const from = Math.floor(at / GRANULE);
    const to = Math.floor((at + size - 1) / GRANULE);
    const set = (cell: Cell): void => {
      const list = write ? cell.writes : cell.reads;
      while (list.length <= thread) list.push(-1);
      list[thread] = index;
    };
    if (to - from > WIDE) {
      const own = this.pages.get(Math.floor(from / (PAGE / GRANULE)))?.wide.find((w) => w.from === from && w.to === to);
      if (own !== undefined) set(own);
      return;
    }
    for (let g = from; g <= to; g++) {
      const cell = this.cells.get(g);
      if (cell !== undefined) set(cell);
    }
  }
}

/** For each thread its last operation known to be before; -1 or missing for none. */
type Clock = number[];

function merge(into: Clock, other: Clock | undefined): void {
  if (other === undefined) return;
  while (into.length < other.length) into.push(-1);
  for (let t = 0; t < other.length; t++) {
    const i = other[t] ?? -1;
    if (i > (into[t] ?? -1)) into[t] = i;
  }
}

/**
 * Calls `found` for every race of the execution, in the order of the later operation; those whose later operation is
 * before `from` are known already. `next`, operations that were about to be executed at the end, race as well.
 */
export function races(
  operations: readonly Operation[],
  next: readonly Operation[],
  from: number,
  found: (race: Race, op: Operation) => void,
): readonly Clock[] {
  const touched = new Touched();
  const clocks = new Map<number, Clock>();
  const clockAt: Clock[] = [];
  const takers = new Map<number, number[]>(); // CPU -> by thread: the operation that last took it
  const leavers = new Map<number, number>(); // CPU -> the operation that last gave it back

  const look = (op: Operation, index: number, executed: boolean): void => {
    // What made this operation possible can't come after it.
    const before: Clock = [...(clocks.get(op.thread) ?? [])];
    if (op.after >= 0) merge(before, clockAt[op.after]);
    const seen = new Set<number>();
    const depends = (others: readonly number[]): void => {
      for (let t = 0; t < others.length; t++) {
        const other = others[t] ?? -1;
        if (other < 0 || t === op.thread || seen.has(other)) continue;
        seen.add(other);
        if (index >= from && (before[t] ?? -1) < other) found({ first: other, second: index }, op);
      }
    };
    for (const { at, size, write } of op.ranges) {
      touched.visit(at, size, (cell) => {
        depends(cell.writes);
        if (write) depends(cell.reads);
      });
    }
    if (op.takes >= 0) depends(takers.get(op.takes) ?? []);
    if (!executed) return;
    const now = before;
    for (const other of seen) merge(now, clockAt[other]);
    if (op.takes >= 0) merge(now, clockAt[leavers.get(op.takes) ?? -1]);
    while (now.length <= op.thread) now.push(-1);
    now[op.thread] = index;
    clocks.set(op.thread, now);
    clockAt.push(now);
    for (const { at, size, write } of op.ranges) touched.note(at, size, write, op.thread, index);
    if (op.takes >= 0) {
      const taken = takers.get(op.takes) ?? [];
      while (taken.length <= op.thread) taken.push(-1);
      taken[op.thread] = index;
      takers.set(op.takes, taken);
    }
    if (op.leaves >= 0) leavers.set(op.leaves, index);
  };

  operations.forEach((op, index) => {
    look(op, index, true);
  });
  for (const op of next) look(op, operations.length, false);
  return clockAt;
}

/** For each operation the last one of each thread that is ordered before it, by index; its own thread's is itself. */
export function orders(operations: readonly Operation[]): readonly (readonly number[])[] {
  return races(operations, [], operations.length, () => undefined);
}
