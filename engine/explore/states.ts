// The states that a search reached. An execution that reaches a known state ends there: what follows was explored or will
// be. What follows may depend on operations before the state and so require other orders on every path to it (Yang, Chen,
// Gopalakrishnan and Kirby, Efficient Stateful Dynamic Partial Order Reduction, SPIN 2008). So a state has each thread's
// future (futures.ts), updated along the links between states, and its arrivals: executions that ended there, examined
// again when a future has grown. Virtual time is part of a state and never decreases, so the links have no cycle.

import type { Execution, Path } from "./execution.js";
import { Footprints } from "./footprints.js";
import { type Future, Futures, type Sequence, type Step } from "./futures.js";

interface Link {
  readonly from: State;
  readonly to: State | undefined;
  readonly steps: readonly Step[];
  /** By thread, where an execution ended: the footprint of the operation that a preempted thread was about to execute. */
  readonly left: readonly (number | undefined)[];
}

export class State {
  /** By thread. */
  readonly futures: (Future | undefined)[] = [];
  readonly links: Link[] = [];
  readonly arrivals: Arrival[] = [];
  /** Threads that execute the first operation from here. */
  readonly firsts: number[] = [];
  dirty = false;

  constructor(
    /** Fewest preemptions with which it was reached; the exploration from here has what they leave of the bound. */
    public cost: number,
    /** The execution that reached it with so few and continued, and the number of operations it had executed. */
    public visitor: Execution,
    public at: number,
  ) {}

  /** An execution reached it with fewer preemptions, and continues. */
  visit(cost: number, visitor: Execution, at: number): void {
    this.cost = cost;
    this.visitor = visitor;
    this.at = at;
  }
}

/** An execution that ended at a known state. */
export interface Arrival {
  readonly execution: Execution;
  readonly at: number;
  /** By thread, `width` numbers each: for each thread its last operation that is ordered before this thread's next one. */
  readonly clocks: Int32Array;
  readonly width: number;
  /** By thread: the future that was examined last. */
  readonly seen: (Future | undefined)[];
  /** The number of the state's `firsts` that were examined. */
  firsts: number;
}

/** A state that an execution reached after `at` operations. */
export interface Mark {
  readonly at: number;
  readonly state: State;
}

/** The known state at which an execution ended, and which operation woke each thread that had not run since. */
export interface Ending {
  readonly state: State;
  readonly woken: readonly (readonly [thread: number, by: number])[];
}

/** The part of an execution between two states. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** For each thread that could not have run otherwise and has not run since: the operation that enabled it; -1: none. */
  readonly enabled: ReadonlyMap<number, number>;
  /** Operations that preempted threads were about to execute when the execution ended. */
  readonly left: readonly { readonly thread: number; readonly footprint: number }[];
  /** The operation that enabled operation `i`; -1: none. */
  after(i: number): number;
}

const NO_THREADS: Link["left"] = [];
/** Arrivals examined before the search gets a turn. */
const REVISITED_AT_ONCE = 200;

/** The last operation of thread `other` that is ordered before the next one of `thread`. */
function before({ clocks, width }: Arrival, thread: number, other: number): number {
  return other < width ? (clocks[thread * width + other] ?? -1) : -1;
}

export class States {
  readonly footprints = new Footprints();
  private readonly futures = new Futures(this.footprints);
  private readonly known = new Map<string, State>();
  private readonly marks = new Map<Execution, Mark[]>();
  private readonly endings = new Map<Execution, Ending>();
  private readonly dirty: State[] = [];
  private readonly linksOf = new Map<Sequence, Link[]>();
  /** By atom: the sequences that touch it. */
  private readonly sequencesOf: (Set<Sequence> | undefined)[] = [];
  /** Links to the end of an execution at which threads were preempted. */
  private readonly lastLinks: Link[] = [];
  /** By atom: the last operation that touched it, on the path being examined. */
  private lastTouch = new Int32Array(1024);
  private readonly clashes = new Set<string>();

  get size(): number {
    return this.known.size;
  }
  find(key: string): State | undefined {
    return this.known.get(key);
  }
  add(key: string, state: State): void {
    this.known.set(key, state);
  }

