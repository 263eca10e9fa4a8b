// From what the machine notices to findings and their consequences: the facts are gathered here, engine/machine/bugs
// judges them, and the thread or the run ends where a production kernel's would. Must not know the classes of bugs.

import { ACCESS_WRITE } from "../c/emit/index.js";
import { kernelName, NULL_GUARD } from "../c/ir/index.js";
import { judge, type Judged, lostMessage, type Suspicion } from "./bugs/index.js";
import { type Core, hex64, RunOver, ThreadEnd } from "./core.js";
import type { Dmesg } from "./dmesg.js";
import { HEAP_PRIVATE, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, objectAt, overwrite, release } from "./heap.js";
import { blockOf, locate, objectFacts } from "./locate.js";
import type { Frame, Lost, MachineFinding } from "./record.js";
import type { Trace } from "./trace.js";

type Details = Pick<MachineFinding, "access" | "object" | "allocated" | "freed">;

export class Faults {
  constructor(
    private readonly core: Core,
    private readonly trace: Trace,
    private readonly dmesg: Dmesg,
  ) {}

  /** Hook `fault`. Returns if a production kernel would allow the access, else ends the thread. */
  access(address: bigint, size: number, kind: number, site: number): void {
    const { core } = this;
    const full = BigInt.asUintN(64, address);
    const { target, object, heapObject } = locate(core, full, size, site);
    const verb = kind === ACCESS_WRITE ? "write" : "read";
    const sites = [site, ...core.callSites()];
    const text = this.treeText(sites);
    const known = core.state.findings.length;
    const verdict = judge({ k: "access", verb, size, text, target });
    this.record(verdict, sites, {
      access: { type: verb, size, address: `0x${hex64(full)}`, text },
      ...(object === undefined ? {} : { object }),
      ...(heapObject === undefined ? {} : this.history(heapObject)),
    });
    // A KASAN kernel reports each place once, so that a loop does not fill the log.
    if (core.options.params["report"] === 1n && heapObject !== undefined && core.state.findings.length > known)
      this.kasan(heapObject, object?.offset ?? 0, verb === "write", size, full, site);
    if (verdict?.severity !== "oops") return;
    this.dmesg.oops(verdict.oops?.(full) ?? `BUG: Unable to handle kernel data access on ${verb} at 0x${hex64(full)}`, site);
    throw new ThreadEnd("oops");
  }

  private kasan(object: HeapObject, offset: number, write: boolean, size: number, full: bigint, site: number): void {
    if (object.kind === HEAP_PRIVATE) return;
    const [major = 6, minor = 12] = (this.core.options.release ?? "").split(".").map(Number);
    const slab = object.kind === HEAP_SLAB;
    const freed = object.freed !== undefined;
    // Reports name the allocator since 6.4.
    const named = major > 6 || (major === 6 && minor >= 4) ? "slab-use-after-free" : "use-after-free";
    const bug = object.kind === HEAP_VMALLOC ? "vmalloc-out-of-bounds" : !slab ? "use-after-free" : freed ? named : "slab-out-of-bounds";
    this.dmesg.kasan({
      bug,
      write,
      size,
      address: hex64(full),
      site,
      ...(slab ? { allocated: object.allocated } : {}),
      ...(slab && object.freed !== undefined ? { freed: object.freed } : {}),
      ...(slab ? { slab: { base: this.core.address(object.base, object.kind), size: object.size, offset, freed } } : {}),
    });
  }

  /** Hook `badcall`: a call through a pointer to no function, or to one of another type. The call's site is already on the stack. */
  badCall(address: bigint, site: number, otherType: boolean): void {
    const { core } = this;
    const full = BigInt.asUintN(64, address);
    const target = otherType ? "other-type" : full < BigInt(NULL_GUARD) ? "null" : "no-function";
    const text = core.program.sites[site]?.text ?? "";
    this.record(judge({ k: "call", text, target }), core.callSites(), { access: { type: "call", size: 0, address: `0x${hex64(full)}`, text } });
    this.dmesg.oops(`BUG: Unable to handle kernel instruction fetch at 0x${hex64(full)}`, site);
    throw new ThreadEnd("oops");
  }

  /** Hook `divzero`. The thread continues, as on powerpc. */
  divideByZero(frame: Frame): void {
    const stack = [frame, ...this.core.frames(this.core.callSites())];
    this.add(judge({ k: "division-by-zero" }), `divide:${frame.file}:${String(frame.line)}`, frame, stack, {});
  }

  /** __tcs_free. */
  free(address: number, kind: number): void {
    if (address === 0) return;
    const { core } = this;
    const { heap } = core.state;
    const index = objectAt(heap, address);
    const last = heap.objects[index];
    const object = last !== undefined && (last.base === address || address < last.base + last.size) ? last : undefined;
    const offset = object === undefined ? 0 : address - object.base;
    const verdict = judge({ k: "free", block: object === undefined ? undefined : blockOf(object), offset, matches: object?.kind === kind });
    if (verdict !== undefined) {
      const sites = core.callSites();
      this.record(verdict, sites, {
        access: { type: "free", size: 0, address: `0x${hex64(core.address(address, kind))}`, text: core.program.sites[sites[0] ?? -1]?.text ?? "" },
        ...(object === undefined ? {} : { object: objectFacts(object, offset), ...this.history(object) }),
      });
    }
    if (object === undefined || offset !== 0 || object.freed !== undefined) return;
    release(heap, core.bytes, index, core.here());
    if (kind === HEAP_SLAB) overwrite(core.bytes, object, Number(core.options.params["slab"] ?? 0n), Number(core.options.params["seed"] ?? 1n));
  }

