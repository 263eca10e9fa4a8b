// Snapshot and restore of a machine between two slices: the used parts of linear memory, the run's state, the
// source's progress. A restore is exact: memory used since is as if it had never been used.

import { CALLS_BASE, CALLS_SIZE, COV_BASE, covAt, SAVE_SIZE, SAVES_BASE, STACK_SIZE, STACKS_BASE } from "../c/emit/index.js";
import { CONTROL_BASE, DATA_BASE, SHADOW_BASE } from "../c/ir/index.js";
import type { Core } from "./core.js";
import { copyState, type RunState } from "./state.js";

export interface Snapshot {
  readonly state: RunState;
  readonly decisions: readonly number[];
  readonly fuel: number;
  readonly parts: readonly { readonly at: number; readonly bytes: Uint8Array }[];
}

const CELLS = 64;

/** Ranges of linear memory that a run in this state has used. */
function* usedRanges(core: Core): Generator<readonly [start: number, end: number]> {
  const { heap, threads } = core.state;
  yield [CONTROL_BASE, CONTROL_BASE + CELLS];
  yield [DATA_BASE, heap.top];
  yield [SHADOW_BASE + (DATA_BASE >>> 3), SHADOW_BASE + ((heap.top + 7) >>> 3)];
  yield [COV_BASE, covAt(core.program.lines.length, 1)];
  const count = threads.list.length + 1;
  yield [SHADOW_BASE + (STACKS_BASE >>> 3), SHADOW_BASE + ((STACKS_BASE + count * STACK_SIZE) >>> 3)];
  for (let id = 0; id < count; id++) {
    yield [STACKS_BASE + id * STACK_SIZE, STACKS_BASE + (id + 1) * STACK_SIZE];
    const thread = threads.list[id - 1];
    if (thread === undefined) continue;
    yield [CALLS_BASE + id * CALLS_SIZE, thread.csp];
    yield [SAVES_BASE + id * SAVE_SIZE, thread.ss];
  }
}

/** `old`: a snapshot no longer needed, whose memory is reused if it is large enough. */
export function takeSnapshot(core: Core, old?: Snapshot): Snapshot {
  const ranges = [...usedRanges(core)].filter(([start, end]) => end > start);
  const parts = ranges.map(([start, end], i) => {
    const room = old?.parts[i]?.bytes.buffer;
    if (room === undefined || room.byteLength < end - start) return { at: start, bytes: core.bytes.slice(start, end) };
    const bytes = new Uint8Array(room, 0, end - start);
    bytes.set(core.bytes.subarray(start, end));
    return { at: start, bytes };
  });
  return { state: copyState(core.state), decisions: core.options.decisions.save(), fuel: core.globals.fuel.value, parts };
}

/** Resets memory to that of a new machine: zero and inaccessible. */
export function clearMemory(core: Core): void {
  for (const [start, end] of usedRanges(core)) core.bytes.fill(0, start, end);
}

export function restoreSnapshot(core: Core, snapshot: Snapshot): void {
  const ends = new Map(snapshot.parts.map(({ at, bytes }) => [at, at + bytes.length]));
  // Memory that the snapshot overwrites need not be cleared.
  for (const [start, end] of usedRanges(core)) core.bytes.fill(0, Math.min(end, ends.get(start) ?? start), end);
  core.state = copyState(snapshot.state);
  for (const { at, bytes } of snapshot.parts) core.bytes.set(bytes, at);
  core.options.decisions.restore(snapshot.decisions);
  const { globals } = core;
  globals.fuel.value = snapshot.fuel;
  globals.ops.value = 0;
  globals.spent.value = 0n;
  globals.state.value = 0;
  globals.base.value = BigInt(core.state.clock);
}
