// What the kernel build system would supply: configuration, generated headers, preprocessor options per file.
// Must not know C beyond the names of headers and macros.

export type { Hz, KernelConfig } from "./config.js";
export { kernelTree } from "./translation-unit.js";
