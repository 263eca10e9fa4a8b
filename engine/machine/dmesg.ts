// Kernel log text that only the machine can write: call traces, oopses, BUG and WARNING headers in powerpc's format.
// Addresses and offsets are those of our compiled code; registers that do not exist are not printed. The stack
// pointer of a frame is the C stack's, plus the 32 bytes of a minimal ABI frame that our calls do not need.

import { kernelName, TAG_LINEAR } from "../c/ir/index.js";
import { STACK_SIZE, STACKS_BASE } from "../c/emit/index.js";
import { type Core, hex64 } from "./core.js";
import type { SiteEvent } from "./heap.js";
import { findInlined } from "./inlining.js";
import { memoryState, pageLines } from "./kasan-state.js";
import type { Trace } from "./trace.js";

const HARDWARE = "TCE Scope simulated pSeries";
const ERR = 3;
/** dump_stack() ends in a call of dump_stack_lvl(), which takes its frame; a WARN() is a trap in the function itself. */
const FRAMELESS: ReadonlySet<string> = new Set(["dump_stack", "warn_slowpath_fmt", "__warn_printk"]);

/** A line of a call trace: a function that a real kernel would not have inlined. */
interface TraceLine {
  readonly symbol: string;
  readonly address: bigint;
  readonly sp: bigint;
}

export interface KasanReport {
  /** As the kernel names it, for example slab-use-after-free. */
  readonly bug: string;
  readonly write: boolean;
  readonly size: number;
  readonly address: string;
  readonly site: number;
  readonly allocated?: SiteEvent;
  readonly freed?: SiteEvent;
  readonly slab?: { readonly base: bigint; readonly size: number; readonly offset: number; readonly freed: boolean };
}

/** The size of the kmalloc cache that holds `size` bytes. */
function kmallocCache(size: number): number {
  const odd = [96, 192].find((n) => size <= n && size > n / 1.5);
  return odd ?? Math.max(8, 2 ** Math.ceil(Math.log2(Math.max(size, 1))));
}

export class Dmesg {
  private inlinedHere: Uint8Array | undefined;

  constructor(
    private readonly core: Core,
    private readonly trace: Trace,
  ) {}

  /** Computed when the first trace is printed: most runs print none. */
  private get inlined(): Uint8Array {
    return (this.inlinedHere ??= findInlined(this.core.program));
  }

  private print(text: string): void {
    this.trace.log(ERR, text);
  }

  /** Lines for call sites, innermost first. */
  private lines(sites: readonly number[]): readonly TraceLine[] {
    const { core } = this;
    const { program, emitted } = core;
    const lines: TraceLine[] = [];
    let sp = STACKS_BASE + (core.state.threads.current + 1) * STACK_SIZE;
    for (const site of [...sites].reverse()) {
      const place = program.sites[site];
      const index = place === undefined ? undefined : program.indexOf.get(place.symbol);
      const fn = index === undefined ? undefined : program.functions[index];
      if (place === undefined || index === undefined || fn === undefined) continue;
      sp -= (emitted.frameBytes[index] ?? 0) + 32;
      const name = kernelName(fn.name);
      if (this.inlined[index] === 1 || fn.name.startsWith("svc_") || FRAMELESS.has(name)) continue;
      const offset = Math.max(emitted.siteOffset[site] ?? 0, 0);
      const size = emitted.codeSize[index] ?? 0;
      lines.push({
        symbol: `${name}+0x${offset.toString(16)}/0x${size.toString(16)}`,
        address: (BigInt(TAG_LINEAR) << 32n) | BigInt((emitted.codeOffset[index] ?? 0) + offset),
        sp: (BigInt(TAG_LINEAR) << 32n) | BigInt(sp),
      });
    }
    return lines.reverse();
  }

  private header(): void {
    const { core } = this;
    const thread = core.current();
    const release = core.options.release ?? "6.12.0";
    const [major = 6, minor = 12] = release.split(".").map(Number);
    // The user id joined this line in 6.12.
    const uid = major > 6 || (major === 6 && minor >= 12) ? "UID: 0 " : "";
    const tainted = core.state.oopses > 0 ? "Tainted: G      D           " : "Not tainted ";
    this.print(`CPU: ${thread?.cpu ?? 0} ${uid}PID: ${thread?.id ?? 0} Comm: ${thread?.name ?? "swapper/0"} ${tainted}${release} #1`);
    this.print(`Hardware name: ${HARDWARE}`);
    const work = core.state.trace.phases.findLast((phase) => phase.thread === thread?.id && phase.name.startsWith("Workqueue: "));
    if (work !== undefined) this.print(work.name);
  }

  private callTrace(lines: readonly TraceLine[]): void {
    this.print("Call Trace:");
    lines.forEach((line, i) => {
      this.print(`[${hex64(line.sp)}] [${hex64(line.address)}] ${line.symbol}${i === 0 ? " (unreliable)" : ""}`);
    });
  }

