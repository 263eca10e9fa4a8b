// From typed syntax trees to the IR, and from initializers to the bytes of static data.
// Must not know WebAssembly.

export type { LowerContext } from "./function-builder.js";
export { Lowering } from "./lower.js";
export { type AddressTarget, staticImage, type StaticImage } from "./static-data.js";
export { signature } from "./value-types.js";
