// Moves in a recorded run, forward and back: positions, snapshots on the way, replay from the nearest one. The caller decides
// where to stop; must not know sources, types or variables.

import { CALLS_BASE, CALLS_SIZE, CELL_AT, CELL_TICKS, NO_PAUSE } from "../c/emit/index.js";
import { type CompiledProgram, Machine, type RunOptions, type Snapshot, type StopPlace, type Thread, threadById } from "../machine/index.js";

/** A place where the run can stop, when the run passes it. */
export interface Passing {
  /** Ticks and slices so far: one more at each place. */
  readonly position: number;
  readonly kind: "slice" | "line" | "operation";
  readonly thread: number;
  /** Calls on the thread's stack. */
  readonly depth: number;
  /** Index into Program.lines of a line, into Program.sites of an operation; -1 for a slice. */
  readonly at: number;
}

interface Kept {
  readonly position: number;
  readonly snapshot: Snapshot;
  readonly bytes: number;
}

export interface PlayerLimits {
  /** Limit of snapshot bytes. */
  readonly memory: number;
  /** Initial distance of snapshots, in positions. */
  readonly spacing: number;
}

const LIMITS: PlayerLimits = { memory: 160_000_000, spacing: 1_500 };

/** Plays a run of a debug build. `release` frees its memory. */
export class Player {
  readonly machine: Machine;
  private readonly kept: Kept[] = [];
  private spacing: number;

  constructor(
    code: CompiledProgram,
    options: RunOptions,
    private readonly limits: PlayerLimits = LIMITS,
  ) {
    this.spacing = limits.spacing;
    this.machine = new Machine(code, options);
    this.keep();
  }

  release(): void {
    this.kept.length = 0;
    this.machine.release();
  }

  /** The position before the first place. */
  get start(): number {
    return this.kept[0]?.position ?? 0;
  }

  get over(): boolean {
    return this.machine.progress.end !== undefined;
  }

  /** The current position: before what runs next; one more than the last place at the end. */
  get position(): number {
    return this.passed + (this.over ? 1 : 0);
  }

  private get passed(): number {
    const { inside } = this.machine;
    return inside.view.getUint32(CELL_TICKS, true) + inside.state.slices;
  }

  /** The thread that runs next, or the last one that ran. */
  get current(): Thread | undefined {
    return this.machine.inside.current();
  }

  /** `Passing` of the current place; undefined before the first place and at the end. */
  here(): Passing | undefined {
    const { state } = this.machine.inside;
    if (state.slice === undefined) return undefined;
    return this.passing(state.slice.entered ? "tick" : "slice", false);
  }

  /** `runs`: the thread is passing the place; otherwise it has stopped there. */
  private passing(place: StopPlace, runs: boolean): Passing {
    const { inside } = this.machine;
    const { view, state, globals } = inside;
    const thread = state.threads.current;
    const at = view.getInt32(CELL_AT, true);
    const stack = CALLS_BASE + thread * CALLS_SIZE;
    const stopped = threadById(state.threads, thread)?.csp ?? stack;
    const top = place === "slice" || !runs ? stopped : globals.csp.value;
    return {
      position: this.passed,
      kind: place === "slice" ? "slice" : at >= 0 ? "line" : "operation",
      thread,
      depth: (top - stack) / 4,
      at: place === "slice" ? -1 : at >= 0 ? at : -1 - at,
    };
  }

  // ---- moving -----------------------------------------------------------------------------------------------------

  /** Moves to the first place at or after `position`; false if the run ends before it. */
  goTo(position: number): boolean {
    this.rewind(position);
    if (this.position >= position) return !this.over;
    return this.run(position, () => true) !== undefined;
  }

  /** Restores the last snapshot at or before the position, unless continuing from here is nearer. */
  private rewind(position: number): void {
    const from = this.kept.findLast((k) => k.position <= position);
    if (from !== undefined && (position < this.position || from.position > this.position)) this.machine.restore(from.snapshot);
  }

  /** Plays the whole run from its beginning and calls `tell` at every place; false if `tell` stopped it there. */
  tour(tell: (passing: Passing) => boolean): boolean {
    const [first] = this.kept;
    if (first !== undefined) this.machine.restore(first.snapshot);
    return this.run(0, (passing) => !tell(passing)) === undefined;
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  /** Continues; calls `stop` from position `from` on, and stops where it returns true. */
  private run(from: number, stop: (passing: Passing) => boolean): Passing | undefined {
    const { machine } = this;
    const { inside } = machine;
    let found: Passing | undefined;
    const nextReported = (): number => Math.max(0, Math.min(from, this.nextKeep()) - inside.state.slices - 1);
    const watch = (place: StopPlace): boolean => {
      const passed = this.passed;
      if (place === "slice") machine.watch(nextReported(), watch);
      if (passed >= from) {
        const passing = this.passing(place, true);
        if (stop(passing)) found = passing;
      }
      return found !== undefined || passed >= this.nextKeep();
    };
    // Ticks of the current slice are checked from here on, those of later slices from their beginning.
    machine.watch(nextReported(), watch);
    for (;;) {
      const running = machine.step();
      if (found !== undefined || !running) break;
      if (inside.state.slice !== undefined && this.position >= this.nextKeep()) this.keep();
    }
    machine.watch(NO_PAUSE, undefined);
    return found;
  }

  // ---- snapshots --------------------------------------------------------------------------------------------------

  private nextKeep(): number {
    return (this.kept[this.kept.length - 1]?.position ?? 0) + this.spacing;
  }

  private keep(): void {
    const snapshot = this.machine.snapshot();
    const bytes = snapshot.parts.reduce((sum, part) => sum + part.bytes.length, 0);
    this.kept.push({ position: this.position, snapshot, bytes });
    if (this.kept.reduce((sum, k) => sum + k.bytes, 0) <= this.limits.memory) return;
    // Drop every other snapshot, but not the first.
    const left = this.kept.filter((_, i) => i % 2 === 0);
    this.kept.length = 0;
    this.kept.push(...left);
    this.spacing *= 2;
  }
}
