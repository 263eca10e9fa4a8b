// The simulated machine that compiled C runs on: memory, threads, clock, scheduler, faults, log, snapshots.
// Must not know the kernel, a device or a scenario.

export { Core, type Effect, hex64, type HostCall, type RunOptions, RunOver, type StopPlace, type VisibleOperation } from "./core.js";
export { type DecisionSource, decodeDecisions, type Deviation, encodeDecisions, replay, SeededRandom, type ThreadChoice } from "./decisions.js";
export { HEAP_PAGES, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, objectAt, type SiteEvent } from "./heap.js";
export { type CompiledProgram, compileProgram, Machine, runMachine } from "./machine.js";
export type { RunOutcome } from "./outcome.js";
export type { Frame, Lane, Lost, MachineFinding, Occupancy, Span, StackEvent, Timeline, TimelineEvent } from "./record.js";
export { shadowReason } from "./shadow.js";
export type { Snapshot } from "./snapshot.js";
export { type Thread, threadById } from "./threads.js";
