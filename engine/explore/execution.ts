// The executions that a search remembers. Each keeps only what it does not share with its parent, the execution it
// branched off from: a few numbers per operation. Must not depend on known states.

import { MAX_THREADS } from "../c/emit/index.js";
import type { Footprints } from "./footprints.js";
import type { Clock } from "./races.js";
import { type Node, type Offer, planBy, type Schedule } from "./schedule.js";

const FIELDS = 6;

/** The value chosen at a choice, and the operation during which the code requested it. */
export interface Answer {
  readonly at: number;
  readonly value: number;
}

/** Numbers for lists of offers: few of them differ. */
export class OfferTable {
  readonly lists: (readonly Offer[])[] = [];
  private readonly known = new Map<string, number>();
  idOf(offers: readonly Offer[]): number {
    let key = "";
    for (const { thread, cost } of offers) key += `${String(thread)}${cost > 0 ? "+" : "-"}`;
    let id = this.known.get(key);
    if (id === undefined) {
      this.known.set(key, (id = this.lists.length));
      this.lists.push(offers);
    }
    return id;
  }
}

export class Execution {
  /**
   * Per own operation: its thread and whether that was picked, footprint, offers, preemptions before it, the operation that
   * woke its thread, the CPU it gave up.
   */
  private readonly own: Int32Array;
  readonly answers: readonly Answer[];
  readonly length: number;
  /** Threads already scheduled as branches at own operations after `at`: operation * MAX_THREADS + thread. */
  private readonly attempts = new Set<number>();
  private cachedLineage: readonly Execution[] | undefined;
  /** Per own operation, `clockWidth` numbers: for each thread its last operation that is ordered before. */
  private clocks = new Int32Array(0);
  private clockWidth = 0;

  /** It leaves `parent` at `at`: with operation `at`, or, where `at` has a fraction, during it with another answer. */
  constructor(
    readonly number: number,
    readonly parent: Execution | undefined,
    readonly at: number,
    { operations, nodes, choices }: Schedule,
    footprints: Footprints,
    private readonly offerTable: OfferTable,
  ) {
    this.length = operations.length;
    const from = this.from;
    this.own = new Int32Array(FIELDS * Math.max(0, operations.length - from));
    for (let i = from; i < operations.length; i++) {
      const [op, node] = [operations[i], nodes[i]];
      if (op === undefined || node === undefined) continue;
      const fields = [
        op.thread * 2 + (node.picked ? 1 : 0),
        footprints.of(op),
        offerTable.idOf(node.offers),
        node.preemptions - node.cost,
        op.woken,
        op.leaves,
      ];
      this.own.set(fields, (i - from) * FIELDS);
    }
    this.answers = choices.map(({ at: where, value }) => ({ at: where, value }));
  }

  /** `clocks`: of its own operations. */
  setClocks(clocks: readonly Clock[]): void {
    this.clockWidth = clocks.reduce((most, c) => Math.max(most, c.length), 1);
    this.clocks = new Int32Array(this.clockWidth * clocks.length).fill(-1);
    clocks.forEach((clock, i) => {
      this.clocks.set(clock, i * this.clockWidth);
    });
  }
  /** For each thread its last operation that is ordered before operation `i`; -1 or missing: none. */
  clock(i: number): Clock {
    const owner = this.lineage().find((e) => i >= e.from) ?? this;
    const at = (i - owner.from) * owner.clockWidth;
    return owner.clocks.subarray(at, at + owner.clockWidth);
  }

  /** Itself, its parent, and so on up to the default schedule. */
  lineage(): readonly Execution[] {
    return (this.cachedLineage ??= [this, ...(this.parent?.lineage() ?? [])]);
  }

  /** Records a thread as a branch at an own operation after `at`; false if it is already, or executed the operation. */
  attempt(i: number, thread: number): boolean {
    if (thread === (this.own[(i - this.from) * FIELDS] ?? 0) >> 1) return false;
    const { size } = this.attempts;
    return this.attempts.add(i * MAX_THREADS + thread).size > size;
  }

  /** First own operation. */
  get from(): number {
    return Math.max(0, Math.floor(this.at));
  }

  /** The first `upTo` operations: its own and those of its ancestors. */
  path(upTo: number): Path {
    const all = new Int32Array(FIELDS * upTo);
    let end = upTo;
    for (const { from, own } of this.lineage()) {
      if (from >= end) continue;
      all.set(own.subarray(0, FIELDS * (end - from)), FIELDS * from);
      end = from;
    }
    return new Path(all, this.offerTable);
  }
  /** The execution that records the branches at operation `i`. */
  owner(i: number): Execution {
    return this.lineage().find((e) => i > e.at) ?? this;
  }
}

/** A prefix of an execution. */
export class Path {
  constructor(
    private readonly all: Int32Array,
    private readonly offerTable: OfferTable,
  ) {}
  /** Number of operations. */
  get length(): number {
    return this.all.length / FIELDS;
  }
  thread(i: number): number {
    return (this.all[i * FIELDS] ?? 0) >> 1;
  }
  footprint(i: number): number {
    return this.all[i * FIELDS + 1] ?? 0;
  }
  /** The operation that woke or created the thread of operation `i`; -1: none. */
  woken(i: number): number {
    return this.all[i * FIELDS + 4] ?? -1;
  }
  /** The CPU that operation `i` gave up; -1: none. */
  leaves(i: number): number {
    return this.all[i * FIELDS + 5] ?? -1;
  }
  /** The threads that could have executed operation `i`, and the preemptions before it. */
  node(i: number): Pick<Node, "offers" | "preemptions"> {
    return { offers: this.offerTable.lists[this.all[i * FIELDS + 2] ?? -1] ?? [], preemptions: this.all[i * FIELDS + 3] ?? 0 };
  }
  /** The start of the block, a run of operations of one thread, that operation `i` belongs to. */
  block(i: number): number {
    const thread = this.thread(i);
    let start = i;
    while (start > 0 && this.thread(start - 1) === thread) start--;
    return start;
  }
  /** Switches before operation `upTo`, and the thread wherever one was picked. */
  plan(upTo: number): Map<number, number> {
    return planBy(
      upTo,
      (i) => this.thread(i),
      (i) => ((this.all[i * FIELDS] ?? 0) & 1) === 1,
    );
  }
}
