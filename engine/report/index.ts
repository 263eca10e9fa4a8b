// Results in the formats of the command line.
// Must not compute results.

export type { ReportFormat } from "./format.js";
export { formats } from "./formats.js";
export { hunkTableText, textFormat } from "./text.js";
