// What all searches share: a machine that runs to the search's start once, executions under a plan, and the findings they
// collect. Must not depend on an algorithm, which only decides what plans to try.

import {
  type CompiledProgram,
  compileProgram,
  encodeDecisions,
  type Frame,
  Machine,
  type MachineFinding,
  type RunOptions,
  type Snapshot,
} from "../machine/index.js";
import type { Program } from "../c/ir/index.js";
import { keyOf } from "./finding-key.js";
import { type Choice, type Plan, planBy, type Priorities, Schedule, type ScheduleState } from "./schedule.js";

export interface SearchBounds {
  /** Preemptions at most. */
  readonly preemptions: number;
  readonly executions: number;
  readonly realMs: number;
  /** Whether the memory that the search may use is used up. */
  readonly full?: () => boolean;
}

export interface Found {
  readonly finding: MachineFinding;
  readonly plan: Plan;
  /** The values chosen at the code's choices, in order; missing ones are the default. */
  readonly chosen: readonly number[];
  readonly preemptions: number;
  /** Decision string that replays the execution in the preemptible build. */
  readonly decisions: string;
  /** Other findings of the same execution. */
  readonly beside: number;
  /** Executions that showed it. */
  readonly times: number;
}

export interface SearchResult {
  readonly findings: readonly Found[];
  readonly executions: number;
  readonly operations: number;
  /** Distinct states that executions reached, if the algorithm recognises states. */
  readonly states?: number;
  /** The bound that was explored completely; -1 if not even bound 0 was, Infinity if no schedule needs more preemptions. */
  readonly complete: number;
  /** Why it ended: everything within the bounds was explored, a budget ran out, or something could not be run. */
  readonly end: "complete" | "executions" | "time" | "memory" | "cancelled" | "cannot-judge";
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  readonly realMs: number;
  /** PCT: the depth and program that it sampled for, and the probability at most that all executions miss a bug of that depth. */
  readonly sampled?: { readonly depth: number; readonly threads: number; readonly length: number; readonly missed: number };
}

/** Virtual time for which a preempted CPU may stall: a generous bound for the hypervisor's dispatch of other partitions. */
export const STALL_NS = 100_000_000;

/** The machine and the schedule after `length` operations and `choices` choices. */
interface Checkpoint {
  readonly length: number;
  readonly choices: number;
  readonly machine: Snapshot;
  readonly schedule: ScheduleState;
}

const MAX_CHECKPOINTS = 24;
/** Minimum number of operations between two checkpoints; in a long execution, this fraction of its operations. */
const SPACING = 60;
const SPACING_PART = 1 / 16;

/** Runs executions of one program and scenario; keeps checkpoints along the current execution. */
export class Executor {
  readonly schedule = new Schedule();
  private readonly machine: Machine;
  private readonly checkpoints: Checkpoint[] = [];
  /** Snapshots to reuse for their memory: they are large, and thousands are taken. */
  private readonly spare: Snapshot[] = [];
  executions = 0;
  operations = 0;

  constructor(
    code: CompiledProgram,
    options: Omit<RunOptions, "decisions" | "onVisible" | "onEffect" | "stall">,
    private readonly startsAt: (machine: Machine) => boolean,
  ) {
    this.machine = new Machine(code, {
      ...options,
      decisions: this.schedule,
      onVisible: this.schedule.onVisible,
      onEffect: this.schedule.onEffect,
      stall: STALL_NS,
    });
    this.schedule.attach(this.machine);
    this.keep();
    this.begin();
    // The prefix before the search's start is the same in every execution unless it requests a choice.
    if (this.schedule.choices.length === 0) this.checkpoints.shift();
  }

  private begin(): void {
    while (!this.startsAt(this.machine) && this.machine.step());
    this.schedule.active = true;
    this.keep();
  }

  private keep(): void {
    const state = this.schedule.state();
    this.checkpoints.push({ length: state.length, choices: state.choices, machine: this.machine.snapshot(this.spare.pop()), schedule: state });
    if (this.checkpoints.length > MAX_CHECKPOINTS) this.drop(this.checkpoints.splice(1 + Math.floor((this.checkpoints.length - 1) / 2), 1));
  }

  private drop(checkpoints: readonly Checkpoint[]): void {
    for (const { machine } of checkpoints) this.spare.push(machine);
  }

