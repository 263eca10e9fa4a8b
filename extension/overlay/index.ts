// What a review shows on source lines: decorations, hovers, code lenses.
// Must not start a review.

export { FunctionLenses } from "./codelens.js";
export { FindingHovers } from "./hovers.js";
export { Overlay } from "./overlay.js";
