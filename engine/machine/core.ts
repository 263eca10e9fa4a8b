// The state that all parts of the machine share: linear memory, the module's globals, the run's state, the clock and the
// call-site stack. Must not make decisions.

import { CALLS_BASE, CALLS_SIZE, covAt, type EmittedProgram, type GlobalName, GLOBALS, MAX_LINES, NS_PER_OP } from "../c/emit/index.js";
import { type IrFunction, kernelName, type Program, TAG_LINEAR, TAG_VMALLOC } from "../c/ir/index.js";
import type { DecisionSource } from "./decisions.js";
import { HEAP_VMALLOC, type SiteEvent } from "./heap.js";
import type { Frame, StackEvent } from "./record.js";
import { freshState, type RunState } from "./state.js";
import { type Thread, threadById } from "./threads.js";
import { takeMemory } from "./memory.js";

export interface Limits {
  /** Virtual ns. */
  readonly virtualTime: number;
  /** Loop iterations and visible operations together, roughly. */
  readonly steps: number;
  /** Real milliseconds. */
  readonly realMs: number;
}

export interface RunOptions {
  /** Scenario parameters as __tcs_param sees them. */
  readonly params: Readonly<Record<string, bigint>>;
  readonly cpus: number;
  readonly decisions: DecisionSource;
  readonly limits: Limits;
  /** C function that thread 1 ("init", on CPU 0) runs; `boot`, if the program has it, runs before the first thread. */
  readonly main: string;
  readonly boot?: string;
  /** Kernel release for call traces, for example "6.12.117". */
  readonly release?: string;
  readonly onProgress?: (virtualTime: number) => void;
  readonly cancelled?: () => boolean;
  /** How long (virtual ns) a preempted CPU may stall while sleepers wake; 0 if omitted. */
  readonly stall?: number;
  /** Traced builds: every visible operation. */
  readonly onVisible?: (access: VisibleOperation) => void;
  /** Other interactions between threads, from which a search derives dependencies. */
  readonly onEffect?: (effect: Effect) => void;
  /** Additional intrinsics, for programs that are not a kernel. */
  readonly host?: ReadonlyMap<string, HostCall>;
}

/** Where a thread may be stopped: before its slice begins, or at a line or operation (see CELL_AT). */
export type StopPlace = "slice" | "tick";

export type HostCall = (args: readonly (number | bigint)[], core: Core) => number | bigint;

export interface VisibleOperation {
  readonly thread: number;
  readonly address: bigint;
  readonly size: number;
  /** TCS_READ, TCS_WRITE, TCS_ATOMIC, TCS_LOCK, TCS_UNLOCK, TCS_TRYLOCK. */
  readonly kind: number;
  /** A plain access of the tree's code: neither marked nor atomic. */
  readonly plain: boolean;
  readonly site: number;
  /** Number of visible operations before this one; a copy is one operation and reports two ranges. */
  readonly at: number;
}

/** An effect of the running thread (0: none) on other threads that is not a visible operation. Keys are offsets in memory. */
export type Effect =
  | { readonly k: "wait"; readonly key: number; readonly deadline: number }
  | { readonly k: "wake"; readonly key: number }
  /** The thread became runnable: it was created or woken. */
  | { readonly k: "enable"; readonly thread: number }
  /** The running thread releases its CPU. */
  | { readonly k: "leave"; readonly cpu: number };

/** Thrown through compiled code: the running thread ends (oops, BUG). */
export class ThreadEnd extends Error {
  override readonly name = "ThreadEnd";
}

/** Thrown through compiled code: the run ends; `state.end` has the reason. */
export class RunOver extends Error {
  override readonly name = "RunOver";
}

export type Globals = { readonly [K in GlobalName]: WebAssembly.Global<K extends "spent" | "base" | "tell" ? bigint : number> };

export class Core {
  readonly memory = takeMemory();
  readonly bytes = new Uint8Array(this.memory.buffer);
  readonly view = new DataView(this.memory.buffer);
  state: RunState;
  /** Debug build: called at the start of each slice and at each tick beyond `pause`; true stops there. */
  watch: ((at: StopPlace) => boolean) | undefined;
  private exported: Globals | undefined;

  constructor(
    readonly program: Program,
    readonly emitted: EmittedProgram,
    public options: RunOptions,
  ) {
    this.state = freshState(options.cpus, program.dataEnd);
  }

  attach(exports: WebAssembly.Exports): void {
    const found: Partial<Record<GlobalName, WebAssembly.Global>> = {};
    for (const name of GLOBALS) {
      const global = exports[name];
      if (global instanceof WebAssembly.Global) found[name] = global;
    }
    // The emitter exports every global of GLOBALS under its name, with the type from globalType.
    this.exported = found as Globals;
  }

  get globals(): Globals {
    if (this.exported === undefined) throw new Error("the machine has no module yet");
    return this.exported;
  }

  // ---- time -------------------------------------------------------------------------------------------------------

  /** Virtual ns since boot. */
  now(): number {
    const { ops, spent } = this.globals;
    return this.state.clock + ops.value * NS_PER_OP + Number(spent.value);
  }

  // ---- threads and stacks -------------------------------------------------------------------------------------------