  /** Notes that an execution, after `at` operations, reached a state. */
  mark(execution: Execution, mark: Mark): void {
    const marks = this.marks.get(execution);
    if (marks === undefined) this.marks.set(execution, [mark]);
    else marks.push(mark);
  }
  /** The last state that an execution reached before or at operation `i`. */
  lastMark(execution: Execution, i: number): Mark | undefined {
    let most = i;
    for (const ancestor of execution.lineage()) {
      const mark = this.marks.get(ancestor)?.findLast((m) => m.at <= most);
      if (mark !== undefined) return mark;
      most = Math.min(most, ancestor.at);
    }
    return undefined;
  }
  /** Notes that an execution ended at a known state. */
  end(execution: Execution, ending: Ending): void {
    this.endings.set(execution, ending);
  }
  /** Undefined where the execution was run to its end. */
  endingOf(execution: Execution): Ending | undefined {
    return this.endings.get(execution);
  }

  /** An execution went from `from` by `segment` to `to`, or ended (undefined). */
  link(from: State, path: Pick<Path, "thread" | "footprint">, segment: Segment, to: State | undefined): void {
    if (segment.from < segment.to && !from.firsts.includes(path.thread(segment.from))) {
      from.firsts.push(path.thread(segment.from));
      this.markDirty(from);
    }
    const enabled = [...segment.enabled];
    for (let i = segment.from; i < segment.to; i++) if (segment.after(i) >= segment.from) enabled.push([path.thread(i), segment.after(i)]);
    const steps: Step[] = [];
    for (let i = segment.from, end = i; i < segment.to; i = end) {
      const thread = path.thread(i);
      const prints: number[] = [];
      for (; end < segment.to && path.thread(end) === thread; end++) prints.push(path.footprint(end));
      const sequence = this.futures.sequence(thread, prints);
      const enables = enabled.filter(([, by]) => by >= i && by < end);
      steps.push(enables.length === 0 ? sequence.alone : { sequence, enables: new Map(enables.map(([t, by]) => [t, by - i])) });
    }
    const left: (number | undefined)[] = [];
    for (const { thread, footprint } of segment.left) left[thread] = footprint;
    const link: Link = { from, to, steps, left: left.length === 0 ? NO_THREADS : left };
    to?.links.push(link);
    for (const { sequence } of steps) {
      let links = this.linksOf.get(sequence);
      if (links === undefined) {
        this.linksOf.set(sequence, (links = []));
        for (const print of new Set(sequence.footprints))
          for (const atom of this.footprints.atoms[print] ?? []) (this.sequencesOf[atom] ??= new Set()).add(sequence);
      }
      links.push(link);
    }
    this.propagate(this.outdatedLinks(), link);
  }

  /** Links with atoms that have conflicts only now. */
  private outdatedLinks(): Set<Link> {
    const outdated = new Set<Link>();
    const { late } = this.footprints;
    for (const atom of late) {
      for (const sequence of this.sequencesOf[atom] ?? []) {
        this.futures.forget(sequence);
        for (const link of this.linksOf.get(sequence) ?? []) outdated.add(link);
      }
    }
    // The operations that were pending at an execution's end are in no sequence.
    if (late.length > 0) for (const link of this.lastLinks) outdated.add(link);
    late.length = 0;
    return outdated;
  }

  private propagate(outdated: Set<Link>, fresh: Link): void {
    if (fresh.to === undefined && fresh.left.length > 0) this.lastLinks.push(fresh);
    const grown: State[] = [];
    for (const link of outdated.add(fresh)) if (this.grow(link)) grown.push(link.from);
    for (let state = grown.pop(); state !== undefined; state = grown.pop()) {
      this.markDirty(state);
      for (const link of state.links) if (this.grow(link)) grown.push(link.from);
    }
  }

  /** Joins what follows along a link into its first state's futures; true if one of them grew. */
  private grow({ from, to, steps, left }: Link): boolean {
    const { futures } = this;
    let grown = false;
    const threads = Math.max(to?.futures.length ?? 0, left.length, ...steps.map((s) => s.sequence.thread + 1));
    for (let thread = 0; thread < threads; thread++) {
      const print = left[thread];
      let future = print === undefined ? (to?.futures[thread] ?? futures.nothing) : futures.about(print);
      for (let i = steps.length - 1; i >= 0; i--) {
        const step = steps[i];
        if (step !== undefined) future = futures.before(step.sequence, step.enables, thread, future);
      }
      const known = from.futures[thread] ?? futures.nothing;
      const joined = futures.join(known, future);
      if (joined === known) continue;
      from.futures[thread] = joined;
      grown = true;
    }
    return grown;
  }

  arrive(state: State, arrival: Omit<Arrival, "seen" | "firsts">): void {
    state.arrivals.push({ ...arrival, seen: [], firsts: 0 });
    this.markDirty(state);
  }

