// What all searches share: a machine that is brought to the search's start once, executions under a plan, and the
// findings they gather. Each algorithm is a file of its own and decides only which plans to try.

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
  /** Answers to what the code asked, beginning with the first; missing ones are the default. */
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
  /** Different states that executions came to, where those are told apart. */
  readonly states?: number;
  /** The bound that was explored completely; -1 if not even bound 0 was, Infinity if no schedule needs more. */
  readonly complete: number;
  /** Why it ended: everything within the bounds was tried, or a budget ran out, or something could not be run. */
  readonly end: "complete" | "executions" | "time" | "memory" | "cancelled" | "cannot-judge";
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  readonly realMs: number;
  /** PCT: the depth and program that it sampled for, and the probability at most that all executions miss a bug of that depth. */
  readonly sampled?: { readonly depth: number; readonly threads: number; readonly length: number; readonly missed: number };
}

/** Virtual time that a preempted CPU may stand still: a hypervisor's dispatch of other partitions, generously. */
export const STALL_NS = 100_000_000;

interface Kept {
  readonly length: number;
  readonly choices: number;
  readonly machine: Snapshot;
  readonly schedule: ScheduleState;
}

const KEPT = 24;
/** Operations between two snapshots at least; in a long execution this part of what was executed. */
const SPACING = 60;
const SPACING_PART = 1 / 16;

/** Runs executions of one program and scenario; keeps snapshots along the current path. */
export class Executor {
  readonly schedule = new Schedule();
  private readonly machine: Machine;
  private readonly kept: Kept[] = [];
  /** Snapshots that are needed no more, for their memory: they are large, and made by the thousand. */
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
    // The prefix that only one thread runs in is the same in every execution, unless it asks for a choice.
    if (this.schedule.choices.length === 0) this.kept.shift();
  }

  private begin(): void {
    while (!this.startsAt(this.machine) && this.machine.step());
    this.schedule.active = true;
    this.keep();
  }

  private keep(): void {
    const state = this.schedule.state();
    this.kept.push({ length: state.length, choices: state.choices, machine: this.machine.snapshot(this.spare.pop()), schedule: state });
    if (this.kept.length > KEPT) this.drop(this.kept.splice(1 + Math.floor((this.kept.length - 1) / 2), 1));
  }

  private drop(kept: readonly Kept[]): void {
    for (const { machine } of kept) this.spare.push(machine);
  }

  /**
   * One execution under a plan that prescribes the first `prescribed` operations, or (0) only names switches, with the
   * first answers given. What it has in common with the execution before is not run again. `enough`, asked wherever a slice
   * has ended, ends it there. Returns how it ended.
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
    const usable = (k: Kept | undefined): boolean => k !== undefined && k.length <= shared && k.choices <= sharedChoices;
    while (this.kept.length > 1 && !usable(this.kept[this.kept.length - 1])) this.drop(this.kept.splice(-1));
    const from = this.kept[this.kept.length - 1];
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

  /** What tells the state that the machine is in, between two slices of an execution, and what follows from it. */
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

/** Fewer preemptions, then fewer answers that are not the default, then fewer other findings, then by the decisions' text. */
function simpler(a: Found, b: Found): boolean {
  const answers = (f: Found): number => f.chosen.filter((v) => v !== 0).length;
  const order = a.preemptions - b.preemptions || answers(a) - answers(b) || a.beside - b.beside || a.decisions.length - b.decisions.length;
  return order < 0 || (order === 0 && a.decisions < b.decisions);
}

/** Gathers findings over executions: the same place and kind is one finding, with its simplest witness, whatever the order. */
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
  /** Takes in what another search found. */
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

/** The switches of an execution before operation `upTo`, and who was picked wherever somebody was. */
export function planOf({ operations, nodes }: Schedule): Map<number, number> {
  return planBy(
    operations.length,
    (i) => operations[i]?.thread ?? 0,
    (i) => nodes[i]?.picked === true,
  );
}

export type Breathe = () => Promise<boolean>;