  /** The running thread; undefined before the first. */
  current(): Thread | undefined {
    return threadById(this.state.threads, this.state.threads.current);
  }

  threadName(id: number): string {
    return threadById(this.state.threads, id)?.name ?? "swapper/0";
  }

  /** Call sites of the running thread, innermost first. */
  callSites(): readonly number[] {
    return this.callSitesOf(this.runningStack(), this.globals.csp.value);
  }

  /** The thread whose stacks are in use, derived from their address; 0 for the machine's own, used between slices. */
  runningStack(): number {
    return Math.floor((this.globals.csp.value - CALLS_BASE) / CALLS_SIZE);
  }

  /** Call sites of a thread whose call-site stack ends at `top`. */
  callSitesOf(thread: number, top: number): readonly number[] {
    const sites: number[] = [];
    for (let at = top - 4; at >= CALLS_BASE + thread * CALLS_SIZE; at -= 4) sites.push(this.view.getInt32(at, true));
    return sites;
  }

  /** The current time and place, for an object's history. */
  here(): SiteEvent {
    return { thread: this.state.threads.current, t: this.now(), sites: this.callSites() };
  }

  functionOf(site: number): IrFunction | undefined {
    const symbol = this.program.sites[site]?.symbol;
    const index = symbol === undefined ? undefined : this.program.indexOf.get(symbol);
    return index === undefined ? undefined : this.program.functions[index];
  }

  frame(site: number): Frame {
    const place = this.program.sites[site];
    if (place === undefined) return { function: "?", file: "?", line: 0, provided: true };
    const frame = { function: kernelName(place.fn), file: place.file, line: place.line };
    return this.functionOf(site)?.origin === "provided" ? { ...frame, provided: true } : frame;
  }

  frames(sites: readonly number[]): readonly Frame[] {
    return sites.map((site) => this.frame(site));
  }

  stackEvent(event: SiteEvent): StackEvent {
    return { thread: event.thread, t: event.t, stack: this.frames(event.sites) };
  }

  /**
   * The site to report: the innermost site in a .c file of the tree, else in one of its headers (a wrapper or a list
   * operation is less informative than the line that uses it). -1 if there is none.
   */
  treeSite(sites: readonly number[]): number {
    const inTree = sites.filter((site) => this.functionOf(site)?.origin === "tree");
    return inTree.find((site) => this.program.sites[site]?.file.endsWith(".c")) ?? inTree[0] ?? -1;
  }

  /**
   * The code that waits: the innermost frame of the tree outside the files that implement waiting, else the innermost frame
   * of the tree.
   */
  waitFrame(sites: readonly number[]): Frame | undefined {
    const waiting = /^kernel\/(?:time|sched|locking)\//;
    return this.treeFrame(sites.filter((site) => !waiting.test(this.program.sites[site]?.file ?? ""))) ?? this.treeFrame(sites);
  }

  /** The place to report: in the tree, else in an actor that called a service, else in the service. */
  placeOf(sites: readonly number[]): Frame {
    const service = (site: number): boolean => /^(?:svc_|__tcs_)/.test(this.functionOf(site)?.name ?? "");
    return this.treeFrame(sites) ?? this.frame(sites.find((site) => !service(site)) ?? sites[0] ?? -1);
  }

  /** The frame of `treeSite`. */
  treeFrame(sites: readonly number[]): Frame | undefined {
    const site = this.treeSite(sites);
    return site < 0 ? undefined : this.frame(site);
  }

  /** Counts one more execution of `count` lines from `first` on. */
  countLines(first: number, count: number): void {
    if (count === 0) return;
    const at = covAt(first, count);
    this.view.setUint32(at, this.view.getUint32(at, true) + 1, true);
  }

  /** How often each line of Program.lines was executed. */
  timesRun(): Uint32Array {
    const { length } = this.program.lines;
    const times = new Uint32Array(length);
    const counters = new Uint32Array(this.memory.buffer, covAt(0, 1), MAX_LINES * length);
    counters.forEach((n, i) => {
      if (n === 0) return;
      const first = Math.floor(i / MAX_LINES);
      for (let line = first; line <= first + (i % MAX_LINES) && line < length; line++) times[line] = (times[line] ?? 0) + n;
    });
    return times;
  }

  // ---- memory -------------------------------------------------------------------------------------------------------

  /** Text at a C address, up to its NUL; at most 4096 bytes. */
  text(address: number): string {
    const start = address >>> 0;
    const end = Math.min(start + 4096, this.bytes.length);
    let at = start;
    while (at < end && this.bytes[at] !== 0) at++;
    return decodeText(this.bytes.subarray(start, at));
  }

  textOf(address: number, length: number): string {
    const start = address >>> 0;
    return decodeText(this.bytes.subarray(start, Math.min(start + Math.min(length, 0x10000), this.bytes.length)));
  }

  address(offset: number, kind: number): bigint {
    return (BigInt(kind === HEAP_VMALLOC ? TAG_VMALLOC : TAG_LINEAR) << 32n) | BigInt(offset);
  }
}

/** Decodes Latin-1: kernel text is ASCII, and TextDecoder is not part of the language. */
function decodeText(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** As %px prints an address: 16 digits. */
export function hex64(address: bigint): string {
  return BigInt.asUintN(64, address).toString(16).padStart(16, "0");
}
