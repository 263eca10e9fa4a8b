// The key of a machine's state between two slices: two machines of one program with equal keys behave equally from then on,
// whatever their history. The key omits records of the past (log, events, line counters) and state that can no longer affect
// a decision, such as which thread ran last if it cannot continue; times are as coarse as the scheduler uses them.

import { CALLS_BASE, CALLS_SIZE, SAVE_SIZE, SAVES_BASE, STACK_SIZE, STACKS_BASE } from "../c/emit/index.js";
import { CONTROL_BASE, CONTROL_SIZE, DATA_BASE, SHADOW_BASE } from "../c/ir/index.js";
import type { Core } from "./core.js";
import type { MemoryHash } from "./memory-hash.js";
import { onGrid, type Thread, type Threads } from "./threads.js";

/** Buffer for numbers to be hashed: cells with no other use, zero before and after. */
const SCRATCH = CONTROL_BASE + 0x8000;
const SCRATCH_END = CONTROL_BASE + CONTROL_SIZE;

/** `more`: state of the decision source. */
export function stateKey(core: Core, hash: MemoryHash, more: readonly number[]): string {
  const { state, view, bytes } = core;
  const { heap, threads } = state;
  hash.begin();
  hash.add(DATA_BASE, heap.top);
  hash.add(SHADOW_BASE + (DATA_BASE >>> 3), SHADOW_BASE + ((heap.top + 7) >>> 3));
  // The machine's own stack is used between slices only, and empty then.
  for (const { id, state: is, csp, ss } of threads.list) {
    if (is === "done" || is === "dead") continue;
    const stack = STACKS_BASE + id * STACK_SIZE;
    hash.add(stack, stack + STACK_SIZE);
    hash.add(SHADOW_BASE + (stack >>> 3), SHADOW_BASE + ((stack + STACK_SIZE) >>> 3));
    const [calls, saves] = [CALLS_BASE + id * CALLS_SIZE, SAVES_BASE + id * SAVE_SIZE];
    // Memory past their ends is left from calls that have returned.
    bytes.fill(0, csp, Math.ceil(csp / 32) * 32);
    bytes.fill(0, ss, Math.ceil(ss / 32) * 32);
    hash.add(calls, csp);
    hash.add(saves, ss);
  }
  const numbers = [...more, ...threadProperties(threads), state.clock, heap.top, heap.mark, state.oopses, ...state.lost, -1];
  const texts = state.findings.map((f, i) => `${state.findingKeys[i] ?? ""} ${f.severity} ${f.function} ${f.access?.type ?? ""} ${f.object?.kind ?? ""}`);
  const text = texts.sort().join("\n");
  numbers.push(text.length);
  let at = SCRATCH;
  const put = (n: number): void => {
    if (at === SCRATCH_END) {
      hash.add(SCRATCH, at);
      at = SCRATCH;
    }
    view.setFloat64(at, n, true);
    at += 8;
  };
  for (const n of numbers) put(n);
  for (let i = 0; i < text.length; i++) put(text.charCodeAt(i));
  hash.add(SCRATCH, at);
  bytes.fill(0, SCRATCH, SCRATCH_END);
  return hash.end();
}

const STATES = { ready: 1, blocked: 2, done: 3, dead: 4 } as const;

/** The properties of the threads that affect what follows. */
function threadProperties(threads: Threads): readonly number[] {
  const { list, owner, current } = threads;
  const last = list[current - 1];
  const numbers: number[] = [list.length, last?.state === "ready" ? current : 0, ...owner];
  for (const t of list) {
    numbers.push(STATES[t.state]);
    if (t.state === "done" || t.state === "dead") continue;
    numbers.push(t.started ? 1 : 0, t.sp, t.csp, t.ss, t.result, place(list, t), t.slot, Number(BigInt.asIntN(53, t.arg)), t.cpu, t.daemon ? 1 : 0);
    // How long it has kept its CPU is checked when it releases it.
    numbers.push(owner[t.cpu] === t.id ? onGrid(t.busySince) : 0);
    if (t.state === "blocked") numbers.push(t.key, t.deadline === Infinity ? -1 : t.deadline, t.spin ? 1 : 0);
    else numbers.push(onGrid(t.since), t.preempted ? 1 : 0, t.yielded ? 1 : 0, t.spin ? 1 : 0);
  }
  return numbers;
}

/** Its position in its queue: ready threads of its CPU, or waiters for its key. */
function place(list: readonly Thread[], t: Thread): number {
  const queues = (o: Thread): boolean => o.state === t.state && (t.state === "ready" ? o.cpu === t.cpu : o.key === t.key);
  return list.filter((o) => queues(o) && o.ready < t.ready).length;
}
