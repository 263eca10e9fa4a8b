// The result of a review, as the command line writes it and the editor shows it: schema "tcescope/1".
// All times are virtual nanoseconds since the machine's boot. Paths are relative to the tree's root.

export const SCHEMA = "tcescope/1";

export interface Frame {
  readonly function: string;
  readonly file: string;
  readonly line: number;
  /** Own code of the engine (a kernel service or an actor), not the tree's. */
  readonly provided?: boolean;
}

export interface HunkResult {
  readonly file: string;
  /** The line `@@ -a,b +c,d @@ …`. */
  readonly header: string;
  readonly status: "applied" | "offset" | "fuzz" | "already-applied" | "failed";
  /** First line of the hunk in the tree's file (1-based); of the nearest place when it failed. */
  readonly line: number;
  readonly offset?: number;
  readonly fuzz?: number;
  /** For a failed hunk: what differs at the nearest place. */
  readonly detail?: string;
}

export interface PatchResult {
  readonly subject: string;
  readonly from: string;
  readonly date?: string;
  readonly version?: string;
  readonly repairs: readonly string[];
  readonly hunks: readonly HunkResult[];
}

export type FindingKind =
  | "use-after-free"
  | "out-of-bounds"
  | "null-dereference"
  | "wild-access"
  | "double-free"
  | "invalid-free"
  | "failed-hypercall"
  | "bug"
  | "warn"
  | "panic"
  | "refcount"
  | "locking"
  | "leak"
  | "hang";

export interface Event {
  readonly thread: number;
  readonly t: number;
  readonly stack: readonly Frame[];
}

export interface Finding {
  readonly kind: FindingKind;
  /** oops: the kernel dies or the thread does. silent: wrong, and a production kernel says nothing. warning: it is logged. */
  readonly severity: "oops" | "silent" | "warning";
  /** One plain sentence. */
  readonly message: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
  readonly t: number;
  readonly thread: string;
  readonly access?: { readonly type: "read" | "write" | "free" | "call"; readonly size: number; readonly address: string; readonly text: string };
  readonly object?: { readonly kind: "slab" | "vmalloc" | "pages" | "global" | "stack" | "unknown"; readonly size: number; readonly offset: number };
  readonly allocated?: Event;
  readonly freed?: Event;
  /** Innermost frame first. */
  readonly stack: readonly Frame[];
  /** What it takes, in words. */
  readonly condition?: string;
  /** Assumed functions on the path. */
  readonly assumed?: readonly string[];
  readonly witness: string;
  /** How often it was seen in the run (the first is shown). */
  readonly count: number;
}

export interface Covered {
  /** One plain sentence: what "nothing found" would mean. */
  readonly text: string;
  readonly executions: number;
  readonly preemptions: number;
  readonly cpus: number;
  readonly buffers: number;
  readonly memoryModel: "sequential consistency";
  /** Set when schedules were searched. `complete`: the preemption bound that was explored whole, -1 none. */
  readonly search?: {
    readonly algorithm: "exhaustive" | "random" | "pct";
    readonly complete: number;
    readonly end: "complete" | "executions" | "time" | "cancelled" | "cannot-judge";
    readonly operations: number;
    readonly realMs: number;
  };
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

/** A stretch of a thread's lane: running a phase, sleeping (with the function that sleeps), waiting for a lock. */
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

/** One reading of the table, made whenever it changes. `bits`: allocation bits in it_map. `site`: the line that changed it. */
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
}

export interface VariantResult {
  readonly outcome: "clean" | "finding" | "cannot-judge";
  /** Why it can't be judged. */
  readonly reason?: { readonly message: string; readonly file: string; readonly line: number };
  readonly findings: readonly Finding[];
  readonly covered: Covered;
  readonly functions: { readonly tree: readonly string[]; readonly provided: readonly string[]; readonly assumed: readonly string[] };
  readonly log: readonly string[];
  readonly detach: { readonly start: number; readonly end: number | null } | null;
  readonly occupancy: readonly Occupancy[];
  /** Lines executed, per file: [line, times]. */
  readonly coverage: readonly { readonly file: string; readonly lines: readonly (readonly [number, number])[] }[];
  readonly timeline: Timeline;
  readonly witness: string;
  /** Buffers still mapped when the detach began, and the most that ever were. */
  readonly mappedAtDetach: number;
  readonly peak: number;
}

export interface ReviewResult {
  readonly schema: typeof SCHEMA;
  readonly tool: { readonly name: "tcescope"; readonly version: string };
  readonly tree: { readonly version: string };
  /** Absent when a tree was run alone. */
  readonly patch?: PatchResult;
  readonly scenario: { readonly name: string; readonly parameters: Readonly<Record<string, string>> };
  /** Set when a witness was replayed: which variant it is of. The run stands in `before` either way. */
  readonly replayed?: "before" | "after";
  readonly before: VariantResult;
  /** Absent when a tree was run alone. */
  readonly after?: VariantResult;
  readonly assumptions: readonly string[];
  /** Real time in ms: reading, compiling, running. */
  readonly timing: { readonly totalMs: number; readonly compileMs: number; readonly runMs: number };
}
