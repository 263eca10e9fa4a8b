// Shadow memory: one byte for 8 bytes of kernel memory. 0: accessible; 1..7: only the first n bytes are; from 0x80:
// inaccessible, with the reason. The encodings are KASAN's (mm/kasan/kasan.h). In memory each byte is XORed with
// SHADOW_FRESH; only this file and the emitted checks may depend on that.

import { SHADOW_FRESH } from "../c/emit/index.js";
import { SHADOW_BASE } from "../c/ir/index.js";

export const POISON = {
  pageFreed: 0xff,
  slabRedzone: 0xfc,
  /** Between globals. */
  globalRedzone: 0xf9,
  slabFreed: 0xfb,
  /** Never allocated, and the guard after a vmalloc area. */
  unallocated: SHADOW_FRESH,
  vmallocFreed: 0xf7,
  /** The stack of a thread that has ended; compiled code writes the redzones in frames of live threads. */
  stackEnded: 0xf6,
} as const;

/** Makes `size` bytes from `start` (a multiple of 8) accessible; the rest of the last 8 bytes is not. */
export function unpoison(memory: Uint8Array, start: number, size: number): void {
  const first = SHADOW_BASE + (start >>> 3);
  memory.fill(SHADOW_FRESH, first, first + (size >>> 3));
  if ((size & 7) !== 0) memory[first + (size >>> 3)] = (size & 7) ^ SHADOW_FRESH;
}

/** Makes the granules that hold `size` bytes from `start` (a multiple of 8) inaccessible. */
export function poison(memory: Uint8Array, start: number, size: number, reason: number): void {
  const first = SHADOW_BASE + (start >>> 3);
  memory.fill(reason ^ SHADOW_FRESH, first, first + ((size + 7) >>> 3));
}

function shadowByte(memory: Uint8Array, granule: number): number {
  return (memory[SHADOW_BASE + granule] ?? 0) ^ SHADOW_FRESH;
}

/** Shadow byte of the first granule from `address` on, within `size` bytes, that forbids the access. */
export function shadowReason(memory: Uint8Array, address: number, size: number): number {
  for (let granule = address >>> 3; granule <= (address + Math.max(size, 1) - 1) >>> 3; granule++) {
    const shadow = shadowByte(memory, granule);
    if (shadow >= 0x80) return shadow;
    if (shadow !== 0) {
      // The inaccessible part of a granule has the reason of the next granule.
      const next = shadowByte(memory, granule + 1);
      const end = Math.min(address + size, (granule + 1) * 8);
      if (end - granule * 8 > shadow) return next >= 0x80 ? next : POISON.slabRedzone;
    }
  }
  return 0;
}
