// The debugger of recorded runs: sessions, the debug adapter, inline values, and hovers on DMA tables.
// Must not depend on the compiler: it exchanges messages with the engine.

export { reportNoRun, RunDebugger } from "./run-debugger.js";
export { TableHovers } from "./table-hovers.js";
export { DebugValues } from "./values.js";
