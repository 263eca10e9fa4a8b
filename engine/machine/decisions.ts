// All nondeterminism: which thread runs, when it is preempted, and choices that the code requests. A source makes these three
// kinds of decisions; 0 is always the default, and a decision string lists only the other values. Sources must not know the
// program or the machine.

import { Random } from "../base/index.js";

export interface ThreadChoice {
  readonly id: number;
  readonly name: string;
  readonly cpu: number;
  readonly daemon: boolean;
  /** It was preempted. */
  readonly preempted: boolean;
  /** It sleeps until this virtual time (ns), which may be past. */
  readonly wakes?: number;
  /** That time is in the future: choosing the thread stalls the CPUs of the runnable threads until then. */
  readonly later?: boolean;
}

export interface DecisionSource {
  /**
   * Which of two or more threads runs next. 0, the default: the current thread, else the first on the lowest CPU. In
   * preemptible builds the list ends with sleepers: a hypervisor may hold the other CPUs for a while.
   */
  pickThread(runnable: readonly ThreadChoice[]): number;
  /** A choice 0 .. n-1 that the simulated code requests, n > 1. */
  choose(what: string, n: number): number;
  /** 1 + the visible operations after which the dispatched thread is preempted; 0, the default: never. Preemptible builds only. */
  budget(thread: ThreadChoice): number;
  /** The source's own state, for a snapshot; `restore` returns to it. */
  save(): readonly number[];
  restore(saved: readonly number[]): void;
}

export const enum DecisionKind {
  Pick = 0,
  Choose = 1,
  Budget = 2,
}

/** The `at`-th decision of its kind (from 0) was not the default. */
export interface Deviation {
  readonly kind: DecisionKind;
  readonly at: number;
  readonly value: number;
}

// ---- the string ------------------------------------------------------------------------------------------------------

const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"; // Crockford's base 32: no i, l, o, u

/** Base 32, each number in groups of 4 bits, lowest first, the fifth bit set in all groups but the last. */
function encodeNumber(value: number): string {
  let text = "";
  let rest = value;
  do {
    const low = rest % 16;
    rest = Math.floor(rest / 16);
    text += DIGITS[rest > 0 ? low + 16 : low] ?? "";
  } while (rest > 0);
  return text;
}

/** Per deviation: 4 * (how many decisions of its kind after the last deviation of that kind) + kind, then the value. */
export function encodeDecisions(deviations: readonly Deviation[]): string {
  const next = [0, 0, 0];
  let text = "";
  for (const { kind, at, value } of deviations) {
    text += encodeNumber((at - (next[kind] ?? 0)) * 4 + kind) + encodeNumber(value);
    next[kind] = at + 1;
  }
  return text;
}

/** The deviations of a decision string; undefined if the text is not a decision string. */
export function decodeDecisions(text: string): readonly Deviation[] | undefined {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const digit of text) {
    const digitValue = DIGITS.indexOf(digit);
    if (digitValue < 0 || scale > 2 ** 48) return undefined;
    value += (digitValue % 16) * scale;
    scale *= 16;
    if (digitValue < 16) {
      numbers.push(value);
      value = 0;
      scale = 1;
    }
  }
  if (scale !== 1 || numbers.length % 2 !== 0) return undefined;
  const next = [0, 0, 0];
  const deviations: Deviation[] = [];
  for (let i = 0; i < numbers.length; i += 2) {
    const head = numbers[i] ?? 0;
    const kind = head % 4;
    if (kind > 2) return undefined;
    const at = (next[kind] ?? 0) + Math.floor(head / 4);
    next[kind] = at + 1;
    deviations.push({ kind, at, value: numbers[i + 1] ?? 0 });
  }
  return deviations;
}

// ---- sources -----------------------------------------------------------------------------------------------------------

/** Replays a list of deviations; every other decision is the default. */
export function replay(deviations: readonly Deviation[]): DecisionSource {
  return new Replay(deviations);
}

class Replay implements DecisionSource {
  private readonly answers: readonly ReadonlyMap<number, number>[];
  private readonly asked = [0, 0, 0];

  constructor(deviations: readonly Deviation[]) {
    this.answers = [0, 1, 2].map((kind) => new Map(deviations.filter((d) => (d.kind as number) === kind).map((d) => [d.at, d.value])));
  }
  private next(kind: DecisionKind, n: number): number {
    const at = this.asked[kind] ?? 0;
    this.asked[kind] = at + 1;
    const value = this.answers[kind]?.get(at) ?? 0;
    // In another program the choice may not exist.
    return value < n ? value : 0;
  }
  pickThread(runnable: readonly ThreadChoice[]): number {
    return this.next(DecisionKind.Pick, runnable.length);
  }
  choose(_what: string, n: number): number {
    return this.next(DecisionKind.Choose, n);
  }
  budget(): number {
    return this.next(DecisionKind.Budget, Infinity);
  }
  save(): readonly number[] {
    return [...this.asked];
  }
  restore(saved: readonly number[]): void {
    saved.forEach((value, i) => (this.asked[i] = value));
  }
}

/** Pseudorandom decisions, equal on all platforms for equal seeds. */
export class SeededRandom implements DecisionSource {
  private readonly random: Random;

  /** `every`: visible operations between preemptions on average; Infinity for none. */
  constructor(
    seed: number,
    private readonly every = 1000,
  ) {
    this.random = new Random(seed);
  }
  pickThread(runnable: readonly ThreadChoice[]): number {
    return this.random.below(runnable.length);
  }
  choose(_what: string, n: number): number {
    return this.random.below(n);
  }
  budget(): number {
    return Number.isFinite(this.every) ? 1 + this.random.below(2 * this.every) : 0;
  }
  save(): readonly number[] {
    return [this.random.save()];
  }
  restore(saved: readonly number[]): void {
    this.random.restore(saved[0] ?? 1);
  }
}
