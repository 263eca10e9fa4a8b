// Explain Oops: from a log in the editor to a run.
// Must not read the log itself: the engine does.

export { ExplainOops } from "./explain-oops.js";