  /**
   * One execution under a plan that prescribes the first `prescribed` operations, or (0) only names switches, with the first
   * answers given. The prefix that it shares with the previous execution is not run again. After each slice, `enough` may
   * end it. Returns how it ended.
   */
  run(plan: Plan, prescribed: number, chosen: readonly number[] = [], enough?: () => boolean): Machine["progress"] {
    const { operations, choices } = this.schedule;
    let shared = 0;
    for (let thread = 0; shared < prescribed; shared++) {
      thread = plan.get(shared) ?? thread;
      if (operations[shared]?.thread !== thread) break;
    }
    const other = choices.findIndex((c, i) => c.value !== (chosen[i] ?? 0));
    const follow = (): void => {
      this.schedule.follow(plan, prescribed, chosen);
    };
    return this.execute(shared, other < 0 ? choices.length : other, follow, enough);
  }

  /** One execution from the start in which the thread of highest priority runs; undefined: the default schedule. */
  runBy(by: Priorities | undefined, chooser?: (n: number) => number): Machine["progress"] {
    return this.execute(0, 0, () => {
      this.schedule.follow(new Map(), 0, [], by, chooser);
    });
  }

  /** As `run` from the start, with answers by `chooser`. */
  runWith(plan: Plan, chooser: (n: number) => number): Machine["progress"] {
    return this.execute(0, 0, () => {
      this.schedule.follow(plan, 0, [], undefined, chooser);
    });
  }

  private execute(shared: number, sharedChoices: number, follow: () => void, enough?: () => boolean): Machine["progress"] {
    const usable = (c: Checkpoint | undefined): boolean => c !== undefined && c.length <= shared && c.choices <= sharedChoices;
    while (this.checkpoints.length > 1 && !usable(this.checkpoints[this.checkpoints.length - 1])) this.drop(this.checkpoints.splice(-1));
    const from = this.checkpoints[this.checkpoints.length - 1];
    if (from === undefined) throw new Error("the search has no start");
    this.machine.restore(from.machine);
    this.schedule.cut(from.schedule);
    follow();
    if (!this.schedule.active) this.begin();
    let last = this.schedule.operations.length;
    while (this.machine.step()) {
      if (enough?.() === true) break;
      const { length } = this.schedule.operations;
      if (length - last < Math.max(SPACING, length * SPACING_PART)) continue;
      last = length;
      this.keep();
    }
    this.executions++;
    this.operations += this.schedule.operations.length - from.length;
    return this.machine.progress;
  }

  /** Between two slices of an execution: identifies the state, which decides all that may follow. */
  stateKey(): string {
    return this.machine.stateKey(this.schedule.decisive());
  }

  /** The answers of the last execution. */
  chosen(): readonly number[] {
    return this.schedule.choices.map((c: Choice) => c.value);
  }

  /** Gives the memory back; the executor must not be used any more. */
  release(): void {
    this.machine.release();
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

/** By preemptions, then answers that are not the default, then other findings, then the decisions' text. */
function simpler(a: Found, b: Found): boolean {
  const answers = (f: Found): number => f.chosen.filter((v) => v !== 0).length;
  const order = a.preemptions - b.preemptions || answers(a) - answers(b) || a.beside - b.beside || a.decisions.length - b.decisions.length;
  return order < 0 || (order === 0 && a.decisions < b.decisions);
}

/** Collects findings over executions: one per finding key, with its simplest witness, independent of the order. */
export class Findings {
  private readonly found = new Map<string, Found>();

  add(executor: Executor, findings: readonly MachineFinding[], plan: Plan): void {
    const { nodes } = executor.schedule;
    const preemptions = nodes[nodes.length - 1]?.preemptions ?? 0;
    for (const finding of findings) {
      const beside = findings.length - 1;
      const found: Found = { finding, plan, chosen: executor.chosen(), preemptions, beside, decisions: executor.decisions(), times: 1 };
      this.join(found);
    }
  }
  /** Adds a finding of another search. */
  join(found: Found): void {
    const key = keyOf(found.finding);
    const known = this.found.get(key);
    const times = (known?.times ?? 0) + found.times;
    this.found.set(key, { ...(known === undefined || simpler(found, known) ? found : known), times });
  }
  list(): readonly Found[] {
    return [...this.found.values()];
  }
}

/** The switches of an execution, and the thread wherever one was picked. */
export function planOf({ operations, nodes }: Schedule): Map<number, number> {
  return planBy(
    operations.length,
    (i) => operations[i]?.thread ?? 0,
    (i) => nodes[i]?.picked === true,
  );
}

/** Yields to the event loop; true if the search was cancelled. */
export type Breathe = () => Promise<boolean>;
