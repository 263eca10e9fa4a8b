// The machine that C is compiled for, as far as compiler, linker and machine must agree: powerpc64le data
// layout (LP64, little-endian, natural alignment) and the map of linear memory.
//
// A kernel address has 64 bits. Its upper 32 bits select the region as on powerpc64 with the radix MMU, its lower 32 bits
// are the offset in linear memory, so logs show addresses as a kernel developer expects them.

/** Upper halves of valid data addresses. `upper & TAG_MASK` equals TAG_LINEAR for each of them. */
export const TAG_LINEAR = 0xc0000000; // linear mapping: globals, stacks, slab objects, pages
export const TAG_VMALLOC = 0xc0080000; // vmalloc area
export const TAG_VMEMMAP = 0xc00c0000; // struct page array
export const TAG_MASK = 0xfff3ffff;

/** No lower address is valid: a null pointer with a smaller offset faults. */
export const NULL_GUARD = 0x10000;
/** The machine's own cells (scheduler, result of an intrinsic, call-stack pointer), not accessible to C. */
export const CONTROL_BASE = 0x10000;
export const CONTROL_SIZE = 0x10000;
/** First byte of the image of globals. */
export const DATA_BASE = 0x100000;
/** Size of addressable kernel memory in bytes; an offset at or past it faults. The shadow follows it. */
export const MEMORY_SIZE = 0x4000000; // 64 MiB
/** One shadow byte for 8 bytes: 0 accessible, 1..7 only the first k bytes, >= 0x80 a reason (see machine/shadow.ts). */
export const SHADOW_BASE = MEMORY_SIZE;
export const SHADOW_SIZE = MEMORY_SIZE / 8;
/** Function n has the address TAG_LINEAR:TEXT_BASE + 16 * n; data accesses to it fault (past MEMORY_SIZE). */
export const TEXT_BASE = 0x40000000;
export const TEXT_STRIDE = 16;
