// What operations touch, as small numbers: an atom is "this thread reads (or writes) these bytes" or "takes this CPU", a
// footprint is all atoms of one operation at one place of the source. Atoms of different threads conflict where operations
// depend on each other (races.ts). Interned, since a search sees the same ones over and over.

import type { Operation } from "./schedule.js";

const GRANULE = 8;
/** A range of more granules than this is compared with every atom. */
const WIDE = 8;

export type Shape = Pick<Operation, "thread" | "takes" | "k" | "site" | "kind" | "reported" | "plain" | "ranges">;

export class Footprints {
  /** By atom: its thread. */
  readonly threads: number[] = [];
  /** By atom: atoms of other threads that conflict with it. Grows with each new atom. */
  readonly conflicts: number[][] = [];
  /** By footprint: its atoms, and the operation without what depends on the execution. */
  readonly atoms: (readonly number[])[] = [];
  readonly operations: Shape[] = [];
  /** Known atoms that got their first conflict; the consumer empties the list. */
  readonly late: number[] = [];
  private readonly bits: bigint[] = [];
  private readonly threadBits: (bigint | undefined)[] = [];
  /** What each bit stands for. */
  private readonly meanings: { readonly atom: number | undefined; readonly thread: number | undefined }[] = [];
  private readonly ranges: { readonly from: number; readonly to: number; readonly write: boolean }[] = [];
  private readonly known = new Map<string, number>();
  private readonly prints = new Map<string, number>();
  /** By granule: its atoms that are not wide. */
  private readonly cells = new Map<number, number[]>();
  private readonly wide: number[] = [];

  private nextBit(atom: number | undefined, thread: number | undefined): bigint {
    this.meanings.push({ atom, thread });
    return 1n << BigInt(this.meanings.length - 1);
  }
  /** An atom's bit; 0 while it has no conflict. */
  bit(atom: number): bigint {
    return this.bits[atom] ?? 0n;
  }
  threadBit(thread: number): bigint {
    return (this.threadBits[thread] ??= this.nextBit(undefined, thread));
  }
  /** The atoms and threads that the bits stand for. */
  list(bits: bigint): { readonly atoms: readonly number[]; readonly threads: readonly number[] } {
    const atoms: number[] = [];
    const threads: number[] = [];
    const text = bits.toString(2);
    for (let i = 0; i < text.length; i++) {
      if (text[text.length - 1 - i] !== "1") continue;
      const meaning = this.meanings[i];
      if (meaning?.atom !== undefined) atoms.push(meaning.atom);
      if (meaning?.thread !== undefined) threads.push(meaning.thread);
    }
    return { atoms, threads };
  }

  /** The footprint of a completed operation. */
  of(op: Operation): number {
    let key = `${String(op.thread)} ${String(op.takes)} ${op.k} ${String(op.site)} ${String(op.kind)} ${String(op.reported)}${op.plain ? "p" : ""}`;
    for (const { at, size, write } of op.ranges) key += ` ${String(at)}${write ? "w" : "r"}${String(size)}`;
    const known = this.prints.get(key);
    if (known !== undefined) return known;
    const atoms = op.ranges.map(({ at, size, write }) => this.atom(op.thread, Math.floor(at / GRANULE), Math.floor((at + size - 1) / GRANULE), write));
    // A CPU is a granule that no address has.
    if (op.takes >= 0) atoms.push(this.atom(op.thread, -1 - op.takes, -1 - op.takes, true));
    const id = this.atoms.length;
    this.atoms.push([...new Set(atoms)]);
    const { thread, takes, k, site, kind, reported, plain } = op;
    this.operations.push({ thread, takes, k, site, kind, reported, plain, ranges: [...op.ranges] });
    this.prints.set(key, id);
    return id;
  }

  private atom(thread: number, from: number, to: number, write: boolean): number {
    const key = `${String(thread)} ${String(from)} ${String(to)}${write ? "w" : "r"}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const id = this.threads.length;
    this.known.set(key, id);
    this.threads.push(thread);
    this.bits.push(0n);
    this.ranges.push({ from, to, write });
    const conflicts: number[] = [];
    this.conflicts.push(conflicts);
    const meet = (other: number): void => {
      const range = this.ranges[other];
      if (range === undefined || this.threads[other] === thread || !(write || range.write) || range.to < from || range.from > to) return;
      if (conflicts.includes(other)) return;
      conflicts.push(other);
      this.conflicts[other]?.push(id);
      for (const atom of [id, other]) {
        if (this.bits[atom] !== 0n) continue;
        this.bits[atom] = this.nextBit(atom, undefined);
        if (atom === other) this.late.push(other);
      }
    };
    if (to - from > WIDE) {
      for (let other = 0; other < id; other++) meet(other);
      this.wide.push(id);
      return id;
    }
    for (const other of this.wide) meet(other);
    for (let g = from; g <= to; g++) {
      const cell = this.cells.get(g);
      if (cell === undefined) this.cells.set(g, [id]);
      else {
        for (const other of cell) meet(other);
        cell.push(id);
      }
    }
    return id;
  }
}