  /** Queues its arrivals to be examined again. */
  private markDirty(state: State): void {
    if (state.arrivals.length === 0 || state.dirty) return;
    state.dirty = true;
    this.dirty.push(state);
  }

  /**
   * Examines arrivals at states whose futures have grown; false if there are more. `found`: thread `thread` is to be tried
   * before operation `at` of `execution`, which is an arrival or the state's visitor.
   */
  revisit(found: (execution: Execution, path: Path, at: number, thread: number) => void): boolean {
    let examined = 0;
    while (examined < REVISITED_AT_ONCE) {
      const state = this.dirty.pop();
      if (state === undefined) return true;
      state.dirty = false;
      examined += state.arrivals.length;
      for (const arrival of state.arrivals) this.examine(state, arrival, found);
    }
    return this.dirty.length === 0;
  }

  private examine(state: State, arrival: Arrival, found: (execution: Execution, path: Path, at: number, thread: number) => void): void {
    const { execution, at, seen } = arrival;
    const grown = [...state.futures.keys()].filter((thread) => state.futures[thread] !== undefined && seen[thread] !== state.futures[thread]);
    if (grown.length === 0 && arrival.firsts === state.firsts.length) return;
    const path = execution.path(at);
    const { atoms, conflicts, threads } = this.footprints;
    if (this.lastTouch.length < threads.length) this.lastTouch = new Int32Array(2 * threads.length);
    const { lastTouch } = this;
    lastTouch.fill(-1);
    for (let i = 0; i < at; i++) for (const atom of atoms[path.footprint(i)] ?? []) lastTouch[atom] = i;
    const hits = new Set<number>();
    for (const thread of grown) {
      const future = state.futures[thread];
      if (future === undefined) continue;
      seen[thread] = future;
      for (const atom of future.atoms.keys()) {
        for (const conflict of conflicts[atom] ?? []) {
          const index = lastTouch[conflict] ?? -1;
          const other = threads[conflict] ?? 0;
          if (index < 0 || index <= before(arrival, thread, other)) continue;
          if (!this.guarded(future, atom, other, index, arrival)) hits.add(index * 256 + thread);
        }
      }
    }
    for (const hit of hits) {
      const [first, thread] = [Math.floor(hit / 256), hit % 256];
      found(execution, path, first, thread);
      const start = path.block(first);
      if (start !== first) found(execution, path, start, thread);
    }
    arrival.firsts = state.firsts.length;
    // Blocks that begin before the state on this path, or at the state although the visitor's block began before it.
    const lastThread = at > 0 ? path.thread(at - 1) : 0;
    for (const first of state.firsts) {
      for (let thread = 0; thread < state.futures.length; thread++) {
        if (thread === first || !this.clash(state.futures[first], state.futures[thread])) continue;
        if (first === lastThread) found(execution, path, path.block(at - 1), thread);
        else {
          const { visitor } = state;
          const visited = visitor.path(visitor.length);
          if (state.at > 0 && state.at < visited.length && visited.thread(state.at - 1) === first) found(visitor, visited, state.at, thread);
        }
      }
    }
  }

  /** Whether operation `index` of thread `other` is ordered before something that certainly precedes the atom. */
  private guarded(future: Future, atom: number, other: number, index: number, arrival: Arrival): boolean {
    const { conflicts, threads } = this.footprints;
    const guards = this.futures.guards(future, atom);
    for (const thread of guards.threads) if (thread === other || before(arrival, thread, other) >= index) return true;
    for (const guard of guards.atoms) {
      for (const conflict of conflicts[guard] ?? []) {
        const last = this.lastTouch[conflict] ?? -1;
        if (last >= index && (threads[conflict] === other || (arrival.execution.clock(last)[other] ?? -1) >= index)) return true;
      }
    }
    return false;
  }

  /** Whether two futures touch the same bytes and one of them writes. */
  private clash(a: Future | undefined, b: Future | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    const key = a.id < b.id ? `${String(a.id)} ${String(b.id)}` : `${String(b.id)} ${String(a.id)}`;
    // Only a clash is kept: futures do not change, but atoms get more conflicts.
    if (this.clashes.has(key)) return true;
    let clash = false;
    for (const atom of a.atoms.keys()) if ((this.footprints.conflicts[atom] ?? []).some((other) => b.atoms.has(other))) clash = true;
    if (clash) this.clashes.add(key);
    return clash;
  }
}
