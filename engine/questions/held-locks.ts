// Which locks a thread holds while it sleeps, and who waits for them meanwhile: one run of the traced build on the
// default schedule. A lock is identified by its address and named after its variable or where it was taken.

import { type Frame, Machine, replay } from "../machine/index.js";
import { STALL_NS, tracedBuild } from "../explore/index.js";
import type { Program } from "../c/ir/index.js";
import type { Scenario } from "../scenario/index.js";
import { type Breathe, LIMITS, type Loaded, runToEnd } from "../review/index.js";

/** Kinds of visible operations. */
const LOCK = 3;
const UNLOCK = 4;
const TRYLOCK = 5;

export interface HeldLock {
  readonly name: string;
  /** Where it was taken; absent where only the engine's own code took it. */
  readonly taken?: Frame;
}

export interface Waiter {
  readonly thread: string;
  readonly lock: string;
  /** Virtual ns that it waited. */
  readonly ns: number;
}

export interface HeldWhileSleeping {
  /** Held in every sleep of the removing threads in the function. */
  readonly held: readonly HeldLock[];
  readonly waiters: readonly Waiter[];
  /** Sleeps seen. */
  readonly sleeps: number;
}

interface Taken {
  readonly address: number;
  readonly lock: HeldLock;
}

/**
 * Undefined where the run was cancelled.
 * @param sleepFunction the function of the tree whose sleeps count
 */
export async function heldWhileSleeping(l: Loaded, scenario: Scenario, sleepFunction: string, breathe: Breathe): Promise<HeldWhileSleeping | undefined> {
  const { program } = l.compiled;
  const held = new Map<number, Taken[]>();
  const acquiring = new Map<number, Taken>();
  const blocked = new Map<number, { readonly lock: string; readonly since: number }>();
  const common = new Map<number, HeldLock>();
  const waited = new Map<string, Waiter>();
  let sleeps = 0;
  const name = (thread: number): string => machine.progress.threads.list.find((t) => t.id === thread)?.name ?? `thread ${String(thread)}`;
  const resumed = (thread: number): void => {
    const pending = acquiring.get(thread);
    acquiring.delete(thread);
    if (pending !== undefined) held.set(thread, [...(held.get(thread) ?? []), pending]);
    const wait = blocked.get(thread);
    blocked.delete(thread);
    if (wait === undefined) return;
    const ns = machine.progress.clock - wait.since;
    const key = `${name(thread)} ${wait.lock}`;
    waited.set(key, { thread: name(thread), lock: wait.lock, ns: (waited.get(key)?.ns ?? 0) + ns });
  };
  const options = {
    params: scenario.values,
    cpus: Number(scenario.values["cpus"] ?? 2n),
    decisions: replay([]),
    limits: LIMITS,
    main: "tcs_main",
    ...(program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
    stall: STALL_NS,
  };
  const machine = new Machine(tracedBuild(program), {
    ...options,
    onVisible: (v) => {
      resumed(v.thread);
      const address = Number(v.address & 0xffffffffn);
      if (v.kind === LOCK || v.kind === TRYLOCK) {
        const taken = machine.where(v.site);
        const shown = taken === undefined || taken.provided === true ? {} : { taken };
        if (v.kind === LOCK) acquiring.set(v.thread, { address, lock: { name: lockName(program, address, taken), ...shown } });
      } else if (v.kind === UNLOCK) {
        const mine = held.get(v.thread) ?? [];
        const at = mine.findLastIndex((t) => t.address === address);
        if (at >= 0) held.set(v.thread, mine.toSpliced(at, 1));
      }
    },
    onEffect: (e) => {
      if (e.k !== "wait") return;
      const thread = machine.progress.threads.current;
      const pending = acquiring.get(thread);
      // A lock's own wait sleeps on the lock or on a word of it, for as long as it takes.
      if (pending !== undefined && e.deadline === Infinity && Math.abs(e.key - pending.address) < 64) {
        if (!blocked.has(thread)) blocked.set(thread, { lock: pending.lock.name, since: machine.progress.clock });
        return;
      }
      resumed(thread);
      if (!sleepsIn(machine, sleepFunction)) return;
      const mine = new Map((held.get(thread) ?? []).map((t) => [t.address, t.lock]));
      if (sleeps++ === 0) for (const [address, lock] of mine) common.set(address, lock);
      else for (const address of [...common.keys()]) if (!mine.has(address)) common.delete(address);
    },
  });
  if (!(await runToEnd(machine, breathe))) return undefined;
  machine.release();
  const names = new Set([...common.values()].map((lock) => lock.name));
  return { held: [...common.values()], waiters: [...waited.values()].filter((w) => names.has(w.lock)), sleeps };
}

function sleepsIn(machine: Machine, fn: string): boolean {
  return machine.stack().some((f) => f.function === fn && f.provided !== true);
}

/** The global variable that contains it, else the function that took it. */
function lockName(program: Program, address: number, taken: Frame | undefined): string {
  const variable = program.globals.find((g) => address >= g.addr && address < g.addr + Math.max(1, g.size));
  if (variable !== undefined) return variable.name;
  return taken === undefined ? "a lock" : `the lock taken in ${taken.function}`;
}
