// A recorded run as something to move in, forward and back: positions, snapshots on the way, replay from the nearest.
// It knows when to stop only by what it is told; nothing of sources, types or variables.

import { CALLS_BASE, CALLS_SIZE, CELL_AT, CELL_TICKS, NO_PAUSE } from "../c/emit/index.js";
import { type CompiledProgram, Machine, type RunOptions, type Snapshot, type StopPlace, type Thread, threadById } from "../machine/index.js";

/** A place where the run can be stopped, as it is passed. */
export interface Passing {
  /** Ticks and slices so far: grows by one from each place to the next. */
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
  /** Bytes of snapshots at most. */
  readonly memory: number;
  /** Positions between two snapshots at first. */
  readonly spacing: number;
}

const LIMITS: PlayerLimits = { memory: 160_000_000, spacing: 1_500 };

/** Plays a run of a debug build. `release` gives its memory back. */
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

  /** Where the run stood before anything happened. */
  get start(): number {
    return this.kept[0]?.position ?? 0;
  }

  get over(): boolean {
    return this.machine.progress.end !== undefined;
  }

  /** Where the run stands: before what comes next; one more than the last place when it is over. */
  get position(): number {
    return this.passed + (this.over ? 1 : 0);
  }

  private get passed(): number {
    const { inside } = this.machine;
    return inside.view.getUint32(CELL_TICKS, true) + inside.state.slices;
  }

  /** The thread that goes on next, or the last one that did. */
  get current(): Thread | undefined {
    return this.machine.inside.current();
  }

  /** What `Passing` says of the place where the run stands; undefined where it has not begun or is over. */
  here(): Passing | undefined {
    const { state } = this.machine.inside;
    if (state.slice === undefined) return undefined;
    return this.passing(state.slice.entered ? "tick" : "slice", false);
  }

  /** `runs`: the thread is asked as it passes; else it has been stopped there. */
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

  /** Goes to the first place at or after `position`; true unless the run ends before it. */
  goTo(position: number): boolean {
    this.rewind(position);
    if (this.position >= position) return !this.over;
    return this.run(position, () => true) !== undefined;
  }

  /** Back to the last snapshot at or before the position, where that is nearer than going on from here. */
  private rewind(position: number): void {
    const from = this.kept.findLast((k) => k.position <= position);
    if (from !== undefined && (position < this.position || from.position > this.position)) this.machine.restore(from.snapshot);
  }

  /** Plays the whole run from its begin and tells every place; false where `tell` ended that. The run is over, or stands there. */
  tour(tell: (passing: Passing) => boolean): boolean {
    const [first] = this.kept;
    if (first !== undefined) this.machine.restore(first.snapshot);
    return this.run(0, (passing) => !tell(passing)) === undefined;
  }

  // ---- running ----------------------------------------------------------------------------------------------------

  /** Runs on; asks `stop` from position `from` on. Stops where it says so. */
  private run(from: number, stop: (passing: Passing) => boolean): Passing | undefined {
    const { machine } = this;
    const { inside } = machine;
    let found: Passing | undefined;
    const asked = (): number => Math.max(0, Math.min(from, this.nextKeep()) - inside.state.slices - 1);
    const watch = (place: StopPlace): boolean => {
      const passed = this.passed;
      if (place === "slice") machine.watch(asked(), watch);
      if (passed >= from) {
        const passing = this.passing(place, true);
        if (stop(passing)) found = passing;
      }
      return found !== undefined || passed >= this.nextKeep();
    };
    // Ticks of the slice under way ask from here on; those of later ones from where their begin says.
    machine.watch(asked(), watch);
    for (;;) {
      const goesOn = machine.step();
      if (found !== undefined || !goesOn) break;
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
    // Every other one goes, the first stays.
    const left = this.kept.filter((_, i) => i % 2 === 0);
    this.kept.length = 0;
    this.kept.push(...left);
    this.spacing *= 2;
  }
}
