// Where a bad access points: from an address to the object at or near it. Queries the shadow, the heap, the globals and
// the frames on the stacks; must not judge.

import { ALLOCA_LEFT, ALLOCA_RIGHT, STACKS_BASE } from "../c/emit/index.js";
import { DATA_BASE, kernelName, MEMORY_SIZE, NULL_GUARD, TAG_LINEAR, TAG_MASK } from "../c/ir/index.js";
import type { AccessTarget, HeapBlock, ObjectKind } from "./bugs/index.js";
import type { Core } from "./core.js";
import { HEAP_PAGES, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, objectAt } from "./heap.js";
import type { MachineFinding } from "./record.js";
import { POISON, shadowReason } from "./shadow.js";
import { stackPlace } from "./stack-frames.js";

/** An access this far past an object still counts as out of its bounds; further away it is wild. */
const NEAR = 0x1000;

export interface Location {
  readonly target: AccessTarget;
  readonly object?: MachineFinding["object"];
  readonly heapObject?: HeapObject;
}

/** Of an access to `size` bytes at a 64-bit address, by the code at `site`. */
export function locate(core: Core, full: bigint, size: number, site: number): Location {
  if (full < BigInt(NULL_GUARD)) return { target: { k: "null", offset: Number(full) } };
  const upper = Number(full >> 32n);
  const offset = Number(full & 0xffffffffn);
  // Bitwise operators return signed 32-bit numbers: the result is converted back to unsigned.
  const mapped = (upper & TAG_MASK) >>> 0 === TAG_LINEAR && offset >= DATA_BASE && offset + size <= MEMORY_SIZE;
  if (!mapped) return { target: { k: "unmapped" } };
  if (offset >= STACKS_BASE) return onStack(core, offset, site, shadowReason(core.bytes, offset, size));
  if (offset < core.program.dataEnd) return betweenGlobals(core, offset);
  return onHeap(core, offset, size);
}

function betweenGlobals(core: Core, offset: number): Location {
  const global = core.program.globals.findLast(({ addr }) => addr <= offset);
  if (global === undefined) return { target: { k: "global", name: undefined, past: 0 }, object: { kind: "global", size: 0, offset: 0 } };
  const { name, addr, size } = global;
  return {
    target: { k: "global", name, past: Math.max(0, offset - addr - size) },
    object: { kind: "global", size, offset: offset - addr },
  };
}

function onStack(core: Core, at: number, site: number, reason: number): Location {
  const somewhere = { kind: "stack", size: 0, offset: 0 } as const;
  if (reason === POISON.stackEnded) return { target: { k: "ended-stack" }, object: somewhere };
  if (reason === ALLOCA_LEFT) return { target: { k: "vla", side: "before" }, object: somewhere };
  if (reason === ALLOCA_RIGHT) return { target: { k: "vla", side: "past" }, object: somewhere };
  const place = stackPlace(core, at, site);
  if (place === undefined) return { target: { k: "stack", variable: undefined }, object: somewhere };
  const { fn, offset } = place;
  const { name, size } = place.variable;
  return { target: { k: "stack", variable: { name, fn: kernelName(fn.name), size, offset } }, object: { kind: "stack", size, offset } };
}

function onHeap(core: Core, offset: number, size: number): Location {
  const { heap } = core.state;
  const index = objectAt(heap, offset);
  const object = heap.objects[index];
  const next = heap.objects[index + 1];
  if (object !== undefined && offset < object.base + Math.max(object.size, 1)) {
    return heapLocation({ k: "inside", block: blockOf(object), offset: offset - object.base }, object, offset);
  }
  if (next !== undefined && offset + size > next.base - 8) {
    return heapLocation({ k: "before", block: blockOf(next), distance: next.base - offset }, next, offset);
  }
  if (object !== undefined && offset < object.base + object.size + NEAR) {
    return heapLocation({ k: "past", block: blockOf(object), distance: offset - object.base - object.size }, object, offset);
  }
  return { target: { k: "unallocated" } };
}

function heapLocation(target: AccessTarget, heapObject: HeapObject, at: number): Location {
  return { target, heapObject, object: objectFacts(heapObject, at - heapObject.base) };
}

/** A heap object as a finding shows it; `offset` is where it was hit. */
export function objectFacts(object: HeapObject, offset: number): { readonly kind: ObjectKind; readonly size: number; readonly offset: number } {
  return { kind: kindOf(object), size: object.size, offset };
}

/** A heap object as the bug classes see it. */
export function blockOf(object: HeapObject): HeapBlock {
  return { kind: kindOf(object), size: object.size, freed: object.freed !== undefined };
}

function kindOf(object: HeapObject): ObjectKind {
  switch (object.kind) {
    case HEAP_SLAB:
      return "slab";
    case HEAP_VMALLOC:
      return "vmalloc";
    case HEAP_PAGES:
      return "pages";
    default:
      return "unknown";
  }
}
