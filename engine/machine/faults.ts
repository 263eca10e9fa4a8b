// From a bad access, free or report to a finding: which object it hit, whether a production kernel would notice, and
// with that whether the run goes on or the thread ends. It asks the shadow and the heap, never the kernel's code.

import { ACCESS_WRITE, ALLOCA_LEFT, ALLOCA_RIGHT, STACKS_BASE } from "../c/emit/index.js";
import { DATA_BASE, kernelName, MEMORY_SIZE, NULL_GUARD, TAG_LINEAR, TAG_MASK } from "../c/ir/index.js";
import { type Core, hex64, RunOver, ThreadEnd } from "./core.js";
import type { Dmesg } from "./dmesg.js";
import { HEAP_PAGES, HEAP_PRIVATE, HEAP_SLAB, HEAP_VMALLOC, type HeapObject, objectAt, overwrite, release } from "./heap.js";
import type { FindingKind, FindingSeverity, Frame, Lost, MachineFinding, ObjectKind } from "./record.js";
import { POISON, shadowReason } from "./shadow.js";
import { stackPlace } from "./stack-frames.js";
import type { Trace } from "./trace.js";

/** Values of `kind` in __tcs_finding. */
const REPORTED: readonly (readonly [FindingKind, FindingSeverity])[] = [
  ["bug", "oops"],
  ["warn", "warning"],
  ["panic", "oops"],
  ["failed-hypercall", "warning"],
  ["refcount", "warning"],
  ["locking", "silent"],
  ["leak", "silent"],
];

/** An access this far behind an object still counts as out of its bounds; further away it is wild. */
const NEAR = 0x1000;

interface Hit {
  readonly kind: FindingKind;
  readonly severity: FindingSeverity;
  readonly what: string;
  readonly object?: HeapObject;
  readonly objectKind?: ObjectKind;
  readonly offset?: number;
  /** Of what is no heap object. */
  readonly size?: number;
}

type Extra = Pick<MachineFinding, "access" | "object" | "allocated" | "freed" | "condition">;

export class Faults {
  constructor(
    private readonly core: Core,
    private readonly trace: Trace,
    private readonly dmesg: Dmesg,
  ) {}

  /** Hook `fault`. Returns for an access that a production kernel would let pass; else ends the thread. */
  access(address: bigint, size: number, kind: number, site: number): void {
    const full = BigInt.asUintN(64, address);
    const hit = this.classify(full, size, site);
    const verb = kind === ACCESS_WRITE ? "write" : "read";
    const sites = [site, ...this.core.callSites()];
    const text = this.textOf(sites);
    const at = text === "" ? "" : ` (${text})`;
    const known = this.core.state.findings.length;
    this.record(hit.kind, hit.severity, `${verb === "read" ? "Read" : "Write"} of ${bytes(size)} ${hit.what}${at}.`, sites, {
      access: { type: verb, size, address: `0x${hex64(full)}`, text },
      ...this.describe(hit),
    });
    // A KASAN kernel reports; each place once, so that a loop does not fill the log.
    if (this.core.options.params["report"] === 1n && hit.object !== undefined && this.core.state.findings.length > known)
      this.kasan(hit, verb === "write", size, full, site);
    if (hit.severity !== "oops") return;
    const first =
      hit.kind === "null-dereference"
        ? `BUG: Kernel NULL pointer dereference on ${verb} at 0x${BigInt.asUintN(32, full).toString(16).padStart(8, "0")}`
        : `BUG: Unable to handle kernel data access on ${verb} at 0x${hex64(full)}`;
    this.dmesg.oops(first, site);
    throw new ThreadEnd("oops");
  }

