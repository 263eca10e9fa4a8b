// Executions that were run, as a search remembers them: of each only what it does not share with the one that it leaves,
// a few numbers an operation.

import { MAX_THREADS } from "../c/emit/index.js";
import type { Footprints } from "./footprints.js";
import type { Clock } from "./races.js";
import type { State } from "./states.js";
import { type Node, type Offer, planBy, type Schedule } from "./schedule.js";

const FIELDS = 6;

/** An answer that an execution gave, and in the middle of which operation. */
export interface Answer {
  readonly at: number;
  readonly value: number;
}

/** A state that an execution came to when so many operations were executed. */
export interface Mark {
  readonly at: number;
  readonly state: State;
}

/** Offers are few different ones. */
export class OfferNames {
  readonly offers: (readonly Offer[])[] = [];
  private readonly known = new Map<string, number>();
  of(offers: readonly Offer[]): number {
    let key = "";
    for (const { thread, cost } of offers) key += `${String(thread)}${cost > 0 ? "+" : "-"}`;
    let id = this.known.get(key);
    if (id === undefined) {
      this.known.set(key, (id = this.offers.length));
      this.offers.push(offers);
    }
    return id;
  }
}

export class Tried {
  /** Per own operation: thread and whether it was picked, footprint, offers, preemptions before it, who woke its thread, the CPU it gave back. */
  private readonly own: Int32Array;
  readonly answers: readonly Answer[];
  readonly length: number;
  readonly marks: Mark[] = [];
  /** The known state at which it ended, if it did, and who was woken by which operation and had not gone on. */
  ended: { readonly state: State; readonly woken: readonly (readonly [thread: number, by: number])[] } | undefined;
  /** Threads that were tried at own operations behind `at`: operation * MAX_THREADS + thread. */
  private readonly tries = new Set<number>();

  /** It leaves `parent` at `at`: with operation `at`, or (a half more) in its middle with another answer. */
  constructor(
    readonly number: number,
    readonly parent: Tried | undefined,
    readonly at: number,
    { operations, nodes, choices }: Schedule,
    footprints: Footprints,
    private readonly names: OfferNames,
  ) {
    this.length = operations.length;
    const from = this.from;
    this.own = new Int32Array(FIELDS * Math.max(0, operations.length - from));
    for (let i = from; i < operations.length; i++) {
      const [op, node] = [operations[i], nodes[i]];
      if (op === undefined || node === undefined) continue;
      const fields = [op.thread * 2 + (node.picked ? 1 : 0), footprints.of(op), names.of(node.offers), node.preemptions - node.cost, op.woken, op.leaves];
      this.own.set(fields, (i - from) * FIELDS);
    }
    this.answers = choices.map(({ at: where, value }) => ({ at: where, value }));
  }

  /** By own operation, for each thread the last operation that is ordered before it; `width` numbers each. */
  private clocks = new Int32Array(0);
  private width = 0;

  /** `clocks`: of its own operations. */
  setClocks(clocks: readonly Clock[]): void {
    this.width = clocks.reduce((most, c) => Math.max(most, c.length), 1);
    this.clocks = new Int32Array(this.width * clocks.length).fill(-1);
    clocks.forEach((clock, i) => {
      this.clocks.set(clock, i * this.width);
    });
  }
  /** For each thread the last operation that is ordered before operation `i`; -1 or missing: none. */
  clock(i: number): Clock {
    const owner = this.line().find((t) => i >= t.from) ?? this;
    const at = (i - owner.from) * owner.width;
    return owner.clocks.subarray(at, at + owner.width);
  }

  /** Itself, the execution that it leaves, and so on to the default schedule. */
  private line(): readonly Tried[] {
    return (this.ancestors ??= [this, ...(this.parent?.line() ?? [])]);
  }
  private ancestors: readonly Tried[] | undefined;

  /** Notes that a thread is tried at an own operation behind `at`; false where it was already, or is its own way. */
  attempt(i: number, thread: number): boolean {
    if (thread === (this.own[(i - this.from) * FIELDS] ?? 0) >> 1) return false;
    const { size } = this.tries;
    return this.tries.add(i * MAX_THREADS + thread).size > size;
  }

  /** First operation that is its own. */
  get from(): number {
    return Math.max(0, Math.floor(this.at));
  }

  /** The first `upTo` operations, its own and those of the executions that it leaves. */
  path(upTo: number): Path {
    const all = new Int32Array(FIELDS * upTo);
    let end = upTo;
    for (const { from, own } of this.line()) {
      if (from >= end) continue;
      all.set(own.subarray(0, FIELDS * (end - from)), FIELDS * from);
      end = from;
    }
    return new Path(all, this.names);
  }
  /** Who tries threads at operation `i`. */
  owner(i: number): Tried {
    return this.line().find((t) => i > t.at) ?? this;
  }
  /** The state that it came to last before operation `i` or right there. */
  markBefore(i: number): Mark | undefined {
    let most = i;
    for (const { marks, at } of this.line()) {
      const mark = marks.findLast((m) => m.at <= most);
      if (mark !== undefined) return mark;
      most = Math.min(most, at);
    }
    return undefined;
  }
}

/** A beginning of an execution. */
export class Path {
  constructor(
    private readonly all: Int32Array,
    private readonly names: OfferNames,
  ) {}
  /** Operations. */
  get length(): number {
    return this.all.length / FIELDS;
  }
  thread(i: number): number {
    return (this.all[i * FIELDS] ?? 0) >> 1;
  }
  footprint(i: number): number {
    return this.all[i * FIELDS + 1] ?? 0;
  }
  /** The operation that woke or created the thread of operation `i` for it; -1: none. */
  woken(i: number): number {
    return this.all[i * FIELDS + 4] ?? -1;
  }
  /** The CPU that operation `i` gave back; -1: none. */
  leaves(i: number): number {
    return this.all[i * FIELDS + 5] ?? -1;
  }
  /** Who could have executed operation `i`, and the preemptions before it. */
  node(i: number): Pick<Node, "offers" | "preemptions"> {
    return { offers: this.names.offers[this.all[i * FIELDS + 2] ?? -1] ?? [], preemptions: this.all[i * FIELDS + 3] ?? 0 };
  }
  /** The beginning of the block of operations of one thread that operation `i` belongs to. */
  block(i: number): number {
    const thread = this.thread(i);
    let start = i;
    while (start > 0 && this.thread(start - 1) === thread) start--;
    return start;
  }
  /** Switches before operation `upTo`, and who was picked wherever somebody was. */
  plan(upTo: number): Map<number, number> {
    return planBy(
      upTo,
      (i) => this.thread(i),
      (i) => ((this.all[i * FIELDS] ?? 0) & 1) === 1,
    );
  }
}
