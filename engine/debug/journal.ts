// Every position of a run in order: thread, place, call depth and time. It is recorded by playing the run once; a step,
// forward or back, is then a look-up. Must not know sources.

import type { Passing, Player } from "./player.js";

/** A run with more positions cannot be stepped through; each takes 15 bytes. */
export const MAX_PLACES = 4_000_000;

const SLICE = -0x80000000;

export class Journal {
  private at = new Int32Array(1 << 16);
  private threads = new Uint8Array(1 << 16);
  private depths = new Uint16Array(1 << 16);
  private times = new Float64Array(1 << 16);
  private count = 0;
  /** Position of the first place. */
  private first = 0;
  /** For each finding of the run, the last position before it. */
  readonly findings: number[] = [];

  /** Undefined if the run has more positions than the limit. */
  static of(player: Player): Journal | undefined {
    const journal = new Journal();
    const { machine } = player;
    let last = player.start;
    const found = (): void => {
      while (journal.findings.length < machine.progress.findings.length) journal.findings.push(last);
    };
    const complete = player.tour((passing) => {
      found();
      last = passing.position;
      journal.add(passing, machine.inside.now());
      return journal.count < MAX_PLACES;
    });
    found();
    return complete ? journal : undefined;
  }

  private add({ position, kind, thread, depth, at }: Passing, t: number): void {
    const { count } = this;
    if (count === 0) this.first = position;
    if (count === this.at.length) this.grow();
    this.at[count] = kind === "slice" ? SLICE : kind === "line" ? at : -1 - at;
    this.threads[count] = thread;
    this.depths[count] = depth;
    this.times[count] = t;
    this.count++;
  }

  private grow(): void {
    const longer = <A extends Int32Array | Uint8Array | Uint16Array | Float64Array>(old: A, made: A): A => {
      made.set(old);
      return made;
    };
    const size = 2 * this.at.length;
    this.at = longer(this.at, new Int32Array(size));
    this.threads = longer(this.threads, new Uint8Array(size));
    this.depths = longer(this.depths, new Uint16Array(size));
    this.times = longer(this.times, new Float64Array(size));
  }

  /** Positions of the first place, and of the run's end: one after the last place. */
  get begin(): number {
    return this.first;
  }
  get end(): number {
    return this.first + this.count;
  }

  place(position: number): Passing | undefined {
    const i = position - this.first;
    if (i < 0 || i >= this.count) return undefined;
    const at = this.at[i] ?? SLICE;
    return {
      position,
      kind: at === SLICE ? "slice" : at >= 0 ? "line" : "operation",
      thread: this.threads[i] ?? 0,
      depth: this.depths[i] ?? 0,
      at: at === SLICE ? -1 : at >= 0 ? at : -1 - at,
    };
  }

  /** Virtual ns at a place. */
  time(position: number): number {
    return this.times[Math.min(Math.max(position - this.first, 0), Math.max(0, this.count - 1))] ?? 0;
  }

  /** The first place at or after virtual time `t`, or the last place. */
  atTime(t: number): number {
    return Math.min(this.fromTime(t), this.end - 1);
  }

  /** The first place at or after virtual time `t`, or the run's end. */
  fromTime(t: number): number {
    return this.first + this.bisect((time) => time < t);
  }

  /** The first place after virtual time `t`, or the run's end. */
  afterTime(t: number): number {
    return this.first + this.bisect((time) => time <= t);
  }

  private bisect(earlier: (time: number) => boolean): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (earlier(this.times[middle] ?? 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The nearest place after (`step` 1) or before (-1) a position where `matches` holds. */
  find(from: number, step: 1 | -1, matches: (place: Passing) => boolean): number | undefined {
    for (let position = from + step; ; position += step) {
      const place = this.place(position);
      if (place === undefined) return undefined;
      if (matches(place)) return position;
    }
  }
}
