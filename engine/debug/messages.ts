// Requests of a debugger to a recorded run, and the replies: plain data in the form of the Debug Adapter Protocol, so that
// the adapter only forwards it. Lines are 1-based, times virtual ns, addresses 64 bits as "0x" and 16 digits.

export interface DebugPlace {
  readonly function: string;
  /** Relative to the tree's root; the engine's own C is under "tcescope/". */
  readonly file: string;
  readonly line: number;
}

export type DebugMove =
  | "continue"
  | "reverse-continue"
  | "over"
  | "into"
  | "out"
  | "back"
  /** The next or the previous visible operation or switch, of any thread. */
  | "operation"
  | "operation-back"
  /** To just before the finding's object is allocated, freed or used; to the beginning or the end of the run. */
  | "allocation"
  | "free"
  | "use"
  | "begin"
  | "end";

export type StopReason = "entry" | "step" | "breakpoint" | "function breakpoint" | "finding" | "thread ended" | "moment" | "begin" | "end";

export interface DebugStop {
  readonly reason: StopReason;
  /** Text for the reader: what was found, or why the run did not continue. */
  readonly text?: string;
  /** Set if it stopped before a finding: the kind. */
  readonly finding?: string;
  readonly thread: number;
  readonly breakpoints?: readonly number[];
  /** Place number in the run, places in the run, virtual ns, visible operations so far. */
  readonly position: number;
  readonly places: number;
  readonly t: number;
  readonly operations: number;
  readonly at?: DebugPlace;
}

export interface DebugThread {
  readonly id: number;
  readonly name: string;
  readonly cpu: number;
  /** "running", "ready", "preempted", "asleep in …", "waits for a lock in …", "ended", "died". */
  readonly state: string;
}

export interface DebugFrame extends DebugPlace {
  readonly id: number;
  /** The engine's own C: a service or an actor. */
  readonly provided: boolean;
}

export interface DebugScope {
  readonly name: string;
  readonly kind: "arguments" | "locals" | "globals" | "table" | "machine";
  readonly ref: number;
  readonly expensive: boolean;
}

export interface DebugVariable {
  readonly name: string;
  readonly value: string;
  readonly type: string;
  /** 0: no children. */
  readonly ref: number;
  readonly named: number;
  readonly indexed: number;
  /** A C expression that evaluates to it. */
  readonly expression?: string;
  readonly address?: string;
}

export interface DebugBreakpoint {
  readonly line: number;
  readonly condition?: string;
  /** "3", ">= 3", "% 2", like VS Code's hit counts. */
  readonly hits?: string;
}

export interface DebugFunctionBreakpoint {
  readonly name: string;
  readonly condition?: string;
  readonly hits?: string;
}

export interface SetBreakpoint {
  readonly id: number;
  readonly verified: boolean;
  readonly line?: number;
  readonly file?: string;
  readonly message?: string;
}

/** The finding whose object "free" and "use" refer to. */
export interface FindingKey {
  readonly kind: string;
  readonly function: string;
  readonly line: number;
}

/** Where a search for operations starts: a time, or a position of the run. */
export type OperationStart = { readonly t: number } | { readonly position: number };

/** A visible operation of the tree's code, or a switch to another thread. */
export interface DebugOperation {
  /** Number of the place in the run. */
  readonly position: number;
  readonly t: number;
  readonly thread: number;
  readonly k: "operation" | "switch";
  /** Source text of what is accessed or called; may be empty. */
  readonly text: string;
  /** Its own line, which may be in a header. */
  readonly at?: DebugPlace;
}

export type DebugCommand =
  | { readonly c: "move"; readonly move: DebugMove; readonly thread?: number }
  | { readonly c: "to-time"; readonly t: number }
  /** To the next entry of the function, or else to its first one in the run. */
  | { readonly c: "to-function"; readonly name: string }
  /** Moves to the next operation (1), the previous (-1) or the last one up to there (0), of one thread or of all; the reply lists those around it. */
  | { readonly c: "operations"; readonly from: OperationStart; readonly step: 1 | -1 | 0; readonly thread?: number; readonly around: number }
  /** The iommu_tables at the run's current position, as in the scope "TCE table". */
  | { readonly c: "tables" }
  | { readonly c: "breakpoints"; readonly file: string; readonly breakpoints: readonly DebugBreakpoint[] }
  | { readonly c: "function-breakpoints"; readonly breakpoints: readonly DebugFunctionBreakpoint[] }
  /** Severities of findings at which "continue" stops. */
  | { readonly c: "finding-breakpoints"; readonly severities: readonly string[] }
  | { readonly c: "threads" }
  | { readonly c: "stack"; readonly thread: number }
  | { readonly c: "scopes"; readonly frame: number }
  | { readonly c: "variables"; readonly ref: number; readonly start?: number; readonly count?: number }
  | { readonly c: "evaluate"; readonly expression: string; readonly frame?: number }
  | { readonly c: "memory"; readonly address: string; readonly offset: number; readonly count: number }
  | { readonly c: "source"; readonly file: string }
  | { readonly c: "close" };

export type DebugReply =
  | { readonly k: "stopped"; readonly stop: DebugStop }
  /** `operations` are in order; the stop's position identifies the target. */
  | { readonly k: "operations"; readonly stop: DebugStop; readonly operations: readonly DebugOperation[] }
  | { readonly k: "breakpoints"; readonly breakpoints: readonly SetBreakpoint[] }
  | { readonly k: "threads"; readonly threads: readonly DebugThread[] }
  | { readonly k: "stack"; readonly frames: readonly DebugFrame[] }
  | { readonly k: "scopes"; readonly scopes: readonly DebugScope[] }
  | { readonly k: "variables"; readonly variables: readonly DebugVariable[] }
  | { readonly k: "memory"; readonly address: string; readonly bytes: Uint8Array; readonly unreadable: number; readonly note: string }
  | { readonly k: "source"; readonly text: string }
  | { readonly k: "done" }
  | { readonly k: "refused"; readonly message: string };
