// Detection of unreachable memory, as in kmemleak: traversal from globals, stacks of live threads and the world's own memory
// along pointers to any byte of an object. Only memory allocated by the tree counts.

import { SAVE_SIZE, SAVES_BASE, STACK_SIZE, STACKS_BASE } from "../c/emit/index.js";
import { DATA_BASE, TAG_LINEAR, TAG_MASK } from "../c/ir/index.js";
import type { Core } from "./core.js";
import { HEAP_PRIVATE, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, objectAt } from "./heap.js";

/** Unreachable live slab and vmalloc objects of the tree. Pointers in the `size` bytes at `skip` do not count. */
export function unreachable(core: Core, skip: number, size: number): readonly HeapObject[] {
  const { heap, threads } = core.state;
  const { objects } = heap;
  const candidates = new Set<number>();
  const roots: (readonly [from: number, to: number])[] = [];
  objects.forEach((object, i) => {
    if (object.freed !== undefined) return;
    if (object.kind === HEAP_PRIVATE) roots.push([object.base, object.base + object.size]);
    else if ((object.kind === HEAP_SLAB || object.kind === HEAP_VMALLOC) && core.treeSite(object.allocated.sites) >= 0) candidates.add(i);
  });
  if (candidates.size === 0) return [];
  roots.push([DATA_BASE, core.program.dataEnd]);
  for (const { id, state, sp, ss } of threads.list) {
    if (state !== "ready" && state !== "blocked") continue;
    roots.push([sp & ~7, STACKS_BASE + (id + 1) * STACK_SIZE], [SAVES_BASE + id * SAVE_SIZE, ss]);
  }
  const visit = (from: number, to: number): void => {
    for (let at = (from + 7) & ~7; at + 8 <= to; at += 8) {
      if (at === skip) at += size & ~7;
      // The upper half distinguishes a pointer.
      if ((core.view.getUint32(at + 4, true) & TAG_MASK) >>> 0 !== TAG_LINEAR) continue;
      const address = core.view.getUint32(at, true);
      const index = objectAt(heap, address);
      const object = objects[index];
      if (object === undefined || address >= object.base + object.size || !candidates.delete(index)) continue;
      roots.push([object.base, object.base + object.size]);
    }
  };
  for (let root = roots.pop(); root !== undefined && candidates.size > 0; root = roots.pop()) visit(...root);
  return [...candidates].flatMap((i) => objects[i] ?? []);
}
