// Which class of executions one belongs to: executions that differ in the order of independent operations only do the
// same (Mazurkiewicz, Trace Theory, 1986). A class is told by what was before each operation, whatever the order between.

import { orders } from "./races.js";
import type { Choice, Operation } from "./schedule.js";

/** 32-bit mixing, so that sums of hashes do not collide by structure. */
function mix(h: number, x: number): number {
  let k = Math.imul(h ^ x, 0x85ebca6b);
  k ^= k >>> 13;
  k = Math.imul(k, 0xc2b2ae35);
  return k ^ (k >>> 16);
}

/** A text that is the same for executions of one class; another one for others, but for collisions of 64 bits. */
export function classOf(operations: readonly Operation[], choices: readonly Choice[]): string {
  const clocks = orders(operations);
  /** Operations of its thread up to each one, itself included. */
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
    // Summed up: the order of the execution must not matter.
    low = (low + a) | 0;
    high = (high + b) | 0;
  });
  return `${(low >>> 0).toString(16)}.${(high >>> 0).toString(16)}.${choices.map((c) => c.value).join("")}`;
}
