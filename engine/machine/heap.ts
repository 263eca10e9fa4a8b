// The kernel heap: bump allocation with redzones, never reused within a run, so that every use after free is detected.
// Records are immutable and replaced when an object is freed: a snapshot is a copy of the list.

import { STACKS_BASE } from "../c/emit/index.js";
import { POISON, poison, unpoison } from "./shadow.js";

/** Values of `kind` in __tcs_alloc. */
export const HEAP_SLAB = 0;
export const HEAP_VMALLOC = 1;
export const HEAP_PAGES = 2;
export const HEAP_PRIVATE = 3;

/** Thread, time, and call sites, innermost first (indices into Program.sites). */
export interface SiteEvent {
  readonly thread: number;
  readonly t: number;
  readonly sites: readonly number[];
}

export interface HeapObject {
  readonly base: number;
  readonly size: number;
  readonly kind: number;
  readonly allocated: SiteEvent;
  readonly freed: SiteEvent | undefined;
}

export interface HeapState {
  /** First offset not allocated yet. */
  top: number;
  /** In order of address. */
  objects: HeapObject[];
  /** Hash of the objects allocated and freed so far. */
  mark: number;
}

const SLAB_REDZONE = 32;
const VMALLOC_GUARD = 0x1000;

/** A sum, so that the order of allocations and frees does not matter; exact in a double. */
function marked(mark: number, base: number, size: number, what: number): number {
  let h = Math.imul(base ^ Math.imul(what + 1, 0x9e3779b1), 0x85ebca6b) ^ size;
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (mark + ((h ^ (h >>> 16)) >>> 0)) % 0x20000000000000;
}

/** Offset of a new object, or 0 when memory is exhausted. Its bytes are zero, because they were never used. */
export function allocate(heap: HeapState, memory: Uint8Array, size: number, align: number, kind: number, event: SiteEvent): number {
  const smallest = kind === HEAP_VMALLOC ? 0x1000 : 16;
  const alignment = Math.max(align, smallest);
  const base = Math.ceil(heap.top / alignment) * alignment;
  const guard = kind === HEAP_VMALLOC ? VMALLOC_GUARD : SLAB_REDZONE;
  const rounded = (size + 15) & ~15;
  if (size < 0 || size > STACKS_BASE || base + rounded + guard > STACKS_BASE) return 0;
  unpoison(memory, base, size);
  // The end of a partly used granule has its own code in the shadow; the redzone begins after it.
  const redzone = base + ((size + 7) & ~7);
  const reason = kind === HEAP_VMALLOC ? POISON.unallocated : POISON.slabRedzone;
  if (kind !== HEAP_PAGES) poison(memory, redzone, base + rounded + guard - redzone, reason);
  heap.top = base + rounded + (kind === HEAP_PAGES ? 0 : guard);
  heap.objects.push({ base, size, kind, allocated: event, freed: undefined });
  heap.mark = marked(heap.mark, base, size, kind);
  return base;
}

/** Marks a live object freed. */
export function release(heap: HeapState, memory: Uint8Array, index: number, event: SiteEvent): void {
  const object = heap.objects[index];
  if (object === undefined) return;
  heap.objects[index] = { ...object, freed: event };
  heap.mark = marked(heap.mark, object.base, object.size, 0x80 | object.kind);
  const reason = object.kind === HEAP_VMALLOC ? POISON.vmallocFreed : object.kind === HEAP_PAGES ? POISON.pageFreed : POISON.slabFreed;
  poison(memory, object.base, Math.max(object.size, 1), reason);
}

/** Contents of a freed slab object: its old values, slub's poison, or another object's values. */
export const SLAB_KEPT = 0;
export const SLAB_POISONED = 1;
export const SLAB_REUSED = 2;

/**
 * Writes the bytes that readers of a freed slab object will find. The contents of a reused object are unknown; here they
 * are zeros, small numbers and pointers, selected by `seed`.
 */
export function overwrite(memory: Uint8Array, object: HeapObject, mode: number, seed: number): void {
  const end = object.base + object.size;
  if (mode === SLAB_POISONED) {
    memory.fill(0x6b, object.base, end); // POISON_FREE, and POISON_END in the last byte (include/linux/poison.h)
    if (object.size > 0) memory[end - 1] = 0xa5;
    return;
  }
  if (mode !== SLAB_REUSED) return;
  let x = (seed ^ object.base) >>> 0;
  for (let at = object.base; at + 8 <= end; at += 8) {
    x = (Math.imul(x, 1664525) + 1013904223) >>> 0;
    memory.fill(0, at, at + 8);
    const pick = x >>> 30;
    if (pick === 1) memory[at] = x >>> 22;
    if (pick >= 2) memory.set([0, (x >>> 8) & 0xff, (x >>> 16) & 0xff, 3, 0, 0, 0, 0xc0], at);
  }
}

/** Index of the last object that begins at or before `address`; -1 if none does. */
export function objectAt(heap: HeapState, address: number): number {
  let low = 0;
  let high = heap.objects.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((heap.objects[middle]?.base ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