  /** What dump_stack() prints. */
  dumpStack(): void {
    this.header();
    this.callTrace(this.lines(this.core.callSites()));
  }

  /** An oops at `site`; `first` is the line with the address that could not be accessed. */
  oops(first: string, site: number): void {
    const lines = this.lines([site, ...this.core.callSites()]);
    const [nip] = lines;
    this.print(first);
    if (nip !== undefined) this.print(`Faulting instruction address: 0x${hex64(nip.address)}`);
    this.die("Kernel access of bad area, sig: 11", lines);
  }

  /** A report as a KASAN kernel prints it, with the page data that the machine has. */
  kasan(report: KasanReport): void {
    const { core } = this;
    const lines = this.lines([report.site, ...core.callSites()]);
    const thread = core.current();
    const bar = "=".repeat(66);
    this.print(bar);
    this.print(`BUG: KASAN: ${report.bug} in ${lines[0]?.symbol ?? "unknown"}`);
    this.print(
      `${report.write ? "Write" : "Read"} of size ${String(report.size)} at addr ${report.address} by task ${thread?.name ?? "swapper/0"}/${String(thread?.id ?? 0)}`,
    );
    this.print("");
    this.header();
    this.callTrace(lines);
    this.print("");
    for (const [what, event] of [
      ["Allocated", report.allocated],
      ["Freed", report.freed],
    ] as const) {
      if (event === undefined) continue;
      this.print(`${what} by task ${String(event.thread)}:`);
      for (const line of this.lines(event.sites)) this.print(` ${line.symbol}`);
      this.print("");
    }
    if (report.slab !== undefined) {
      const { base, offset, freed } = report.slab;
      const cache = kmallocCache(report.slab.size);
      this.print(`The buggy address belongs to the object at ${hex64(base)}`);
      this.print(` which belongs to the cache kmalloc-${cache >= 1024 ? `${String(cache / 1024)}k` : String(cache)} of size ${String(cache)}`);
      this.print(`The buggy address is located ${String(offset)} bytes inside of`);
      this.print(` ${freed ? "freed " : ""}${String(cache)}-byte region [${hex64(base)}, ${hex64(base + BigInt(cache))})`);
      this.print("");
    } else this.print("The buggy address belongs to a vmalloc virtual mapping");
    const address = BigInt(`0x${report.address}`);
    for (const line of [...pageLines(address), ...memoryState(core.bytes, address)]) this.print(line);
    this.print(bar);
  }

  /** BUG() and BUG_ON(). */
  bug(file: string, line: number): void {
    this.print("------------[ cut here ]------------");
    this.print(`kernel BUG at ${file}:${String(line)}!`);
    this.die("Exception in kernel mode, sig: 5", this.lines(this.core.callSites()));
  }

  private die(what: string, lines: readonly TraceLine[]): void {
    const { core } = this;
    const [nip, lr] = lines;
    this.print(`Oops: ${what} [#${String(core.state.oopses + 1)}]`);
    this.print("LE PAGE_SIZE=64K MMU=Radix SMP NR_CPUS=8 NUMA pSeries");
    this.print("Modules linked in:");
    this.header();
    if (nip !== undefined && lr !== undefined) this.print(`NIP:  ${hex64(nip.address)} LR: ${hex64(lr.address)}`);
    if (nip !== undefined) this.print(`NIP [${hex64(nip.address)}] ${nip.symbol}`);
    if (lr !== undefined) this.print(`LR [${hex64(lr.address)}] ${lr.symbol}`);
    this.callTrace(lines.slice(1));
    this.print("---[ end trace 0000000000000000 ]---");
    this.print("");
  }

  /** The last line about a thread that an oops ended. */
  exited(irqsDisabled: boolean): void {
    const thread = this.core.current();
    if (irqsDisabled && thread !== undefined) this.print(`note: ${thread.name}[${String(thread.id)}] exited with irqs disabled`);
  }

  warning(file: string, line: number): void {
    const { core } = this;
    const thread = core.current();
    const lines = this.lines(core.callSites());
    this.print("------------[ cut here ]------------");
    this.print(`WARNING: CPU: ${thread?.cpu ?? 0} PID: ${thread?.id ?? 0} at ${file}:${String(line)} ${lines[0]?.symbol ?? ""}`);
    this.print("Modules linked in:");
    this.header();
    this.callTrace(lines);
    this.print("---[ end trace 0000000000000000 ]---");
  }

  panic(text: string): void {
    this.print(`Kernel panic - not syncing: ${text}`);
    this.header();
    this.callTrace(this.lines(this.core.callSites()));
    this.print(`---[ end Kernel panic - not syncing: ${text} ]---`);
  }
}
