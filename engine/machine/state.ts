// Everything that can change during a run and does not live in linear memory: one value that a snapshot copies.
// Records inside the lists are immutable; threads are the one exception and are copied one by one.

import type { Deviation } from "./decisions.js";
import type { HeapState } from "./heap.js";
import type { MachineFinding, Occupancy, Span, TimelineEvent } from "./record.js";
import type { Threads } from "./threads.js";

/** A named span of a thread that has not ended. */
export interface OpenPhase {
  readonly thread: number;
  readonly name: string;
  readonly start: number;
}

/** Thinning of numerous similar records: every `stride`-th is kept. `left`: number of dropped records. */
export interface Thinning {
  stride: number;
  seen: number;
  kept: number;
  left: number;
}

export interface TraceState {
  events: TimelineEvent[];
  spans: Span[];
  phases: OpenPhase[];
  occupancy: Occupancy[];
  thinEvents: Thinning;
  thinSpans: Thinning;
  thinOccupancy: Thinning;
  /** dmesg lines with time stamps. */
  log: string[];
  mapped: number;
  bits: number;
  peak: number;
  detachStart: number;
  detachEnd: number;
  mappedAtDetach: number;
  /** Running hash of all events. */
  hash1: number;
  hash2: number;
}

/** Why a run is over. */
export type RunEnd =
  | { readonly k: "finished" }
  | { readonly k: "panic"; readonly message: string }
  | { readonly k: "cannot"; readonly message: string; readonly file: string; readonly line: number; readonly function: string }
  | { readonly k: "cancelled" };

/** An unfinished slice whose thread is stopped for the debugger (debug build). */
export interface OpenSlice {
  readonly thread: number;
  /** The rest of its budget of visible operations. */
  readonly limit: number;
  /** Virtual ns at which it began. */
  readonly start: number;
  /** The thread was stopped in the middle of the slice; otherwise the slice has not been entered yet. */
  readonly entered: boolean;
}

export interface RunState {
  threads: Threads;
  heap: HeapState;
  /** Virtual ns, without the running slice's counts, which are in the module's globals. */
  clock: number;
  /** Visible operations, also without the running slice's. */
  ops: number;
  /** Virtual time of the last update of jiffies. */
  jiffiesTime: number;
  /** How often the fuel of loops ran out. */
  refuels: number;
  slices: number;
  slice: OpenSlice | undefined;
  trace: TraceState;
  findings: MachineFinding[];
  /** Site and kind of each finding, to count repetitions. */
  findingKeys: string[];
  oopses: number;
  /** Bases of objects that were unreachable when the judged part of the run began. */
  lost: readonly number[];
  /** How often a thread was preempted. */
  preemptions: number;
  /** Indices into the order of Program.assumed, in order of the first call. */
  assumed: number[];
  /** Number of decisions so far, by kind, and those that were not the default. */
  asked: number[];
  deviations: Deviation[];
  end: RunEnd | undefined;
}

function all(): Thinning {
  return { stride: 1, seen: 0, kept: 0, left: 0 };
}

export function freshState(cpus: number, heapTop: number): RunState {
  return {
    threads: { list: [], owner: Array.from({ length: cpus }, () => 0), current: 0, sequence: 0 },
    heap: { top: heapTop, objects: [], mark: 0 },
    clock: 0,
    ops: 0,
    jiffiesTime: -1,
    refuels: 0,
    slices: 0,
    slice: undefined,
    trace: {
      events: [],
      spans: [],
      phases: [],
      occupancy: [],
      thinEvents: all(),
      thinSpans: all(),
      thinOccupancy: all(),
      log: [],
      mapped: 0,
      bits: 0,
      peak: 0,
      detachStart: -1,
      detachEnd: -1,
      mappedAtDetach: 0,
      hash1: 0x811c9dc5,
      hash2: 0x9e3779b9,
    },
    findings: [],
    findingKeys: [],
    oopses: 0,
    lost: [],
    preemptions: 0,
    assumed: [],
    asked: [0, 0, 0],
    deviations: [],
    end: undefined,
  };
}

export function copyState(state: RunState): RunState {
  const { trace } = state;
  return {
    ...state,
    threads: { ...state.threads, list: state.threads.list.map((thread) => ({ ...thread })), owner: [...state.threads.owner] },
    heap: { ...state.heap, objects: [...state.heap.objects] },
    trace: {
      ...trace,
      events: [...trace.events],
      spans: [...trace.spans],
      phases: [...trace.phases],
      occupancy: [...trace.occupancy],
      thinEvents: { ...trace.thinEvents },
      thinSpans: { ...trace.thinSpans },
      thinOccupancy: { ...trace.thinOccupancy },
      log: [...trace.log],
    },
    findings: [...state.findings],
    findingKeys: [...state.findingKeys],
    assumed: [...state.assumed],
    asked: [...state.asked],
    deviations: [...state.deviations],
  };
}

/** Folds a number into the running hash (two lanes of a multiplicative hash; not cryptographic). */
export function hashNumber(trace: TraceState, value: number): void {
  const low = value | 0;
  const high = Math.floor(value / 0x100000000) | 0;
  trace.hash1 = Math.imul(trace.hash1 ^ low, 0x01000193) ^ high;
  trace.hash2 = Math.imul((trace.hash2 << 5) ^ (trace.hash2 >>> 27) ^ low ^ Math.imul(high, 31), 0x85ebca6b);
}

export function hashText(trace: TraceState, text: string): void {
  for (let i = 0; i < text.length; i++) {
    trace.hash1 = Math.imul(trace.hash1 ^ text.charCodeAt(i), 0x01000193);
    trace.hash2 = Math.imul(trace.hash2 ^ (trace.hash2 >>> 15) ^ text.charCodeAt(i), 0x85ebca6b);
  }
}

export function hashOf(trace: TraceState): string {
  return (trace.hash1 >>> 0).toString(16).padStart(8, "0") + (trace.hash2 >>> 0).toString(16).padStart(8, "0");
}
