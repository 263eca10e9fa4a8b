// The part of a KASAN report that shows memory: the page, and the shadow around the bad address in the kernel's form, digitValue
// rows of 128 bytes. It only reads the machine's shadow.

import { SHADOW_BASE, TAG_LINEAR, TAG_VMALLOC } from "../c/ir/index.js";
import { SHADOW_FRESH } from "../c/emit/index.js";
import { hex64 } from "./core.js";
import { POISON } from "./shadow.js";

const GRANULE = 8n;
const ROW = 128n;
/** Rows before and after the row of the address. */
const AROUND = 2;
const PAGE_SHIFT = 16n;
/** KASAN_VMALLOC_INVALID and KASAN_PAGE_FREE of mm/kasan/kasan.h. */
const VMALLOC_INVALID = 0xf8;
const PAGE_FREE = 0xff;

/** The shadow byte that a KASAN kernel would have. */
function kernelByte(shadow: number, vmalloc: boolean): number {
  if (shadow === POISON.vmallocFreed) return VMALLOC_INVALID;
  return shadow === POISON.unallocated ? (vmalloc ? VMALLOC_INVALID : PAGE_FREE) : shadow;
}

/** Lines about the page of a linear address; none for a vmalloc area, whose pages are not contiguous. */
export function pageLines(address: bigint): readonly string[] {
  if (address >> 32n !== BigInt(TAG_LINEAR)) return [];
  const pfn = (address & 0xffffffffn) >> PAGE_SHIFT;
  return ["The buggy address belongs to the physical page:", `page: pfn:0x${pfn.toString(16)}`, "page dumped because: kasan: bad access detected", ""];
}

/** The shadow around `address`, from the machine's memory. */
export function memoryState(memory: Uint8Array, address: bigint): readonly string[] {
  const vmalloc = address >> 32n === BigInt(TAG_VMALLOC);
  const middle = address - (address % ROW);
  const lines = ["Memory state around the buggy address:"];
  for (let row = -AROUND; row <= AROUND; row++) {
    const start = middle + BigInt(row) * ROW;
    if (start >> 32n !== address >> 32n) continue;
    const first = SHADOW_BASE + Number((start & 0xffffffffn) / GRANULE);
    const bytes = Array.from({ length: Number(ROW / GRANULE) }, (_, i) =>
      kernelByte((memory[first + i] ?? 0) ^ SHADOW_FRESH, vmalloc)
        .toString(16)
        .padStart(2, "0"),
    );
    lines.push(`${row === 0 ? ">" : " "}${hex64(start)}: ${bytes.join(" ")}`);
    // The kernel's column: mark, address, colon and space, then three characters for each byte.
    if (row === 0) lines.push(`${" ".repeat(3 + 16 + Number((address - start) / GRANULE) * 3)}^`);
  }
  return lines;
}
