// What a debugger asks of a recorded run and what it gets: plain data, shaped like the Debug Adapter Protocol's own so
// that the adapter only hands it on. Lines are 1-based, times virtual ns, addresses 64 bits as "0x" and 16 digits.

export interface DebugPlace {
  readonly function: string;
  /** Relative to the tree's root; the engine's own C stands under "tcescope/". */
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
  /** The next or the last visible operation or switch, whichever thread's it is. */
  | "operation"
  | "operation-back"
  /** Before the finding's object is allocated, is freed, is used; to the begin and the end of the run. */
  | "allocation"
  | "free"
  | "use"
  | "begin"
  | "end";

export type StopReason = "entry" | "step" | "breakpoint" | "function breakpoint" | "finding" | "thread ended" | "moment" | "begin" | "end";

export interface DebugStop {
  readonly reason: StopReason;
  /** More words for the reader: what was found, why nothing further came. */
  readonly text?: string;
  /** Where it stops before a finding: which kind. */
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
  /** 0: nothing inside. */
  readonly ref: number;
  readonly named: number;
  readonly indexed: number;
  /** A C expression for it. */
  readonly expression?: string;
  readonly address?: string;
}

export interface DebugBreakpoint {
  readonly line: number;
  readonly condition?: string;
  /** "3", ">= 3", "% 2": as VS Code's hit counts. */
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

/** Which finding "free" and "use" are about. */
export interface FindingKey {
  readonly kind: string;
  readonly function: string;
  readonly line: number;
}

/** Where a look for operations starts: a moment, or a place of the run by its number. */
export type OperationStart = { readonly t: number } | { readonly position: number };

/** A visible operation of the tree's code, or a place where another thread goes on. */
export interface DebugOperation {
  /** Number of the place in the run. */
  readonly position: number;
  readonly t: number;
  readonly thread: number;
  readonly k: "operation" | "switch";
  /** Source text of what is accessed or called; may be empty. */
  readonly text: string;
  /** The line of its own text, which may be a header's. */
  readonly at?: DebugPlace;
}

export type DebugCommand =
  | { readonly c: "move"; readonly move: DebugMove; readonly thread?: number }
  | { readonly c: "to-time"; readonly t: number }
  /** To the first time the function is entered after here, or else in the whole run. */
  | { readonly c: "to-function"; readonly name: string }
  /** Goes to the next operation (1), the one before (-1) or the last up to there (0), of one thread or of all, and tells those around it. */
  | { readonly c: "operations"; readonly from: OperationStart; readonly step: 1 | -1 | 0; readonly thread?: number; readonly around: number }
  /** The iommu_tables at the moment where the run stands, as in the scope "TCE table". */
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
  /** `operations` are in order; the one gone to has the stop's position. */
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
