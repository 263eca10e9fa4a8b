// Explain Oops: the text of a kernel log, and the report about it.
// Must not read the log itself: the engine does.

export { pickLog, readLog, title } from "./kernel-log.js";
export { ExplanationReport } from "./report.js";