  /** __tcs_finding. */
  report(code: number, text: string): void {
    const { core, dmesg } = this;
    const sites = core.callSites();
    const { file, line } = core.placeOf(sites);
    const verdict = judge({ k: "report", code, text });
    this.record(verdict, sites, {});
    switch (verdict?.effect) {
      case "bug":
        dmesg.bug(file, line);
        throw new ThreadEnd("BUG");
      case "warn":
        dmesg.warning(file, line);
        return;
      case "panic":
        dmesg.panic(text);
        core.state.end = { k: "panic", message: text };
        throw new RunOver(text);
      case undefined:
        return;
    }
  }

  /** A thread kept its CPU for so long that the kernel's watchdog reports it. */
  lockup(id: number, sites: readonly number[], ns: number): void {
    const { file, line } = this.core.placeOf(sites);
    this.recordStopped({ k: "lockup", thread: this.core.threadName(id), ns }, sites, `lockup:${String(id)}:${file}:${String(line)}`);
  }

  /** The run is over, and a thread still polls for its condition. */
  polls(id: number, sites: readonly number[], ns: number): void {
    this.recordStopped({ k: "polling", thread: this.core.threadName(id), ns }, sites, `polls:${String(id)}`);
  }

  /** The run is over, and a thread waits for something that cannot happen. */
  hang(id: number, sites: readonly number[], spins: boolean): void {
    const { core } = this;
    this.recordStopped({ k: "stuck", thread: core.threadName(id), spins, afterDeath: core.state.oopses > 0 }, sites, `hang:${String(id)}`);
  }

  /** Memory of the tree that is still allocated at the end and that nothing points to. */
  leak(object: HeapObject): void {
    const { core } = this;
    const details = { object: objectFacts(object, 0), ...this.history(object) };
    this.record(judge({ k: "unreachable", block: blockOf(object) }), object.allocated.sites, details, core.threadName(object.allocated.thread));
  }

  /** Memory that was lost before the judged part of the run began. */
  lost(): readonly Lost[] {
    const { core } = this;
    const { heap, lost } = core.state;
    return lost.flatMap((base): readonly Lost[] => {
      const object = heap.objects[objectAt(heap, base)];
      if (object === undefined || object.freed !== undefined) return [];
      const { function: name, file, line } = core.placeOf(object.allocated.sites);
      const { kind, size } = blockOf(object);
      return [{ message: lostMessage(blockOf(object)), function: name, file, line, object: { kind, size }, allocated: core.stackEvent(object.allocated) }];
    });
  }

  // ---- findings -----------------------------------------------------------------------------------------------------

  /** Text of the innermost line of the tree: the access itself, or the call of a service that made it. */
  private treeText(sites: readonly number[]): string {
    const { core } = this;
    const site = sites.find((at) => core.functionOf(at)?.origin === "tree") ?? sites[0] ?? -1;
    return kernelName(core.program.sites[site]?.text ?? "");
  }

  private history(object: HeapObject): Details {
    const { core } = this;
    return { allocated: core.stackEvent(object.allocated), ...(object.freed === undefined ? {} : { freed: core.stackEvent(object.freed) }) };
  }

  private record(verdict: Judged | undefined, sites: readonly number[], details: Details, thread?: string): void {
    if (verdict === undefined) return;
    const frame = this.core.placeOf(sites);
    const key = `${verdict.kind}:${String(sites[0] ?? -1)}:${frame.file}:${String(frame.line)}`;
    this.add(verdict, key, frame, this.core.frames(sites), details, thread);
  }

  private recordStopped(event: Suspicion & { readonly thread: string }, sites: readonly number[], key: string): void {
    this.add(judge(event), key, this.core.placeOf(sites), this.core.frames(sites), {}, event.thread);
  }

  /** The first finding with a key is kept; later ones only count. */
  private add(
    verdict: Judged | undefined,
    key: string,
    at: Frame,
    stack: readonly Frame[],
    details: Details,
    thread: string = this.core.threadName(this.core.state.threads.current),
  ): void {
    if (verdict === undefined) return;
    const { state, program } = this.core;
    const { kind, severity, message, condition } = verdict;
    const known = state.findingKeys.indexOf(key);
    const seen = state.findings[known];
    if (seen !== undefined) {
      state.findings[known] = { ...seen, count: seen.count + 1 };
      return;
    }
    const names = [...program.assumed.keys()];
    const assumed = state.assumed.map((index) => names[index] ?? "?");
    const finding: MachineFinding = {
      kind,
      severity,
      message,
      function: at.function,
      file: at.file,
      line: at.line,
      t: this.core.now(),
      thread,
      stack,
      count: 1,
      ...details,
      ...(condition === undefined ? {} : { condition }),
      ...(assumed.length > 0 ? { assumed } : {}),
    };
    state.findings.push(finding);
    state.findingKeys.push(key);
    this.trace.finding(finding, state.findings.length - 1);
  }
}
