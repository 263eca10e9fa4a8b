// What a class of bugs is: a kind of finding, and a judgement of the suspicious events that the machine notices. An event
// holds all the facts, so that a class must not depend on the machine.

/** oops: the kernel or the thread dies. silent: wrong, but a production kernel reports nothing. warning: it is logged. */
export type FindingSeverity = "oops" | "silent" | "warning";

export type ObjectKind = "slab" | "vmalloc" | "pages" | "global" | "stack" | "unknown";

export interface HeapBlock {
  readonly kind: ObjectKind;
  readonly size: number;
  readonly freed: boolean;
}

/** Where a bad access points. Offsets and distances are in bytes. */
export type AccessTarget =
  | { readonly k: "null"; readonly offset: number }
  /** Outside the kernel's memory. */
  | { readonly k: "unmapped" }
  | { readonly k: "unallocated" }
  /** Inside a heap object at the access's first byte. */
  | { readonly k: "inside"; readonly block: HeapBlock; readonly offset: number }
  | { readonly k: "before"; readonly block: HeapBlock; readonly distance: number }
  | { readonly k: "past"; readonly block: HeapBlock; readonly distance: number }
  /** Past a global variable; `name` is empty for a string constant, undefined before the first global. */
  | { readonly k: "global"; readonly name: string | undefined; readonly past: number }
  | { readonly k: "ended-stack" }
  /** On a live stack: next to a variable-length array, or near a variable of a function, if it is known which. */
  | { readonly k: "vla"; readonly side: "before" | "past" }
  | { readonly k: "stack"; readonly variable: { readonly name: string; readonly fn: string; readonly size: number; readonly offset: number } | undefined };

/** Values of `kind` in __tcs_finding (tcs.h). */
export const REPORT = { bug: 0, warn: 1, panic: 2, hcall: 3, refcount: 4, locking: 5, leak: 6 } as const;

/** What the machine noticed and cannot be right, or what C code reported. */
export type Suspicion =
  /** `text`: the C expression at fault, empty if unknown. */
  | { readonly k: "access"; readonly verb: "read" | "write"; readonly size: number; readonly text: string; readonly target: AccessTarget }
  | { readonly k: "call"; readonly text: string; readonly target: "null" | "other-type" | "no-function" }
  /** `block`: the object that holds the pointer, undefined if none does. `matches`: it is freed by its allocator's function. */
  | { readonly k: "free"; readonly block: HeapBlock | undefined; readonly offset: number; readonly matches: boolean }
  | { readonly k: "division-by-zero" }
  /** C code called __tcs_finding. */
  | { readonly k: "report"; readonly code: number; readonly text: string }
  /** A live object that nothing points to at the end of the run. */
  | { readonly k: "unreachable"; readonly block: HeapBlock }
  /** A thread that ran for `ns` without going to the scheduler. */
  | { readonly k: "lockup"; readonly thread: string; readonly ns: number }
  /** A thread whose condition did not become true within the run's `ns`. */
  | { readonly k: "polling"; readonly thread: string; readonly ns: number }
  /** A thread that can never be woken. `afterDeath`: another thread died and kept its locks. */
  | { readonly k: "stuck"; readonly thread: string; readonly spins: boolean; readonly afterDeath: boolean };

export interface Verdict {
  readonly severity: FindingSeverity;
  /** One plain sentence. */
  readonly message: string;
  /** What must have happened before. */
  readonly condition?: string;
  /** First line of the oops, if it is not the one for a bad access. */
  readonly oops?: (address: bigint) => string;
  /** What the kernel does: BUG() ends the thread, WARN() is logged, panic() ends the run. */
  readonly effect?: "bug" | "warn" | "panic";
}

export interface BugClass<Kind extends string = string> {
  readonly kind: Kind;
  /** Undefined if the event is not a bug of this class. */
  readonly judge: (event: Suspicion) => Verdict | undefined;
}

export function bugClass<const Kind extends string>(kind: Kind, judge: (event: Suspicion) => Verdict | undefined): BugClass<Kind> {
  return { kind, judge };
}
