// Collects what happens into the timeline: events, spans of threads, occupancy of the TCE table, the kernel log with
// time stamps, and the running hash by which two runs are compared. It judges nothing.

import type { Core } from "./core.js";
import type { MachineFinding, Span, TimelineEvent } from "./record.js";
import { hashNumber, hashText } from "./state.js";
import type { Thread } from "./threads.js";

/** `[    1.225249] `, as printk writes it. */
export function timeStamp(ns: number): string {
  const us = Math.floor(ns / 1000);
  return `[${String(Math.floor(us / 1_000_000)).padStart(5)}.${String(us % 1_000_000).padStart(6, "0")}] `;
}

const HCALLS: ReadonlyMap<number, string> = new Map([
  [0x1c, "H_GET_TCE"],
  [0x20, "H_PUT_TCE"],
  [0x138, "H_STUFF_TCE"],
  [0x13c, "H_PUT_TCE_INDIRECT"],
]);

/** RTAS calls by the tokens that engine/world gives them in the device tree. */
const RTAS: ReadonlyMap<number, string> = new Map([
  [0x2026, "ibm,query-pe-dma-window"],
  [0x2027, "ibm,create-pe-dma-window"],
  [0x2028, "ibm,remove-pe-dma-window"],
  [0x2029, "ibm,reset-pe-dma-windows"],
]);

export const EVENT = { hcall: 0, rtas: 1, map: 2, unmap: 3, unmapped: 4, detachStart: 5, detachEnd: 6, mapped: 7, bits: 8 } as const;

export class Trace {
  constructor(private readonly core: Core) {}

  private add(event: TimelineEvent): void {
    this.core.state.trace.events.push(event);
  }

  /** One or more lines of the kernel log; a trailing newline ends a line and begins none. */
  log(level: number, text: string): void {
    const { core } = this;
    const t = core.now();
    const { trace } = core.state;
    const thread = core.state.threads.current;
    const site = core.treeFrame(core.callSites());
    hashNumber(trace, t);
    hashText(trace, text);
    for (const line of text.replace(/\n$/, "").split("\n")) {
      trace.log.push(timeStamp(t) + line);
      this.add({ k: "log", t, thread, level, text: line, ...(site === undefined ? {} : { site }) });
    }
  }

  finding(finding: MachineFinding, index: number): void {
    const { trace, threads } = this.core.state;
    hashNumber(trace, finding.t);
    hashText(trace, `${finding.kind} ${finding.function} ${String(finding.line)}`);
    this.add({ k: "finding", t: finding.t, thread: threads.current, finding: index });
  }

  /** __tcs_event. */
  event(kind: number, a: bigint, b: bigint, c: bigint, d: bigint, rc: number): void {
    const { core } = this;
    const { trace, threads } = core.state;
    const t = core.now();
    const thread = threads.current;
    hashNumber(trace, t * 16 + kind);
    for (const value of [a, b, c, d]) hashNumber(trace, Number(BigInt.asUintN(53, value)));
    hashNumber(trace, rc);
    const frame = core.treeFrame(core.callSites());
    const site = frame === undefined ? {} : { site: frame };
    switch (kind) {
      case EVENT.hcall: {
        const name = HCALLS.get(Number(a)) ?? `hcall 0x${a.toString(16)}`;
        this.add({ k: "hcall", t, thread, name, liobn: Number(b), index: Number(c), count: Number(d), rc, ...site });
        return;
      }
      case EVENT.rtas:
        this.add({ k: "rtas", t, thread, name: RTAS.get(Number(a)) ?? `RTAS token 0x${a.toString(16)}`, liobn: Number(b), rc });
        return;
      case EVENT.map:
      case EVENT.unmap:
        this.add({ k: kind === EVENT.map ? "map" : "unmap", t, thread, buffer: Number(a), dma: `0x${BigInt.asUintN(64, b).toString(16)}` });
        return;
      case EVENT.detachStart:
        trace.detachStart = t;
        trace.mappedAtDetach = trace.mapped;
        return;
      case EVENT.detachEnd:
        trace.detachEnd = t;
        return;
      case EVENT.mapped:
      case EVENT.bits: {
        const value = Number(a);
        if (value === (kind === EVENT.mapped ? trace.mapped : trace.bits)) return;
        if (kind === EVENT.mapped) trace.mapped = value;
        else trace.bits = value;
        trace.peak = Math.max(trace.peak, trace.mapped);
        trace.occupancy.push({ t, mapped: trace.mapped, bits: trace.bits, ...site });
        return;
      }
      default:
        return;
    }
  }

  phase(name: string, begin: boolean): void {
    const { core } = this;
    const { trace, threads } = core.state;
    const thread = threads.current;
    const t = core.now();
    hashNumber(trace, t);
    hashText(trace, name);
    if (begin) {
      trace.phases.push({ thread, name, start: t });
      return;
    }
    const index = trace.phases.findLastIndex((phase) => phase.thread === thread && phase.name === name);
    const phase = trace.phases[index];
    if (phase === undefined) return;
    trace.phases.splice(index, 1);
    this.span({ thread, start: phase.start, end: t, kind: "phase", name });
  }

  private span(span: Span): void {
    this.core.state.trace.spans.push(span);
  }

  /** A thread ran from `start` until now. */
  ran(thread: Thread, start: number): void {
    const t = this.core.now();
    hashNumber(this.core.state.trace, t);
    hashNumber(this.core.state.trace, thread.id);
    if (t > start) this.span({ thread: thread.id, start, end: t, kind: "run", name: "run" });
  }

  /** A blocked thread goes on: its sleep or its wait for a lock is over. */
  waited(thread: Thread, sites: readonly number[], end: number): void {
    if (end <= thread.since) return;
    const site = this.core.treeFrame(sites);
    // An idle worker has no frame of the tree and no line in the timeline.
    if (site === undefined && thread.daemon) return;
    const name = site?.function ?? this.core.frame(sites[0] ?? -1).function;
    this.span({ thread: thread.id, start: thread.since, end, kind: thread.spin ? "lock" : "sleep", name, ...(site === undefined ? {} : { site }) });
  }

  died(thread: number, name: string): void {
    const t = this.core.now();
    this.span({ thread, start: t, end: t, kind: "dead", name });
  }
}
