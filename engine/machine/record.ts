// The records of a run: frames, findings, spans and events. engine/review/result.ts adds what belongs to a review (the
// witness). Times are virtual ns since boot.

import type { FindingKind, FindingSeverity, ObjectKind } from "./bugs/index.js";

export interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** The engine's own code (a kernel service or an actor), not the tree's. */
  readonly provided?: boolean;
}

export interface StackEvent {
  readonly thread: number;
  readonly t: number;
  readonly stack: readonly Frame[];
}

export interface MachineFinding {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  /** One plain sentence. */
  readonly message: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly t: number;
  readonly thread: string;
  readonly access?: { readonly type: "read" | "write" | "free" | "call"; readonly size: number; readonly address: string; readonly text: string };
  readonly object?: { readonly kind: ObjectKind; readonly size: number; readonly offset: number };
  readonly allocated?: StackEvent;
  readonly freed?: StackEvent;
  /** Innermost frame first. */
  readonly stack: readonly Frame[];
  /** What must have happened before. */
  readonly condition?: string;
  /** Assumed functions that were reached before. */
  readonly assumed?: readonly string[];
  /** Number of occurrences in the run; this is the first. */
  readonly count: number;
}

/** Memory that was lost before the judged part of the run began. */
export interface Lost {
  readonly message: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly object: { readonly kind: ObjectKind; readonly size: number };
  readonly allocated: StackEvent;
}

export type TimelineEvent =
  | {
      readonly k: "hcall";
      readonly t: number;
      readonly thread: number;
      readonly name: string;
      readonly liobn: number;
      readonly index: number;
      readonly count: number;
      readonly rc: number;
      readonly site?: Frame;
    }
  | { readonly k: "rtas"; readonly t: number; readonly thread: number; readonly name: string; readonly liobn: number; readonly rc: number }
  | { readonly k: "map" | "unmap"; readonly t: number; readonly thread: number; readonly buffer: number; readonly dma: string }
  | { readonly k: "log"; readonly t: number; readonly thread: number; readonly level: number; readonly text: string; readonly site?: Frame }
  | { readonly k: "finding"; readonly t: number; readonly thread: number; readonly finding: number };

/** A stretch of a thread's lane: running, a phase, sleeping (with the function that sleeps), waiting for a lock. */
export interface Span {
  readonly thread: number;
  readonly start: number;
  readonly end: number;
  readonly kind: "phase" | "sleep" | "lock" | "run" | "dead";
  readonly name: string;
  readonly site?: Frame;
}

export interface Lane {
  readonly id: number;
  readonly name: string;
  readonly cpu: number;
}

/** One reading of the table, recorded at each change. `bits`: allocation bits in it_map. `site`: the line that changed it. */
export interface Occupancy {
  readonly t: number;
  readonly mapped: number;
  readonly bits: number;
  readonly site?: Frame;
}

export interface Timeline {
  readonly end: number;
  readonly lanes: readonly Lane[];
  readonly spans: readonly Span[];
  readonly events: readonly TimelineEvent[];
  /** Number of records dropped from a run with too many similar ones: successful hypercalls, maps, short spans, readings. */
  readonly thinned?: { readonly events: number; readonly spans: number; readonly occupancy: number };
}
