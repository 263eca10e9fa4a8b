// Linear memories, each some 80 MB of address space: one that a machine gave back serves the next machine, since the
// collector would otherwise be driven by memories that are long unused. Whoever gives one back has cleared it.

import { TOTAL_PAGES } from "../c/emit/index.js";

let spare: WebAssembly.Memory | undefined;

/** All zero, but for parts of the stacks of calls and of saved frames that are written before they are read. */
export function takeMemory(): WebAssembly.Memory {
  const memory = spare ?? new WebAssembly.Memory({ initial: TOTAL_PAGES, maximum: TOTAL_PAGES });
  spare = undefined;
  return memory;
}

/** `memory` must be as takeMemory promises, and no machine may use it any more. */
export function giveBack(memory: WebAssembly.Memory): void {
  spare = memory;
}
