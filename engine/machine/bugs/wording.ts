// Phrases that the messages of several bug classes share.

import type { FindingSeverity, HeapBlock, Suspicion } from "./bug-class.js";

export function bytes(count: number): string {
  return count === 1 ? "1 byte" : `${String(count)} bytes`;
}

export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** With its article. `state` is empty or, for instance, "freed ". */
export function nameOf(block: HeapBlock, state: "" | "freed " = ""): string {
  const article = state === "" && /^(?:8|1[18]$)/.test(String(block.size)) ? "an" : "a";
  const size = `${article} ${state}${String(block.size)}-byte`;
  switch (block.kind) {
    case "slab":
      return `${size} slab object`;
    case "vmalloc":
      return `${size} vmalloc area`;
    case "pages":
      return `${bytes(block.size)} of ${state}pages`;
    default:
      return `${size} object of the simulator`;
  }
}

/** ` (text)`, or nothing. */
function quoted(text: string): string {
  return text === "" ? "" : ` (${text})`;
}

/** `where` follows the size: "past the end of …". */
export function accessMessage({ verb, size, text }: Suspicion & { readonly k: "access" }, where: string): string {
  return `${verb === "read" ? "Read" : "Write"} of ${bytes(size)} ${where}${quoted(text)}.`;
}

export function callMessage({ text }: Suspicion & { readonly k: "call" }, what: string): string {
  return `Call ${what}${quoted(text)}.`;
}

/** Of a bad access to heap memory: only an unmapped vmalloc area faults, the linear mapping stays readable and writable. */
export function accessSeverity(block: HeapBlock): FindingSeverity {
  return block.kind === "vmalloc" ? "oops" : "silent";
}
