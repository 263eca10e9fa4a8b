// The debug adapter for recorded runs, and hovers on DMA tables.
// Must not know the compiler: it talks to the engine by messages.

export { DebugValues } from "./debug-values.js";
export { RunDebugger } from "./debug.js";
export { TableHovers } from "./table-hovers.js";
