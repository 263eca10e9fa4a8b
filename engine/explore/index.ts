// Searches over schedules, one algorithm per file, and what an execution shows about races, locks and timing.
// Must not know which tree runs, or what a verdict is.

export { dataRaces } from "./data-races.js";
export { exhaustive } from "./exhaustive.js";
export { keyOf } from "./finding-key.js";
export { lockInversions } from "./lock-order.js";
export { minimise } from "./minimise.js";
export { pct } from "./pct.js";
export { randomSearch } from "./random.js";
export { Recorder, type Recording } from "./recording.js";
export type { Operation } from "./schedule.js";
export { Executor, type Found, type SearchBounds, type SearchResult, STALL_NS, tracedBuild } from "./search.js";
export { type Story, storyOf, type Switch, switchesOf } from "./story.js";
export { longestSurvived } from "./timing.js";
