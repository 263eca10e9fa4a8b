// States that a search came to, and what may happen from each of them on, over all that was explored there. Where an
// execution comes to a known state it need not go on: whatever follows was explored, or will be. But what follows may
// depend on operations before that state, on every way that leads there, and so ask for other orders on each of them
// (Yang, Chen, Gopalakrishnan and Kirby, Efficient Stateful Dynamic Partial Order Reduction, SPIN 2008). So each state
// has for each thread its future (futures.ts), kept up to date along the links between states, and the arrivals: ways
// that ended there, which are looked at again when the future has grown. Virtual time is part of a state and never
// goes back, so the links have no cycle.

import { Footprints } from "./footprints.js";
import { type Future, Futures, type Sequence, type Step } from "./futures.js";
import type { Path, Tried } from "./tried.js";

interface Link {
  readonly from: State;
  readonly to: State | undefined;
  readonly steps: readonly Step[];
  /** By thread: what those that were preempted at the end were about to do, where an execution ended. */
  readonly left: readonly (number | undefined)[];
}

export class State {
  /** By thread. */
  readonly futures: (Future | undefined)[] = [];
  readonly links: Link[] = [];
  readonly arrivals: Arrival[] = [];
  /** Threads that go first from here on. */
  readonly firsts: number[] = [];
  dirty = false;

  constructor(
    /** Fewest preemptions with which it was met: what is explored from here on is what they leave. */
    public cost: number,
    /** Who came here with so few and went on, and when. */
    public visitor: Tried,
    public at: number,
  ) {}

  /** Somebody came here with fewer preemptions, and goes on. */
  visit(cost: number, visitor: Tried, at: number): void {
    this.cost = cost;
    this.visitor = visitor;
    this.at = at;
  }
}

/** A way that ended at a known state. */
export interface Arrival {
  readonly tried: Tried;
  readonly at: number;
  /** By thread, `width` numbers each: for each thread the last operation of the way that is ordered before its next one. */
  readonly clocks: Int32Array;
  readonly width: number;
  /** By thread: the future that was looked at. */
  readonly seen: (Future | undefined)[];
  /** How many threads were known to go first from there on. */
  firsts: number;
}

/** What a segment of an execution is to a link: for each operation its thread, footprint and who enabled it. */
export interface Segment {
  readonly from: number;
  readonly to: number;
  /** Operation that enabled each thread which has not gone on since, where it has to; -1: none. */
  readonly enabled: ReadonlyMap<number, number>;
  /** Footprints of what preempted threads were about to do when the execution ended. */
  readonly left: readonly { readonly thread: number; readonly footprint: number }[];
  after(i: number): number;
}

const NOBODY: Link["left"] = [];
/** Ways looked at before somebody else may do something. */
const LOOKS = 200;

/** The last operation of thread `whose` that is ordered before the next one of `thread`. */
function before({ clocks, width }: Arrival, thread: number, whose: number): number {
  return whose < width ? (clocks[thread * width + whose] ?? -1) : -1;
}

export class States {
  readonly footprints = new Footprints();
  private readonly futures = new Futures(this.footprints);
  private readonly known = new Map<string, State>();
  private readonly dirty: State[] = [];
  /** Links that go through a sequence, sequences with an atom, and links to ends. */
  private readonly users = new Map<Sequence, Link[]>();
  private readonly holders: (Set<Sequence> | undefined)[] = [];
  private readonly ends: Link[] = [];
  private last = new Int32Array(1024);
  private readonly clash = new Map<string, boolean>();

  get size(): number {
    return this.known.size;
  }
  find(key: string): State | undefined {
    return this.known.get(key);
  }
  add(key: string, state: State): void {
    this.known.set(key, state);
  }

  /** From `from` on an execution went on by `segment` and came to `to`, or ended. */
  link(from: State, path: Pick<Path, "thread" | "footprint">, segment: Segment, to: State | undefined): void {
    if (segment.from < segment.to && !from.firsts.includes(path.thread(segment.from))) {
      from.firsts.push(path.thread(segment.from));
      this.mark(from);
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
    const link: Link = { from, to, steps, left: left.length === 0 ? NOBODY : left };
    to?.links.push(link);
    for (const { sequence } of steps) {
      let users = this.users.get(sequence);
      if (users === undefined) {
        this.users.set(sequence, (users = []));
        for (const print of new Set(sequence.footprints))
          for (const atom of this.footprints.atoms[print] ?? []) (this.holders[atom] ??= new Set()).add(sequence);
      }
      users.push(link);
    }
    this.spread(this.takeLate(), link);
  }

  /** Links with atoms that conflict with others only now. */
  private takeLate(): Set<Link> {
    const again = new Set<Link>();
    const { late } = this.footprints;
    for (const atom of late) {
      for (const sequence of this.holders[atom] ?? []) {
        this.futures.forget(sequence);
        for (const link of this.users.get(sequence) ?? []) again.add(link);
      }
    }
    // What the ends of executions were about to do is looked up by its footprint.
    if (late.length > 0) for (const link of this.ends) again.add(link);
    late.length = 0;
    return again;
  }

  private spread(again: Set<Link>, fresh: Link): void {
    if (fresh.to === undefined && fresh.left.length > 0) this.ends.push(fresh);
    const grown: State[] = [];
    for (const link of again.add(fresh)) if (this.grow(link)) grown.push(link.from);
    for (let state = grown.pop(); state !== undefined; state = grown.pop()) {
      this.mark(state);
      for (const link of state.links) if (this.grow(link)) grown.push(link.from);
    }
  }

  /** Takes in what follows on a link; true if that is more than was known. */
  private grow({ from, to, steps, left }: Link): boolean {
    const { futures } = this;
    let wider = false;
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
      wider = true;
    }
    return wider;
  }

