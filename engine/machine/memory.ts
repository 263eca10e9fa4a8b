// A pool of linear memories, each some 80 MB of address space: the next machine reuses a released memory, because unused
// memories would put pressure on the garbage collector. The releasing machine must clear it.

import { TOTAL_PAGES } from "../c/emit/index.js";

let spare: WebAssembly.Memory | undefined;

/** All zero, except parts of the call-site and save stacks, which are written before they are read. */
export function takeMemory(): WebAssembly.Memory {
  const memory = spare ?? new WebAssembly.Memory({ initial: TOTAL_PAGES, maximum: TOTAL_PAGES });
  spare = undefined;
  return memory;
}

/** `memory` must be as takeMemory returns it, and no machine may use it any more. */
export function releaseMemory(memory: WebAssembly.Memory): void {
  spare = memory;
}
