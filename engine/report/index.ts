// Results as text.
// Must not compute results.

export { hunkTableText, reviewText } from "./text.js";
