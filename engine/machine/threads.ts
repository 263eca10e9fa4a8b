// Simulated threads and which of them may run. A thread is pinned to a CPU and keeps it until it blocks without
// spinning, yields or ends; one CPU runs at a time and the order is a decision. Must not know memory or code.

import type { ThreadChoice } from "./decisions.js";

export interface Thread {
  readonly id: number;
  readonly name: string;
  readonly cpu: number;
  readonly daemon: boolean;
  /** Table slot of the function it runs, and its argument. */
  readonly slot: number;
  readonly arg: bigint;
  state: "ready" | "blocked" | "done" | "dead";
  started: boolean;
  /** Order of becoming ready: its CPU runs lower numbers first. */
  ready: number;
  preempted: boolean;
  yielded: boolean;
  /** While blocked: what wakes it, until when (ns, Infinity for never), whether it keeps its CPU. `since`: in this state. */
  key: number;
  deadline: number;
  spin: boolean;
  since: number;
  /** Since when it has kept its CPU without going to the scheduler. */
  busySince: number;
  /** What the intrinsic that suspended it returns. */
  result: number;
  /** Ends of its stacks when it was suspended. */
  sp: number;
  csp: number;
  ss: number;
}

export interface Threads {
  list: Thread[];
  /** Thread that keeps each CPU, 0 for none. */
  owner: number[];
  /** Last dispatched thread, 0 before the first. */
  current: number;
  sequence: number;
}

/** Times since when a thread has kept its CPU or has been ready are rounded up to this many ns, so that more states are equal. */
const GRID_NS = 1_000_000;
export function onGrid(ns: number): number {
  return Math.ceil(ns / GRID_NS) * GRID_NS;
}

export function threadById(threads: Threads, id: number): Thread | undefined {
  return threads.list[id - 1];
}

/** Runnable threads, the default choice first. */
export function runnable(threads: Threads): readonly Thread[] {
  const found: Thread[] = [];
  threads.owner.forEach((id, cpu) => {
    const owner = id === 0 ? undefined : threadById(threads, id);
    if (owner !== undefined && !owner.yielded) {
      if (owner.state === "ready") found.push(owner);
      return;
    }
    const waiting = threads.list.filter((thread) => thread.cpu === cpu && thread.state === "ready");
    waiting.sort((a, b) => a.ready - b.ready);
    found.push(...waiting);
  });
  // Preempted and yielding threads let others run first; otherwise the current thread continues.
  const rank = (thread: Thread): number => (thread.yielded ? 3 : thread.preempted ? 2 : thread.id === threads.current ? 0 : 1);
  return found
    .map((thread, i) => ({ thread, i }))
    .sort((a, b) => rank(a.thread) - rank(b.thread) || a.i - b.i)
    .map(({ thread }) => thread);
}

export function choiceOf(thread: Thread): ThreadChoice {
  return { id: thread.id, name: thread.name, cpu: thread.cpu, daemon: thread.daemon, preempted: thread.preempted };
}

/** The threads that may run next in a preemptible build. */
export interface Offers {
  /** Ready threads, the default choice first; those that yielded only if there is no other. */
  readonly ready: readonly Thread[];
  /** Sleepers whose deadline has passed. Their timeout happens when they are chosen: until then they can still be woken. */
  readonly due: readonly Thread[];
  /** Sleepers whose deadline comes before any runnable thread has been stalled longer than allowed. */
  readonly later: readonly Thread[];
  /** Until this time the offers stay the same, as long as the running thread continues and neither wakes nor creates a thread. */
  readonly until: number;
}

export function offersOf(threads: Threads, now: number, stall: number): Offers {
  const all = runnable(threads);
  const due: Thread[] = [];
  const later: Thread[] = [];
  let first = Infinity;
  for (const thread of all) first = Math.min(first, onGrid(thread.id === threads.current && !thread.preempted ? now : thread.since));
  for (const thread of threads.list) {
    if (thread.state !== "blocked" || thread.deadline === Infinity) continue;
    const owner = threads.owner[thread.cpu] ?? 0;
    if (owner !== 0 && owner !== thread.id) continue;
    if (thread.deadline <= now) {
      due.push(thread);
      first = Math.min(first, thread.deadline);
    } else later.push(thread);
  }
  const order = (a: Thread, b: Thread): number => a.deadline - b.deadline || a.id - b.id;
  due.sort(order);
  const active = all.filter((thread) => !thread.yielded);
  const ready = active.length > 0 || due.length > 0 ? active : all;
  const until = Math.min(onGrid(now), nextDeadline(threads, now) - 1);
  return { ready, due, later: first === Infinity ? [] : later.filter((thread) => thread.deadline <= first + stall).sort(order), until };
}

export function makeReady(threads: Threads, thread: Thread, result: number): void {
  thread.state = "ready";
  thread.result = result;
  thread.deadline = Infinity;
  thread.ready = ++threads.sequence;
}

/** Threads blocked on the key, the longest waiting first. */
export function waitersOf(threads: Threads, key: number): readonly Thread[] {
  return threads.list.filter((thread) => thread.state === "blocked" && thread.key === key).sort((a, b) => a.ready - b.ready || a.id - b.id);
}

/** The first deadline after `now`. */
export function nextDeadline(threads: Threads, now: number): number {
  let next = Infinity;
  for (const thread of threads.list) if (thread.state === "blocked" && thread.deadline > now && thread.deadline < next) next = thread.deadline;
  return next;
}
