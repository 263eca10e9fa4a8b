// The Mazurkiewicz trace of an execution: executions that differ only in the order of independent operations are equivalent
// (Mazurkiewicz, Trace Theory, 1986). A class is identified by the operations that are ordered before each operation.

import { orders } from "./races.js";
import type { Choice, Operation } from "./schedule.js";

/** 32-bit mixing, so that sums of hashes do not collide by structure. */
function mix(h: number, x: number): number {
  let k = Math.imul(h ^ x, 0x85ebca6b);
  k ^= k >>> 13;
  k = Math.imul(k, 0xc2b2ae35);
  return k ^ (k >>> 16);
}

/** A text that is equal for executions of one class and, but for collisions of 64 bits, only for them. */
export function classOf(operations: readonly Operation[], choices: readonly Choice[]): string {
  const clocks = orders(operations);
  /** By operation: the number of its thread's operations up to and including it. */
  const ordinal = new Int32Array(operations.length);
  const done: number[] = [];
  operations.forEach(({ thread }, i) => {
    while (done.length <= thread) done.push(0);
    ordinal[i] = done[thread] = (done[thread] ?? 0) + 1;
  });
  let low = 0;
  let high = 0;
  operations.forEach(({ thread }, i) => {
    let a = mix(thread, ordinal[i] ?? 0);
    let b = mix(~thread, ordinal[i] ?? 0);
    Array.from(clocks[i] ?? []).forEach((at, t) => {
      if (at < 0) return;
      a = mix(a, t * 0x10000000 + (ordinal[at] ?? 0));
      b = mix(b, (ordinal[at] ?? 0) * 16 + t);
    });
    // A sum, since the order of the execution must not matter.
    low = (low + a) | 0;
    high = (high + b) | 0;
  });
  return `${(low >>> 0).toString(16)}.${(high >>> 0).toString(16)}.${choices.map((c) => c.value).join("")}`;
}
