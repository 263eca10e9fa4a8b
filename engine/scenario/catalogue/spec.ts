// What describes a scenario: its C file, the tree files it needs, its parameters, and what known trees are expected to do in
// it. All scenarios have the same parameters; a scenario may change defaults.

import type { TreeFile } from "../../kernel/index.js";

export type ParameterKind = "count" | "time" | "number" | "word";

export interface ParameterSpec {
  readonly name: string;
  readonly kind: ParameterKind;
  readonly fallback: string;
  readonly purpose: string;
  /** For counts and numbers: inclusive bounds. */
  readonly min?: number;
  readonly max?: number;
  /** For words, and for numbers with few values: all values. */
  readonly values?: readonly string[];
}

/** The worst finding of a run: an oops, a silent error, a logged error, or none. */
export type Worst = "oops" | "silent" | "warning" | "clean";

/** The worst finding of a stable tree, unpatched and with the mail's patch (wait for the TCEs), and why. */
export interface Expected {
  readonly tree: Worst;
  readonly mail: Worst;
  readonly why: string;
}

export interface ScenarioSpec {
  readonly name: string;
  /** One line. */
  readonly purpose: string;
  /** Its C file relative to engine/: the actors and tcs_main(). */
  readonly source: string;
  /** Tree files that only this scenario needs. */
  readonly treeFiles?: readonly TreeFile[];
  /** The only tree files to compile, without the common files; for a tree that is not a kernel. */
  readonly onlyTreeFiles?: readonly TreeFile[];
  readonly parameters: readonly ParameterSpec[];
  /** By kernel series. */
  readonly expected?: Readonly<Record<"6.1" | "6.12", Expected>>;
}

const shared: readonly ParameterSpec[] = [
  { name: "buffers", kind: "count", fallback: "16", min: 1, max: 1024, purpose: "buffers the driver maps" },
  { name: "late", kind: "count", fallback: "4", min: 0, max: 1024, purpose: "buffers still held when the device is removed" },
  { name: "hold", kind: "time", fallback: "3s", purpose: "time from the start of the detach to the unmap of the held buffers; never: they are not unmapped" },
  {
    name: "holdkind",
    kind: "word",
    fallback: "constant",
    values: ["constant", "uniform", "exponential", "reader", "fragments", "unbounded"],
    purpose:
      "how the network stack holds buffers. constant: all for the hold; uniform: each for its own time, up to twice the hold; exponential: each for its own time, with the hold as the mean; reader: an application sleeps for the hold, then reads one packet per millisecond; fragments: fragments of IP datagrams, until the last fragment arrives after the hold or the reassembly timer expires 30 s after they arrived; unbounded: on a list that nobody processes",
  },
  {
    name: "queues",
    kind: "count",
    fallback: "0",
    min: 0,
    max: 8,
    purpose: "driver queues with a page pool (each with its own buffers and late buffers) or under load; 0: the scenario's own number, 1 or one per CPU",
  },
  {
    name: "window",
    kind: "word",
    fallback: "dynamic",
    values: ["dynamic", "beside", "default", "direct", "hybrid"],
    purpose:
      "DMA windows. dynamic: one dynamic window in tables[0], the default window removed; beside: a dynamic window in tables[1] next to the default window; default: only the 32-bit window; direct: a dynamic window that maps all RAM; hybrid: like direct, with room behind RAM for persistent memory, where the late buffers are",
  },
  {
    name: "windownode",
    kind: "word",
    fallback: "phb",
    values: ["phb", "parent"],
    purpose: "the node that owns ibm,dma-window. phb: the host bridge; parent: a bridge between the host bridge and the function",
  },
  { name: "liobn", kind: "number", fallback: "0x70000016", min: 1, max: 0xfffffffe, purpose: "logical I/O bus number (LIOBN) of the dynamic window" },
  {
    name: "pageshift",
    kind: "number",
    fallback: "16",
    values: ["12", "16", "21", "24"],
    purpose: "IOMMU page size of the dynamic window, as a power of two: 4 KiB, 64 KiB, 2 MiB, 16 MiB",
  },
  { name: "queryouts", kind: "number", fallback: "6", values: ["5", "6"], purpose: "outputs of ibm,query-pe-dma-window" },
  { name: "hz", kind: "number", fallback: "250", values: ["100", "250", "300", "1000"], purpose: "the kernel's CONFIG_HZ" },
  { name: "cpus", kind: "count", fallback: "2", min: 1, max: 8, purpose: "CPUs of the partition" },
  { name: "stalls", kind: "count", fallback: "0", min: 0, max: 16, purpose: "how many times a search may let the hypervisor hold a CPU for some ticks" },
  {
    name: "multitce",
    kind: "word",
    fallback: "on",
    values: ["on", "off"],
    purpose: "whether the firmware accepts several TCEs per hypercall; off: one H_PUT_TCE per TCE",
  },
  {
    name: "failcall",
    kind: "count",
    fallback: "0",
    min: 0,
    max: 100000,
    purpose: "which TCE hypercall fails, counted from the driver's start; 0: none",
  },
  {
    name: "failon",
    kind: "word",
    fallback: "enter",
    values: ["enter", "clear"],
    purpose: "which hypercalls failcall counts. enter: those that set TCEs; clear: those that clear TCEs",
  },
  {
    name: "failcode",
    kind: "word",
    fallback: "H_NOT_ENOUGH_RESOURCES",
    values: ["H_NOT_ENOUGH_RESOURCES", "H_BUSY", "H_HARDWARE", "H_PARAMETER"],
    purpose: "return code of the failing hypercall",
  },
  {
    name: "failrtas",
    kind: "word",
    fallback: "none",
    values: ["none", "query", "create", "remove", "reset"],
    purpose: "the RTAS call on DMA windows that returns a hardware error (-1) from the driver's start on",
  },
  { name: "failalloc", kind: "count", fallback: "0", min: 0, max: 100000, purpose: "which allocation fails, counted from the driver's start; 0: none" },
  {
    name: "choose",
    kind: "word",
    fallback: "none",
    values: ["none", "allocations", "hypercalls", "rtas", "all"],
    purpose: "what a search may let fail, at most once per run, from the driver's start on",
  },
  {
    name: "report",
    kind: "word",
    fallback: "plain",
    values: ["plain", "kasan"],
    purpose: "format of the log. plain: as a production kernel prints it; kasan: with a KASAN report for each place that accesses memory incorrectly",
  },
  {
    name: "slab",
    kind: "word",
    fallback: "kept",
    values: ["kept", "poisoned", "reused"],
    purpose: "contents of a freed slab object. kept: its old values; poisoned: SLUB poison; reused: values of another object, chosen by the seed",
  },
  { name: "seed", kind: "number", fallback: "1", min: 0, max: 0xffffffff, purpose: "seed for sampled schedules and reused slab objects" },
];

/** The parameters with changed defaults and a maximum number of buffers; throws on a name that is not a parameter. */
export function withDefaults(defaults: Readonly<Record<string, string>> = {}, maxBuffers = 1024): readonly ParameterSpec[] {
  for (const name of Object.keys(defaults)) if (!shared.some((p) => p.name === name)) throw new Error(`no shared parameter ${name}`);
  return shared.map((p) => ({
    ...p,
    fallback: defaults[p.name] ?? p.fallback,
    ...(p.name === "buffers" || p.name === "late" ? { max: maxBuffers } : {}),
  }));
}
