// Records the timeline: events, spans of threads, occupancy of the TCE table, the kernel log with time stamps, and the
// running hash that identifies equal runs. Must not judge.

import type { Core } from "./core.js";
import type { Frame, MachineFinding, Span, TimelineEvent } from "./record.js";
import { hashNumber, hashText, type Thinning } from "./state.js";
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

/** RTAS calls by their tokens in engine/world's device tree. */
const RTAS: ReadonlyMap<number, string> = new Map([
  [0x2026, "ibm,query-pe-dma-window"],
  [0x2027, "ibm,create-pe-dma-window"],
  [0x2028, "ibm,remove-pe-dma-window"],
  [0x2029, "ibm,reset-pe-dma-windows"],
]);

export const EVENT = { hcall: 0, rtas: 1, map: 2, unmap: 3, unmapped: 4, detachStart: 5, detachEnd: 6, mapped: 7, bits: 8 } as const;

/** Maximum records that a run keeps of each kind of similar records (successful hypercalls, short spans, readings). */
const KEPT = 20_000;
/** Spans up to this long (ns) are similar records. */
const BRIEF_NS = 10_000_000;

function routine(event: TimelineEvent): boolean {
  return event.k === "map" || event.k === "unmap" || (event.k === "hcall" && event.rc === 0);
}

function brief(span: Span): boolean {
  return span.kind !== "phase" && span.kind !== "dead" && span.end - span.start <= BRIEF_NS;
}

export class Trace {
  constructor(private readonly core: Core) {}

  private add(event: TimelineEvent): void {
    const { trace } = this.core.state;
    trace.events.push(event);
    if (routine(event) && ++trace.thinEvents.kept > KEPT) {
      trace.events = this.thinned(trace.events, trace.thinEvents, routine);
      trace.thinEvents.kept >>>= 1;
    }
  }

  /** One or more lines of the kernel log; a trailing newline does not begin another line. */
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

  /** __tcs_event at time `t`, arguments by their lower 53 bits, and the halves of `b`. */
  event(kind: number, t: number, a: number, b: number, c: number, d: number, low: number, high: number, rc: number): void {
    const { core } = this;
    const { trace, threads } = core.state;
    const thread = threads.current;
    hashNumber(trace, t * 16 + kind);
    hashNumber(trace, a);
    hashNumber(trace, b);
    hashNumber(trace, c);
    hashNumber(trace, d);
    hashNumber(trace, rc);
    switch (kind) {
      case EVENT.hcall: {
        if (rc === 0 && this.skipped(trace.thinEvents)) return;
        this.add({ k: "hcall", t, thread, name: HCALLS.get(a) ?? `hcall 0x${a.toString(16)}`, liobn: b, index: c, count: d, rc, ...this.site() });
        return;
      }
      case EVENT.rtas:
        this.add({ k: "rtas", t, thread, name: RTAS.get(a) ?? `RTAS token 0x${a.toString(16)}`, liobn: b, rc });
        return;
      case EVENT.map:
      case EVENT.unmap: {
        if (this.skipped(trace.thinEvents)) return;
        const dma = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
        this.add({ k: kind === EVENT.map ? "map" : "unmap", t, thread, buffer: a, dma: `0x${dma.toString(16)}` });
        return;
      }
      case EVENT.detachStart:
        trace.detachStart = t;
        trace.mappedAtDetach = trace.mapped;
        return;
      case EVENT.detachEnd:
        trace.detachEnd = t;
        return;
      case EVENT.mapped:
      case EVENT.bits: {
        if (a === (kind === EVENT.mapped ? trace.mapped : trace.bits)) return;
        if (kind === EVENT.mapped) trace.mapped = a;
        else trace.bits = a;
        if (trace.mapped > trace.peak) trace.peak = trace.mapped;
        if (this.skipped(trace.thinOccupancy)) return;
        trace.occupancy.push({ t, mapped: trace.mapped, bits: trace.bits, ...this.site() });
        if (trace.occupancy.length > KEPT) trace.occupancy = this.thinned(trace.occupancy, trace.thinOccupancy, () => true);
        return;
      }
      default:
        return;
    }
  }

  private site(): { readonly site?: Frame } {
    const frame = this.core.treeFrame(this.core.callSites());
    return frame === undefined ? {} : { site: frame };
  }

  // ---- bounds -------------------------------------------------------------------------------------------------------

  /** Whether to drop this similar record: all but every `stride`-th are dropped. */
  private skipped(thin: Thinning): boolean {
    if (++thin.seen < thin.stride) {
      thin.left++;
      return true;
    }
    thin.seen = 0;
    return false;
  }

  /** Drops every other similar record and doubles the stride. */
  private thinned<T>(all: readonly T[], thin: Thinning, alike: (one: T) => boolean): T[] {
    let odd = false;
    const kept = all.filter((one) => !alike(one) || (odd = !odd));
    thin.left += all.length - kept.length;
    thin.stride *= 2;
    return kept;
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
    const { trace } = this.core.state;
    const short = brief(span);
    if (short && this.skipped(trace.thinSpans)) return;
    trace.spans.push(span);
    if (short && ++trace.thinSpans.kept > KEPT) {
      trace.spans = this.thinned(trace.spans, trace.thinSpans, brief);
      trace.thinSpans.kept >>>= 1;
    }
  }

  /** A thread ran from `start` until now. */
  ran(thread: Thread, start: number): void {
    const t = this.core.now();
    hashNumber(this.core.state.trace, t);
    hashNumber(this.core.state.trace, thread.id);
    if (t > start) this.span({ thread: thread.id, start, end: t, kind: "run", name: "run" });
  }

  /** A blocked thread continues: its sleep or its wait for a lock is over. */
  waited(thread: Thread, sites: readonly number[], end: number): void {
    if (end <= thread.since) return;
    const site = this.core.waitFrame(sites);
    // An idle worker has no frame of the tree: it is not in the timeline.
    if (site === undefined && thread.daemon) return;
    const name = site?.function ?? this.core.frame(sites[0] ?? -1).function;
    this.span({ thread: thread.id, start: thread.since, end, kind: thread.spin ? "lock" : "sleep", name, ...(site === undefined ? {} : { site }) });
  }

  died(thread: number, name: string): void {
    const t = this.core.now();
    this.span({ thread, start: t, end: t, kind: "dead", name });
  }
}