  private kasan(hit: Hit, write: boolean, size: number, full: bigint, site: number): void {
    const { object } = hit;
    if (object === undefined || object.kind === HEAP_PRIVATE) return;
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
      ...(slab ? { slab: { base: this.core.address(object.base, object.kind), size: object.size, offset: hit.offset ?? 0, freed } } : {}),
    });
  }

  /** Hook `badcall`: a call through a pointer to no function, or to one of another type. The call's site is already on the stack. */
  badCall(address: bigint, site: number, otherType: boolean): void {
    const full = BigInt.asUintN(64, address);
    const kind = full < BigInt(NULL_GUARD) ? "null-dereference" : "wild-access";
    const text = this.core.program.sites[site]?.text ?? "";
    const what = otherType ? "to a function of another type" : full < BigInt(NULL_GUARD) ? "through a null pointer" : "to an address that is not a function";
    this.record(kind, "oops", `Call ${what}${text === "" ? "" : ` (${text})`}.`, this.core.callSites(), {
      access: { type: "call", size: 0, address: `0x${hex64(full)}`, text },
    });
    this.dmesg.oops(`BUG: Unable to handle kernel instruction fetch at 0x${hex64(full)}`, site);
    throw new ThreadEnd("oops");
  }

  /** A division by zero; powerpc leaves the result undefined and goes on. */
  divideByZero(frame: Frame): void {
    const key = `divide:${frame.file}:${String(frame.line)}`;
    this.add(key, "bug", "silent", "Division by zero.", frame, [frame, ...this.core.frames(this.core.callSites())], {});
  }

  /** __tcs_free. */
  free(address: number, kind: number): void {
    if (address === 0) return;
    const { core } = this;
    const { heap } = core.state;
    const index = objectAt(heap, address);
    const object = heap.objects[index];
    const sites = core.callSites();
    const access = { type: "free", size: 0, address: `0x${hex64(core.address(address, kind))}`, text: core.program.sites[sites[0] ?? -1]?.text ?? "" } as const;
    if (object?.base === address && object.freed !== undefined) {
      const severity = object.kind === HEAP_VMALLOC ? "warning" : "silent";
      this.record("double-free", severity, `Double free of ${nameOf(object)}.`, sites, { access, ...this.describe(hitOf(object, 0)) });
      return;
    }
    if (object?.base !== address) {
      const inside = object !== undefined && address < object.base + object.size;
      const what = inside ? `a pointer ${bytes(address - object.base)} into ${nameOf(object)}` : "a pointer that was never allocated";
      const hit = inside ? this.describe(hitOf(object, address - object.base)) : {};
      this.record("invalid-free", "silent", `Invalid free of ${what}.`, sites, { access, ...hit });
      return;
    }
    if (object.kind !== kind) {
      this.record("invalid-free", "silent", `Invalid free of ${nameOf(object)}: freed with the wrong function.`, sites, {
        access,
        ...this.describe(hitOf(object, 0)),
      });
    }
    release(heap, core.bytes, index, core.here());
    if (kind === HEAP_SLAB) overwrite(core.bytes, object, Number(core.options.params["slab"] ?? 0n), Number(core.options.params["seed"] ?? 1n));
  }

  /** __tcs_finding. */
  report(kind: number, text: string): void {
    const { core, dmesg } = this;
    const [finding, severity] = REPORTED[kind] ?? ["warn", "warning"];
    const sites = core.callSites();
    const frame = this.place(sites);
    // lib/refcount.c reports through WARN; what it reports is a class of its own.
    this.record(finding === "warn" && text.includes(" refcount_t: ") ? "refcount" : finding, severity, text, sites, {});
    switch (finding) {
      case "bug":
        dmesg.bug(frame.file, frame.line);
        throw new ThreadEnd("BUG");
      case "warn":
        dmesg.warning(frame.file, frame.line);
        return;
      case "panic":
        dmesg.panic(text);
        core.state.end = { k: "panic", message: text };
        throw new RunOver(text);
      default:
        return;
    }
  }

  /** A thread that kept its CPU for so long that the kernel's watchdog reports it. */
  lockup(id: number, sites: readonly number[], ns: number): void {
    const { core } = this;
    const name = core.threadName(id);
    const frame = this.place(sites);
    const seconds = String(Math.floor(ns / 1e9));
    const message = `Soft lockup: ${name} kept its CPU for ${seconds} s without scheduling.`;
    this.add(`lockup:${String(id)}:${frame.file}:${String(frame.line)}`, "hang", "warning", message, frame, core.frames(sites), {}, name);
  }

  /** A thread that has not got what it waits for in all of the run's time, though it looks again and again. */
  polls(id: number, sites: readonly number[], ns: number): void {
    const { core } = this;
    const name = core.threadName(id);
    const message = `${name} still polls after ${String(ns / 1e9)} s for a condition that did not become true.`;
    this.add(`polls:${String(id)}`, "hang", "warning", message, this.place(sites), core.frames(sites), {}, name);
  }

  /** Memory of the tree's that is still allocated at the end and that nothing points to. */
  leak(object: HeapObject): void {
    const { core } = this;
    const { sites } = object.allocated;
    const frame = this.place(sites);
    const key = `leak:${String(sites[0] ?? -1)}:${frame.file}:${String(frame.line)}`;
    const extra = this.describe({ ...hitOf(object, 0), kind: "leak" });
    const message = `Memory leak: ${nameOf(object)} allocated here is never freed; at the end of the run nothing points to it.`;
    this.add(key, "leak", "silent", message, frame, core.frames(sites), extra, core.threadName(object.allocated.thread));
  }

  /** What was lost before the part of the run that is judged began. */
  lost(): readonly Lost[] {
    const { core } = this;
    const { heap, lost } = core.state;
    return lost.flatMap((base): readonly Lost[] => {
      const object = heap.objects[objectAt(heap, base)];
      if (object === undefined || object.freed !== undefined) return [];
      const frame = this.place(object.allocated.sites);
      const message = `${sentence(nameOf(object))} was leaked before the removal began: nothing pointed to it.`;
      const { function: name, file, line } = frame;
      return [{ message, function: name, file, line, object: { kind: kindOf(object), size: object.size }, allocated: core.stackEvent(object.allocated) }];
    });
  }

  /** A thread that can never go on, found when the run is over. */
  hang(id: number, sites: readonly number[], spin: boolean): void {
    const { core } = this;
    const name = core.threadName(id);
    const frame = this.place(sites);
    const doing = spin ? "spins on a lock" : "sleeps";
    const died = core.state.oopses > 0 ? { condition: "Another thread died earlier and did not release its locks." } : {};
    this.add(`hang:${String(id)}`, "hang", "warning", `${name} ${doing} forever.`, frame, core.frames(sites), died, name);
  }

  // ---- findings -----------------------------------------------------------------------------------------------------

  private place(sites: readonly number[]): Frame {
    return this.core.placeOf(sites);
  }

  /** What the tree's own line says: the access, or the service it calls. */
  private textOf(sites: readonly number[]): string {
    const { core } = this;
    const site = sites.find((at) => core.functionOf(at)?.origin === "tree") ?? sites[0] ?? -1;
    return kernelName(core.program.sites[site]?.text ?? "");
  }

  private record(kind: FindingKind, severity: FindingSeverity, message: string, sites: readonly number[], extra: Extra): void {
    const frame = this.place(sites);
    this.add(`${kind}:${String(sites[0] ?? -1)}:${frame.file}:${String(frame.line)}`, kind, severity, message, frame, this.core.frames(sites), extra);
  }

  /** The first finding of a kind at a place is kept; further ones only count. */
  private add(
    key: string,
    kind: FindingKind,
    severity: FindingSeverity,
    message: string,
    at: Frame,
    stack: readonly Frame[],
    extra: Extra,
    thread: string = this.core.threadName(this.core.state.threads.current),
  ): void {
    const { state, program } = this.core;
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
      ...extra,
      ...(assumed.length > 0 ? { assumed } : {}),
    };
    state.findings.push(finding);
    state.findingKeys.push(key);
    this.trace.finding(finding, state.findings.length - 1);
  }

  private describe(hit: Hit): Extra {
    const { object, objectKind, offset } = hit;
    if (object === undefined) return objectKind === undefined ? {} : { object: { kind: objectKind, size: hit.size ?? 0, offset: offset ?? 0 } };
    return {
      object: { kind: kindOf(object), size: object.size, offset: offset ?? 0 },
      allocated: this.core.stackEvent(object.allocated),
      ...(object.freed === undefined ? {} : { freed: this.core.stackEvent(object.freed) }),
    };
  }

  /** A place between the globals. */
  private globalHit(offset: number): Hit | undefined {
    const { program } = this.core;
    if (offset >= program.dataEnd) return undefined;
    const before = program.globals.findLast((global) => global.addr <= offset);
    const name = before === undefined || before.name === "" ? "a string constant" : before.name;
    return {
      kind: "out-of-bounds",
      severity: "silent",
      what: before === undefined ? "before all globals" : `${bytes(Math.max(0, offset - before.addr - before.size))} past the end of ${name}`,
      objectKind: "global",
      ...(before === undefined ? {} : { offset: offset - before.addr, size: before.size }),
    };
  }

  /** A redzone in a frame, or a stack that is no longer one. */
  private stackHit(at: number, site: number, reason: number): Hit {
    const hit = { severity: "silent", objectKind: "stack" } as const;
    if (reason === POISON.stackEnded) return { ...hit, kind: "use-after-free", what: "on the stack of a thread that has ended" };
    const kind = "out-of-bounds";
    if (reason === ALLOCA_LEFT || reason === ALLOCA_RIGHT) {
      const side = reason === ALLOCA_LEFT ? "before" : "past the end of";
      return { ...hit, kind, what: `${side} a variable-length array on the stack` };
    }
    const place = stackPlace(this.core, at, site);
    if (place === undefined) return { ...hit, kind, what: "on a stack, out of bounds" };
    const { fn, variable, offset } = place;
    const name = `${variable.name === "" ? "a variable" : variable.name} on the stack of ${kernelName(fn.name)}`;
    const past = offset - variable.size;
    const what = offset < 0 ? `${bytes(-offset)} before ${name}` : past >= 0 ? `${bytes(past)} past the end of ${name}` : `across the end of ${name}`;
    return { ...hit, kind, what, offset, size: variable.size };
  }

  // ---- what was hit ---------------------------------------------------------------------------------------------------

  private classify(full: bigint, size: number, site: number): Hit {
    if (full < BigInt(NULL_GUARD)) {
      const offset = Number(full);
      return { kind: "null-dereference", severity: "oops", what: offset === 0 ? "through a null pointer" : `at offset ${String(offset)} from a null pointer` };
    }
    const upper = Number(full >> 32n);
    const offset = Number(full & 0xffffffffn);
    // Bitwise operators work on signed 32-bit numbers: both sides are brought back to unsigned.
    const valid = (upper & TAG_MASK) >>> 0 === TAG_LINEAR && offset >= DATA_BASE && offset + size <= MEMORY_SIZE;
    if (!valid) return { kind: "wild-access", severity: "oops", what: "at an address outside kernel memory" };
    const { heap } = this.core.state;
    const reason = shadowReason(this.core.bytes, offset, size);
    if (offset >= STACKS_BASE) return this.stackHit(offset, site, reason);
    const global = this.globalHit(offset);
    if (global !== undefined) return global;
    const object = heap.objects[objectAt(heap, offset)];
    const next = heap.objects[objectAt(heap, offset) + 1];
    if (object !== undefined && offset < object.base + Math.max(object.size, 1)) {
      const hit = hitOf(object, offset - object.base);
      if (object.freed !== undefined) return { ...hit, what: `at offset ${String(offset - object.base)} of ${nameOf(object, "freed ")}` };
      return { ...hit, kind: "out-of-bounds", what: `across the end of ${nameOf(object)}` };
    }
    if (next !== undefined && offset + size > next.base - 8) {
      return { ...hitOf(next, offset - next.base), kind: "out-of-bounds", what: `${bytes(next.base - offset)} before ${nameOf(next)}` };
    }
    if (object !== undefined && offset < object.base + object.size + NEAR) {
      const past = offset - object.base - object.size;
      const freed = object.freed === undefined ? "" : "freed ";
      return { ...hitOf(object, offset - object.base), kind: "out-of-bounds", what: `${bytes(past)} past the end of ${nameOf(object, freed)}` };
    }
    return { kind: "wild-access", severity: "oops", what: "in memory that was never allocated" };
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function bytes(count: number): string {
  return count === 1 ? "1 byte" : `${String(count)} bytes`;
}

function kindOf(object: HeapObject): ObjectKind {
  switch (object.kind) {
    case HEAP_SLAB:
      return "slab";
    case HEAP_VMALLOC:
      return "vmalloc";
    case HEAP_PAGES:
      return "pages";
    case HEAP_PRIVATE:
    default:
      return "unknown";
  }
}

function nameOf(object: HeapObject, state = ""): string {
  const article = state === "" && /^(?:8|1[18]$)/.test(String(object.size)) ? "an" : "a";
  const size = `${article} ${state}${String(object.size)}-byte`;
  switch (kindOf(object)) {
    case "slab":
      return `${size} slab object`;
    case "vmalloc":
      return `${size} vmalloc area`;
    case "pages":
      return `${bytes(object.size)} of ${state}pages`;
    default:
      return `${size} object of the simulator`;
  }
}

/** Only an unmapped vmalloc area faults; the linear mapping stays readable and writable. */
function hitOf(object: HeapObject, offset: number): Hit {
  return { kind: "use-after-free", severity: object.kind === HEAP_VMALLOC ? "oops" : "silent", what: "", object, offset };
}
