// Lock-order inversions: in one execution a thread waits for B holding A and another waits for A holding B, whether or not
// they deadlock. A lock is identified by its address; a trylock does not wait and so creates no order.

import type { Operation } from "./schedule.js";

export interface Inversion {
  /** The operations that wait for the second lock: for B holding A, and for A holding B. */
  readonly first: number;
  readonly second: number;
}

const LOCK = 3;
const UNLOCK = 4;
const TRYLOCK = 5;

export function lockInversions(operations: readonly Operation[], found: (inversion: Inversion) => void): void {
  // Whether a lock was acquired shows only later: it was if the thread releases it.
  const releasedAt = new Map<number, number>(); // index of LOCK/TRYLOCK -> index of its UNLOCK
  const open = new Map<string, number>();
  operations.forEach((op, index) => {
    const key = `${String(op.thread)} ${String(op.ranges[0]?.at ?? 0)}`;
    if (op.kind === LOCK || op.kind === TRYLOCK) open.set(key, index);
    else if (op.kind === UNLOCK) {
      const from = open.get(key);
      if (from !== undefined) releasedAt.set(from, index);
      open.delete(key);
    }
  });
  const edges = new Map<string, number>(); // "A B" -> the operation that waits for B holding A
  const held = new Map<number, { readonly at: number; readonly until: number }[]>();
  operations.forEach((op, index) => {
    if (op.kind !== LOCK && op.kind !== TRYLOCK) return;
    const at = op.ranges[0]?.at ?? 0;
    const mine = (held.get(op.thread) ?? []).filter((l) => l.until > index);
    if (op.kind === LOCK) {
      for (const other of mine) {
        if (other.at === at) continue;
        const back = edges.get(`${String(at)} ${String(other.at)}`);
        const key = `${String(other.at)} ${String(at)}`;
        if (back !== undefined && !edges.has(key) && operations[back]?.thread !== op.thread) found({ first: back, second: index });
        if (!edges.has(key)) edges.set(key, index);
      }
    }
    const until = releasedAt.get(index);
    if (until !== undefined) mine.push({ at, until });
    held.set(op.thread, mine);
  });
}
