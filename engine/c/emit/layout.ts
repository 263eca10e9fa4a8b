// The interface between emitted code and the machine beyond c/ir/target.ts: areas of linear memory past the shadow, which C
// cannot address, control cells, and the names and order of the module's globals and hooks.

import { CONTROL_BASE, MEMORY_SIZE, SHADOW_BASE, SHADOW_SIZE, type ValType } from "../ir/index.js";

export const MAX_THREADS = 128;

/** C stacks: thread n owns STACK_SIZE bytes from STACKS_BASE + n * STACK_SIZE, used from the top downwards. */
export const STACK_SIZE = 0x10000;
export const STACKS_BASE = MEMORY_SIZE - MAX_THREADS * STACK_SIZE;

/**
 * Shadow bytes are stored XORed with this, the code for "never allocated": fresh memory, all zero, is inaccessible, and a
 * machine need not write the shadow of unused memory.
 */
export const SHADOW_FRESH = 0xf8;
/** Shadow of redzones in a stack frame: before the first variable, between two, after the last. */
export const STACK_LEFT = 0xf1;
export const STACK_MID = 0xf2;
export const STACK_RIGHT = 0xf3;
/** Shadow of the redzones before and after an alloca() object. */
export const ALLOCA_LEFT = 0xca;
export const ALLOCA_RIGHT = 0xcb;

/**
 * Execution counts: how often a sequence of consecutive lines of Program.lines was executed. A counter for a sequence costs
 * no more than a counter for a line, and counters do not overlap.
 */
export const COV_BASE = SHADOW_BASE + SHADOW_SIZE;
/** Maximum length of a sequence. */
export const MAX_LINES = 4;
/** Offset of the counter, an i32, of `count` lines from `first` on. */
export function covAt(first: number, count: number): number {
  return COV_BASE + 4 * (MAX_LINES * first + count - 1);
}
export const COV_SIZE = 0x400000;
/** Signature number of each table slot, 2 bytes each. */
export const SIG_BASE = COV_BASE + COV_SIZE;
export const SIG_SIZE = 0x40000;
/**
 * Call-site stacks: site ids of the active calls of a thread, outermost first, 4 bytes each. Functions pass the end of
 * theirs to callees; the global `csp` holds it only during a call into the machine. Each is aligned to its size.
 */
export const CALLS_BASE = SIG_BASE + SIG_SIZE;
export const CALLS_SIZE = 0x2000;
/** Save stacks: frames of a suspended thread, innermost first. */
export const SAVES_BASE = CALLS_BASE + MAX_THREADS * CALLS_SIZE;
export const SAVE_SIZE = 0x40000;
export const TOTAL_SIZE = SAVES_BASE + MAX_THREADS * SAVE_SIZE;
export const TOTAL_PAGES = TOTAL_SIZE / 0x10000;

/** Result of the intrinsic that suspended, 8 bytes. */
export const CELL_RESULT = CONTROL_BASE;
export const CELL_SELF = CONTROL_BASE + 8;
export const CELL_CPU = CONTROL_BASE + 12;
export const CELL_NCPUS = CONTROL_BASE + 16;
/**
 * Debug build. TICKS: lines begun and visible operations reached so far. PAUSE: each tick beyond this number queries the host
 * about stopping. AT: the tick's position, an index into Program.lines or -1 - site of an operation. STOPPED: not 0 while a
 * stopped thread returns to its position, so that the loops around it do not count again.
 */
export const CELL_TICKS = CONTROL_BASE + 24;
export const CELL_PAUSE = CONTROL_BASE + 28;
export const CELL_AT = CONTROL_BASE + 32;
export const CELL_STOPPED = CONTROL_BASE + 36;
/** CELL_PAUSE if no tick queries the host. */
export const NO_PAUSE = 0x7fffffff;

/**
 * One byte for each hash of a key: not 0 if a blocked thread may wait for a key with this hash. The scheduler writes it before
 * a slice; within a slice, threads are only woken. A wake that finds 0 need not leave the module.
 */
export const WAITERS_BASE = CONTROL_BASE + 256;
export const WAITERS_SIZE = 256;
export function waiterHash(key: number): number {
  return (key >>> 3) & (WAITERS_SIZE - 1);
}

/** Values of the global `state`. */
export const NORMAL = 0;
export const UNWINDING = 1;
export const REWINDING = 2;

/** Nominal virtual time of one visible operation. */
export const NS_PER_OP = 10;

/** The module's globals in order, each mutable and exported under its name. `tell`: virtual time at which to call the hook `spent`. */
export const GLOBALS = ["state", "sp", "splimit", "csp", "ss", "ssbase", "sslimit", "ops", "limit", "fuel", "spent", "base", "tell"] as const;
export type GlobalName = (typeof GLOBALS)[number];
export function globalType(name: GlobalName): ValType {
  return name === "spent" || name === "base" || name === "tell" ? "i64" : "i32";
}
export function globalIndex(name: GlobalName): number {
  return GLOBALS.indexOf(name);
}

/** Parameters of the runtime hooks (imports of module "hook"); none has a result. */
export const HOOKS = {
  /** address, size, kind of access, lines not counted yet (see FIRST_LINE), site */
  fault: ["i64", "i32", "i32", "i32", "i32"],
  /** site, index into EmittedModule.reasons */
  cannot: ["i32", "i32"],
  /** index into the order of Program.assumed */
  assumed: ["i32"],
  /** loops have used up their fuel: check limits and cancellation, refuel */
  fuel: [],
  /** the budget of visible operations is used up, or (debug build) a tick queries whether to stop: the host sets `state` */
  preempt: [],
  /** function index, index into Program.lines or -1 */
  divzero: ["i32", "i32"],
  /** pointer, site: the pointer is not to a function, or to a function of another type */
  badcall: ["i64", "i32"],
  /** function index: the C stack, call-site stack or save stack is full */
  overflow: ["i32"],
  /** virtual time was spent */
  spent: [],
  /** traced build: address, size, kind, site of a visible operation */
  visible: ["i64", "i32", "i32", "i32"],
  /** __tcs_event, numbers only because those are cheap to pass: kind, virtual time, a, b, c, d as lower and upper halves, rc */
  event: ["i32", "f64", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32", "i32"],
  /** `unreachable` was reached: site */
  unreachable: ["i32"],
} as const satisfies Readonly<Record<string, readonly ValType[]>>;
export type HookName = keyof typeof HOOKS;
export const HOOK_NAMES = Object.keys(HOOKS) as readonly HookName[];

/** Kind of access passed to hook `fault`. */
export const ACCESS_READ = 0;
export const ACCESS_WRITE = 1;
/** Added to the kind passed to hook `visible`: neither READ_ONCE/WRITE_ONCE nor volatile, and not in a service. */
export const ACCESS_PLAIN = 32;
/** Added to the kind passed to hook `fault` for each earlier visible operation that is not in `ops` yet. */
export const ACCESS_PENDING = 256;
/** The lines passed to hook `fault`: FIRST_LINE * first line + number of lines. They count if the thread ends here. */
export const FIRST_LINE = 256;
