// A thread's future from a state, over all that was explored from there: each atom that the thread may touch, and what is
// certainly ordered before that atom on every path. Futures form a lattice: a join only grows (more atoms, fewer guards).
// Interned, and computed once. Contains only atoms that conflict with another thread's; an atom that gets its first
// conflict later is added then.

import type { Footprints } from "./footprints.js";

export interface Future {
  readonly id: number;
  /** Atom -> bits of what is certainly before it: atoms, and threads that did anything before it. */
  readonly atoms: ReadonlyMap<number, bigint>;
  /** The same as lists, built on first use. */
  readonly lists: Map<number, Guards>;
}

export interface Guards {
  readonly atoms: readonly number[];
  readonly threads: readonly number[];
}

/** Consecutive operations of one thread. */
export interface Sequence {
  readonly thread: number;
  readonly footprints: readonly number[];
  /** Bits of the atoms up to each operation, and of those that conflict with each operation. */
  upTo: bigint[];
  against: bigint[];
  /** Results of `Futures.before`, by the future that follows and the threads that are enabled. */
  readonly before: Map<string, Future>;
  /** The step that enables no thread. */
  readonly alone: Step;
}

/** Consecutive operations of one thread between two states, and the threads that they enabled. */
export interface Step {
  readonly sequence: Sequence;
  readonly enables: Enables;
}

/** Threads that an operation of a sequence enables: thread -> index in the sequence. */
export type Enables = ReadonlyMap<number, number>;

export class Futures {
  private readonly known = new Map<string, Future>();
  private readonly joined = new Map<number, Map<number, Future>>();
  private readonly sequences = new Map<string, Sequence>();
  readonly nothing: Future;

  constructor(private readonly footprints: Footprints) {
    this.nothing = this.intern(new Map());
  }

  private intern(atoms: ReadonlyMap<number, bigint>): Future {
    let key = "";
    for (const [atom, before] of [...atoms].sort((a, b) => a[0] - b[0])) key += `${String(atom)}:${before.toString(36)} `;
    let future = this.known.get(key);
    if (future === undefined) this.known.set(key, (future = { id: this.known.size, atoms, lists: new Map() }));
    return future;
  }

  get size(): number {
    return this.known.size;
  }

  /** What may happen if either may. */
  join(a: Future, b: Future): Future {
    if (a === b || b === this.nothing) return a;
    if (a === this.nothing) return b;
    const [low, high] = a.id < b.id ? [a, b] : [b, a];
    let row = this.joined.get(low.id);
    if (row === undefined) this.joined.set(low.id, (row = new Map<number, Future>()));
    const known = row.get(high.id);
    if (known !== undefined) return known;
    const atoms = new Map(low.atoms);
    for (const [atom, before] of high.atoms) {
      const other = atoms.get(atom);
      atoms.set(atom, other === undefined ? before : before & other);
    }
    const future = this.intern(atoms);
    row.set(high.id, future);
    return future;
  }

  sequence(thread: number, footprints: readonly number[]): Sequence {
    const key = footprints.join(" ");
    const known = this.sequences.get(key);
    if (known !== undefined) return known;
    const sequence: Sequence = {
      thread,
      footprints,
      upTo: [],
      against: [],
      before: new Map(),
      get alone() {
        return alone;
      },
    };
    const alone: Step = { sequence, enables: new Map() };
    this.sequences.set(key, sequence);
    return sequence;
  }

  /** Drops what was computed for a sequence: some of its atoms have conflicts only now. */
  forget(sequence: Sequence): void {
    sequence.before.clear();
    sequence.upTo = [];
    sequence.against = [];
  }

  /** The future of a thread that is about to execute an operation with this footprint. */
  about(footprint: number): Future {
    const atoms = new Map<number, bigint>();
    for (const atom of this.footprints.atoms[footprint] ?? []) if (this.footprints.bit(atom) !== 0n) atoms.set(atom, 0n);
    return this.intern(atoms);
  }

  /** What thread `thread` may do if `sequence` is executed first and `future` follows. */
  before(sequence: Sequence, enables: Enables, thread: number, future: Future): Future {
    const own = sequence.thread === thread;
    if (!own && future === this.nothing) return future;
    let key = own ? `o${String(future.id)}` : String(future.id);
    for (const [t, i] of enables) key += ` ${String(t)}:${String(i)}`;
    const known = sequence.before.get(key);
    if (known !== undefined) return known;
    const { footprints } = this;
    if (sequence.upTo.length === 0) {
      let done = footprints.threadBit(sequence.thread);
      for (const print of sequence.footprints) {
        let against = 0n;
        for (const atom of footprints.atoms[print] ?? []) {
          done |= footprints.bit(atom);
          for (const other of footprints.conflicts[atom] ?? []) against |= footprints.bit(other);
        }
        sequence.upTo.push(done);
        sequence.against.push(against);
      }
    }
    const { upTo, against } = sequence;
    const end = upTo.length - 1;
    const atoms = new Map<number, bigint>();
    if (own) {
      let done = 0n;
      sequence.footprints.forEach((print, i) => {
        for (const atom of footprints.atoms[print] ?? []) if (footprints.bit(atom) !== 0n && !atoms.has(atom)) atoms.set(atom, done);
        done = upTo[i] ?? done;
      });
    }
    const self = footprints.threadBit(sequence.thread);
    for (const [atom, before] of future.atoms) {
      if (atoms.has(atom)) continue;
      let last = -1;
      if (own || (before & self) !== 0n) last = end;
      else {
        for (const [t, i] of enables) if (i > last && (t === thread || (before & footprints.threadBit(t)) !== 0n)) last = i;
        const either = before | footprints.bit(atom);
        for (let i = end; i > last; i--) if (((against[i] ?? 0n) & either) !== 0n) last = i;
      }
      atoms.set(atom, last < 0 ? before : before | (upTo[last] ?? 0n));
    }
    const result = this.intern(atoms);
    sequence.before.set(key, result);
    return result;
  }

  /** What is certainly before an atom of a future. */
  guards(future: Future, atom: number): Guards {
    const known = future.lists.get(atom);
    if (known !== undefined) return known;
    const guards = this.footprints.list(future.atoms.get(atom) ?? 0n);
    future.lists.set(atom, guards);
    return guards;
  }
}
