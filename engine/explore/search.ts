// What all searches share: a machine that is brought to the search's start once, executions under a plan, and the
// findings they gather. Each algorithm is a file of its own and decides only which plans to try.

import { compileProgram, Machine, type CompiledProgram, type RunOptions } from "../machine/machine.js";
import type { Program } from "../c/ir.js";
import type { Frame, MachineFinding } from "../machine/record.js";
import type { Snapshot } from "../machine/machine.js";
import { encodeDecisions } from "../machine/decisions.js";
import { keyOf } from "./finding-key.js";
import { Schedule, type Node, type Operation, type Plan, type Priorities, type ScheduleState } from "./schedule.js";

export interface SearchBounds {
  /** Preemptions at most. */
  readonly preemptions: number;
  readonly executions: number;
  readonly realMs: number;
}

export interface Found {
  readonly finding: MachineFinding;
  readonly plan: Plan;
  readonly preemptions: number;
  /** Decision string that replays the execution in the preemptible build. */
  readonly decisions: string;
  /** Executions that showed it. */
  readonly times: number;
}

export interface SearchResult {
  readonly findings: readonly Found[];
  readonly executions: number;
  readonly operations: number;
  /** The bound that was explored completely; -1 if not even bound 0 was, Infinity if no schedule needs more. */
  readonly complete: number;
  /** Why it ended: everything within the bounds was tried, or a budget ran out, or something could not be run. */
  readonly end: "complete" | "executions" | "time" | "cancelled" | "cannot-judge";
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  readonly realMs: number;
}

/** Virtual time that a preempted CPU may stand still: a hypervisor's dispatch of other partitions, generously. */
export const STALL_NS = 100_000_000;

interface Kept {
  readonly length: number;
  readonly machine: Snapshot;
  readonly schedule: ScheduleState;
}

const KEPT = 24;
/** Operations between two snapshots at least. */
const SPACING = 150;

/** Runs executions of one program and scenario; keeps snapshots along the current path. */
export class Executor {
  readonly schedule = new Schedule();
  private readonly machine: Machine;
  private readonly kept: Kept[] = [];
  executions = 0;
  operations = 0;

  constructor(code: CompiledProgram, options: Omit<RunOptions, "decisions" | "onVisible" | "onEffect" | "stall">, startsAt: (machine: Machine) => boolean) {
    this.machine = new Machine(code, {
      ...options,
      decisions: this.schedule,
      onVisible: this.schedule.onVisible,
      onEffect: this.schedule.onEffect,
      stall: STALL_NS,
    });
    this.schedule.attach(this.machine);
    // The prefix that only one thread runs in is the same in every execution.
    while (!startsAt(this.machine) && this.machine.step());
    this.schedule.active = true;
    this.keep();
  }

  private keep(): void {
    this.kept.push({ length: this.schedule.operations.length, machine: this.machine.snapshot(), schedule: this.schedule.state() });
    if (this.kept.length > KEPT) this.kept.splice(1 + Math.floor((this.kept.length - 1) / 2), 1);
  }

  /** One execution; the plan up to operation `shared` is that of the one before. Returns how it ended. */
  run(plan: Plan, shared: number): Machine["progress"] {
    while (this.kept.length > 1 && (this.kept[this.kept.length - 1]?.length ?? 0) > shared) this.kept.pop();
    const from = this.kept[this.kept.length - 1];
    if (from === undefined) throw new Error("the search has no start");
    this.machine.restore(from.machine);
    this.schedule.cut(from.schedule);
    this.schedule.follow(plan);
    let last = from.length;
    while (this.machine.step()) {
      const { length } = this.schedule.operations;
      if (length - last < SPACING) continue;
      last = length;
      this.keep();
    }
    this.executions++;
    this.operations += this.schedule.operations.length - from.length;
    return this.machine.progress;
  }

  /** One execution from the start in which the thread of highest priority runs; undefined: the default schedule. */
  runBy(by: Priorities | undefined): Machine["progress"] {
    this.kept.length = 1;
    const from = this.kept[0];
    if (from === undefined) throw new Error("the search has no start");
    this.machine.restore(from.machine);
    this.schedule.cut(from.schedule);
    this.schedule.follow(new Map(), by);
    while (this.machine.step());
    this.executions++;
    this.operations += this.schedule.operations.length - from.length;
    return this.machine.progress;
  }

  /** The place in the source of an operation. */
  frame(site: number): Frame {
    return this.machine.frame(site);
  }

  decisions(): string {
    return encodeDecisions(this.machine.progress.deviations);
  }
}

const traced = new WeakMap<Program, CompiledProgram>();
/** The build that reports every visible operation and can be preempted at each. */
export function tracedBuild(program: Program): CompiledProgram {
  let code = traced.get(program);
  if (code === undefined) traced.set(program, (code = compileProgram(program, { preemptible: true, trace: true })));
  return code;
}

/** Gathers findings over executions: the same place and kind is one finding, its witness the one with fewest preemptions. */
export class Findings {
  private readonly found = new Map<string, Found>();

  add(findings: readonly MachineFinding[], plan: Plan, preemptions: number, decisions: () => string): void {
    for (const finding of findings) {
      const key = keyOf(finding);
      const known = this.found.get(key);
      if (known === undefined || known.preemptions > preemptions)
        this.found.set(key, { finding, plan, preemptions, decisions: decisions(), times: (known?.times ?? 0) + 1 });
      else this.found.set(key, { ...known, times: known.times + 1 });
    }
  }
  list(): readonly Found[] {
    return [...this.found.values()];
  }
}

/** The switches of an execution before operation `upTo`, and who was picked wherever somebody was. */
export function planOf(operations: readonly Operation[], nodes: readonly Node[], upTo: number): Map<number, number> {
  const plan = new Map<number, number>();
  for (let i = 0; i < upTo; i++) {
    const t = operations[i]?.thread;
    if (t !== undefined && (t !== operations[i - 1]?.thread || nodes[i]?.picked === true)) plan.set(i, t);
  }
  return plan;
}

export type Breathe = () => Promise<boolean>;
