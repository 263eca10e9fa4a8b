// Searches over schedules (algorithms.ts), and what an execution shows about races, locks and timing.
// Must not depend on which tree runs, or on what a verdict is.

export type { AlgorithmOptions } from "./algorithm.js";
export { type AlgorithmName, algorithms, isAlgorithm } from "./algorithms.js";
export { dataRaces } from "./data-races.js";
export { keyOf } from "./finding-key.js";
export { lockInversions } from "./lock-order.js";
export { minimise } from "./minimise.js";
export { Recorder, type Recording } from "./recording.js";
export type { Operation } from "./schedule.js";
export { Executor, type Found, type SearchBounds, type SearchResult, STALL_NS, tracedBuild } from "./search.js";
export { type Story, storyOf, type Switch, switchesOf } from "./story.js";
export { longestSurvived } from "./timing.js";
