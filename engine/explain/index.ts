// From a pasted kernel log to the run that shows the same oops.
// Must not know how results are shown.

export { explain } from "./explain.js";
export type { Attempt, ExplainedFrame, ExplainedReport, Explanation, Match, Reproduction } from "./explanation.js";
export { explanationText } from "./text.js";
