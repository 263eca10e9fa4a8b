// From translation units and roots to one Program: symbols resolved, data placed, unused code left out.
// Must not know WebAssembly.

export { link } from "./link.js";
export type { LinkUnit } from "./reuse.js";