  arrive(state: State, arrival: Omit<Arrival, "seen" | "firsts">): void {
    state.arrivals.push({ ...arrival, seen: [], firsts: 0 });
    this.mark(state);
  }

  /** Its arrivals are to be looked at again. */
  private mark(state: State): void {
    if (state.arrivals.length === 0 || state.dirty) return;
    state.dirty = true;
    this.dirty.push(state);
  }

  /**
   * Looks at ways that ended at states whose futures have grown; false if there are more. `found`: before operation `at`
   * of the way (or of the state's first visitor) thread `thread` is to be tried.
   */
  revisit(found: (tried: Tried, path: Path, at: number, thread: number) => void): boolean {
    let looks = 0;
    while (looks < LOOKS) {
      const state = this.dirty.pop();
      if (state === undefined) return true;
      state.dirty = false;
      looks += state.arrivals.length;
      for (const arrival of state.arrivals) this.look(state, arrival, found);
    }
    return this.dirty.length === 0;
  }

  private look(state: State, arrival: Arrival, found: (tried: Tried, path: Path, at: number, thread: number) => void): void {
    const { tried, at, seen } = arrival;
    const grown = [...state.futures.keys()].filter((thread) => state.futures[thread] !== undefined && seen[thread] !== state.futures[thread]);
    if (grown.length === 0 && arrival.firsts === state.firsts.length) return;
    const path = tried.path(at);
    const { atoms, conflicts, threads } = this.footprints;
    if (this.last.length < threads.length) this.last = new Int32Array(2 * threads.length);
    const { last } = this;
    last.fill(-1);
    for (let i = 0; i < at; i++) for (const atom of atoms[path.footprint(i)] ?? []) last[atom] = i;
    const hits = new Set<number>();
    for (const thread of grown) {
      const future = state.futures[thread];
      if (future === undefined) continue;
      seen[thread] = future;
      for (const atom of future.atoms.keys()) {
        for (const other of conflicts[atom] ?? []) {
          const index = last[other] ?? -1;
          const whose = threads[other] ?? 0;
          if (index < 0 || index <= before(arrival, thread, whose)) continue;
          if (!this.guarded(future, atom, whose, index, arrival)) hits.add(index * 256 + thread);
        }
      }
    }
    for (const hit of hits) {
      const [first, thread] = [Math.floor(hit / 256), hit % 256];
      found(tried, path, first, thread);
      const start = path.block(first);
      if (start !== first) found(tried, path, start, thread);
    }
    arrival.firsts = state.firsts.length;
    // Blocks that begin before the state on this way, or at it though the first visitor's began before it.
    const lastThread = at > 0 ? path.thread(at - 1) : 0;
    for (const first of state.firsts) {
      for (let thread = 0; thread < state.futures.length; thread++) {
        if (thread === first || !this.clashes(state.futures[first], state.futures[thread])) continue;
        if (first === lastThread) found(tried, path, path.block(at - 1), thread);
        else {
          const { visitor } = state;
          const way = visitor.path(visitor.length);
          if (state.at > 0 && state.at < way.length && way.thread(state.at - 1) === first) found(visitor, way, state.at, thread);
        }
      }
    }
  }

  /** Whether operation `index` of thread `whose` is before something that is surely before the atom. */
  private guarded(future: Future, atom: number, whose: number, index: number, arrival: Arrival): boolean {
    const { conflicts, threads } = this.footprints;
    const guards = this.futures.guards(future, atom);
    for (const thread of guards.threads) if (thread === whose || before(arrival, thread, whose) >= index) return true;
    for (const guard of guards.atoms) {
      for (const other of conflicts[guard] ?? []) {
        const last = this.last[other] ?? -1;
        if (last >= index && (threads[other] === whose || (arrival.tried.clock(last)[whose] ?? -1) >= index)) return true;
      }
    }
    return false;
  }

  /** Whether two futures touch the same bytes, one of them writing. */
  private clashes(a: Future | undefined, b: Future | undefined): boolean {
    if (a === undefined || b === undefined) return false;
    const key = a.id < b.id ? `${String(a.id)} ${String(b.id)}` : `${String(b.id)} ${String(a.id)}`;
    const known = this.clash.get(key);
    // Atoms get more conflicts, futures do not change: what clashed does.
    if (known === true) return true;
    let clashes = false;
    for (const atom of a.atoms.keys()) if ((this.footprints.conflicts[atom] ?? []).some((other) => b.atoms.has(other))) clashes = true;
    if (clashes) this.clash.set(key, true);
    return clashes;
  }
}
