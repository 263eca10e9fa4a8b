// A recorded run: its operations with time and place, replayed by a decision string in the build that reports every visible
// operation. Used to present a witness; it searches nothing.

import { type CompiledProgram, type Deviation, type Lane, Machine, replay, type RunOptions, type RunOutcome } from "../machine/index.js";
import { type Choice, type Node, type Operation, Schedule } from "./schedule.js";
import { STALL_NS } from "./search.js";

export interface Recording {
  readonly operations: readonly Operation[];
  readonly nodes: readonly Node[];
  readonly choices: readonly Choice[];
  readonly threads: readonly Lane[];
  readonly outcome: RunOutcome;
}

/** Operations are numbered and recorded from the first moment at which `startsAt` holds, as in a search. */
export class Recorder {
  private machine: Machine | undefined;

  constructor(
    private readonly code: CompiledProgram,
    private readonly options: Omit<RunOptions, "decisions" | "onVisible" | "onEffect" | "stall">,
    private readonly startsAt: (machine: Machine) => boolean,
  ) {}

  play(deviations: readonly Deviation[]): Recording {
    const schedule = new Schedule();
    const options: RunOptions = {
      ...this.options,
      decisions: schedule,
      onVisible: schedule.onVisible,
      onEffect: schedule.onEffect,
      stall: STALL_NS,
    };
    schedule.play(replay(deviations));
    if (this.machine === undefined) this.machine = new Machine(this.code, options);
    else this.machine.start(options);
    const { machine } = this;
    schedule.attach(machine);
    while (!this.startsAt(machine) && machine.step());
    schedule.active = true;
    while (machine.step());
    const outcome = machine.outcome();
    return { operations: schedule.operations, nodes: schedule.nodes, choices: schedule.choices, threads: outcome.timeline.lanes, outcome };
  }

  /** Gives the memory back; the recorder must not be used any more. */
  release(): void {
    this.machine?.release();
    this.machine = undefined;
  }
}
