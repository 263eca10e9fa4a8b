// From the kernel's lines to the reports in them: oops, KASAN report, BUG, WARNING, panic, or a bare call trace, each with
// its stack. Reads powerpc's format first and knows enough of other machines' to name their functions. Never fails.

import { type LogLine, logLines } from "./log-lines.js";

export type ReportKind = "oops" | "kasan" | "bug" | "warning" | "panic" | "trace" | "message";
export type Architecture = "powerpc" | "x86" | "arm64" | "riscv" | "s390";

export interface TraceFrame {
  readonly function: string;
  /** Of a module that is not part of the kernel's image. */
  readonly module?: string;
}

/** The address that could not be accessed, if the text contains it. */
export interface Fault {
  readonly access?: "read" | "write" | "execute";
  readonly where: "null" | "vmalloc" | "linear" | "elsewhere" | "unknown";
}

export interface KernelReport {
  readonly kind: ReportKind;
  /** 1-based line of the pasted text at which it begins. */
  readonly line: number;
  /** Its first line. */
  readonly headline: string;
  readonly fault?: Fault;
  /** As KASAN names it, such as slab-use-after-free. */
  readonly bug?: string;
  readonly size?: number;
  /** Innermost first. */
  readonly stack: readonly TraceFrame[];
  readonly allocated: readonly TraceFrame[];
  readonly freed: readonly TraceFrame[];
  readonly thread?: string;
  /** The work function a worker was in. */
  readonly work?: string;
  /** Lines before it that belong to no report, oldest first; at most MESSAGES. */
  readonly before: readonly string[];
}

export interface OopsText {
  readonly reports: readonly KernelReport[];
  /** Undefined if no report contains it. */
  readonly architecture?: Architecture;
  /** The kernel's release, from the reports. */
  readonly release?: string;
  /** The powerpc platform, as the kernel names it: pSeries, PowerNV, PowerMac. */
  readonly platform?: string;
  /** Every line that belongs to no report, with its place. */
  readonly messages: readonly LogLine[];
}

/** Lines kept before a report. */
export const MESSAGES = 12;
/** Lines that are older than this, in seconds, have nothing to do with the report. */
const NEAR_S = 1;
/** A pasted log with more reports than this repeats itself. */
const MAX_REPORTS = 200;

const FRAME =
  /^\s*(?:#\d+ )?(?:\[<?[0-9a-f]{8,16}>?\] ?){0,2}(?:\([^)]{1,20}\) ?)?(\? )?\.?([A-Za-z_][\w$]*)(?:\.[\w.]+)?\+(?:0x)?[0-9a-f]+\/(?:0x)?[0-9a-f]+(?: \[(\w+)[^\]]*\])?/;
const NIP = /^(?:NIP|PC) \[[0-9a-f]+\] (.*)$/;
const IP = /^(?:RIP: [0-9a-f]{4}:|pc : |epc : |Krnl PSW : .*\()(.*)$/;
const MARKER = /^\s*<\/?(?:TASK|IRQ|NMI|SOFTIRQ)>|^\s*=+ .* =+$|^---- /;
const CPU_LINE = /^CPU: \d+ (?:UID: \d+ )?PID: \d+ Comm: (.+?) (?:Kdump: loaded )?(?:Not tainted|Tainted: (?:\[?[A-Z]\]? *)+) *([\w.+~-]+)/;

const ARCHITECTURE: readonly (readonly [Architecture, RegExp])[] = [
  [
    "powerpc",
    /^(?:NIP |NIP: |GPR\d\d: |LE PAGE_SIZE=|BE PAGE_SIZE=|Faulting instruction address)|start_kernel_thread\+|ret_from_kernel_thread\+|\bpSeries\b|\bPowerNV\b/,
  ],
  ["x86", /^(?:RIP: |RSP: |RAX: |CR2: |\s*(?:\? )?ret_from_fork_asm\+|\s*(?:\? )?asm_\w+\+|\s*(?:\? )?entry_SYSCALL_64)/],
  ["arm64", /^(?:pstate: |Internal error: |Mem abort info:|x29: )|\bel[01]\w*_sync\+|\bel0_svc\+/],
  ["riscv", /^(?:epc : |status: [0-9a-f]{16} badaddr)/],
  ["s390", /^(?:Krnl PSW|Krnl GPRS|Last Breaking-Event)/],
];

function frameOf(text: string): { readonly frame: TraceFrame; readonly guess: boolean } | undefined {
  const m = FRAME.exec(text);
  if (m?.[2] === undefined) return undefined;
  return { frame: { function: m[2], ...(m[3] === undefined ? {} : { module: m[3] }) }, guess: m[1] !== undefined };
}

function regionOf(address: string | undefined): Fault["where"] {
  if (address === undefined) return "unknown";
  const a = BigInt(`0x${address.replace(/^0x/, "")}`);
  if (a < 0x10000n) return "null";
  // Radix and hash kernels of powerpc64 put vmalloc into these ranges; those of other machines are not distinguished.
  if (a >> 48n === 0xc008n || a >> 48n === 0xc003n || a >> 60n === 0xdn) return "vmalloc";
  return a >> 56n === 0xc0n ? "linear" : "elsewhere";
}

function faultOf(text: string): Fault {
  const access = /\bon (read|write)\b/.exec(text)?.[1] ?? /\((read|write)\b/.exec(text)?.[1] ?? (text.includes("instruction fetch") ? "execute" : undefined);
  const address = /(?:at|address:?|for address:?)\s+(?:virtual address )?(?:0x)?([0-9a-f]{4,16})\b/.exec(text)?.[1];
  const where = /NULL pointer/i.test(text) ? "null" : regionOf(address);
  return { where, ...(access === "read" || access === "write" || access === "execute" ? { access } : {}) };
}

/** The last word of the line with page size, MMU and SMP. */
const PLATFORM = /^(?:LE |BE )?(?:PAGE_SIZE=\S+ .*|(?:Hash |Radix )?SMP .*|PREEMPT .*)\b(pSeries|PowerNV|PowerMac|CHRP|Maple|PA Semi|Cell|PS3)\b/;

/** First lines of reports, the most informative first. */
const HEADERS: readonly (readonly [ReportKind, RegExp])[] = [
  ["kasan", /^BUG: KASAN: /],
  [
    "oops",
    /^(?:BUG: )?[Uu]nable to handle (?:kernel|page)|^BUG: [Uu]nable to handle |^BUG: [Kk]ernel NULL pointer|^general protection fault|^Oops: |^Internal error: |^Unable to handle /,
  ],
  ["bug", /^kernel BUG at |^BUG: (?:sleeping|scheduling|spinlock|workqueue|soft|unable)/],
  ["warning", /^WARNING: (?:CPU: |possible|at )/],
  ["panic", /^Kernel panic - not syncing: /],
];

interface Open {
  kind: ReportKind;
  line: number;
  headline: string;
  fault?: Fault;
  bug?: string;
  size?: number;
  nip?: TraceFrame;
  stack: TraceFrame[];
  allocated: TraceFrame[];
  freed: TraceFrame[];
  thread?: string;
  work?: string;
  before: string[];
}

class Reader {
  private readonly reports: KernelReport[] = [];
  private readonly messages: LogLine[] = [];
  private open: Open | undefined;
  /** The report that collects frames. */
  private section: TraceFrame[] | undefined;
  private architecture: Architecture | undefined;
  private release: string | undefined;
  private platform: string | undefined;

  read(lines: readonly LogLine[]): OopsText {
    for (const line of lines) if (this.reports.length < MAX_REPORTS) this.line(line);
    this.close();
    return {
      reports: this.reports,
      ...(this.architecture === undefined ? {} : { architecture: this.architecture }),
      ...(this.release === undefined ? {} : { release: this.release }),
      ...(this.platform === undefined ? {} : { platform: this.platform }),
      messages: this.messages,
    };
  }

  private begin(kind: ReportKind, line: LogLine, headline: string): Open {
    this.close();
    const stamped = this.messages.some((m) => m.t !== undefined);
    const near = (m: LogLine): boolean => (m.t === undefined ? !stamped : line.t === undefined || line.t - m.t < NEAR_S);
    const before = this.messages
      .slice(-MESSAGES)
      .filter(near)
      .map((m) => m.text.trim());
    return (this.open = { kind, line: line.line, headline, stack: [], allocated: [], freed: [], before });
  }

  private close(): void {
    const { open } = this;
    this.open = undefined;
    this.section = undefined;
    if (open === undefined) return;
    const { nip, stack, ...rest } = open;
    const completeStack = nip === undefined || stack[0]?.function === nip.function ? stack : [nip, ...stack];
    // A "CPU:" line alone, or a header in running text, is no report.
    if (completeStack.length === 0 && open.kind !== "panic" && open.kind !== "kasan") return;
    this.reports.push({ ...rest, stack: completeStack });
  }

  private line(line: LogLine): void {
    const text = line.text.trim();
    for (const [name, pattern] of ARCHITECTURE) if (this.architecture === undefined && pattern.test(text)) this.architecture = name;
    if (this.header(line, text) || this.within(line, text)) return;
    if (text !== "" && !/^=+$/.test(text)) this.messages.push(line);
  }

  /** The message before a bare trace: the last line that is not one of a list of values. */
  private headlineOfTrace(): string | undefined {
    return this.messages
      .slice(-MESSAGES)
      .map((m) => m.text)
      .findLast((text) => !/^\s|^\w+\s*=/.test(text) && text.trim() !== "")
      ?.trim();
  }

  /** A first line of a report; an oops has several that could be one. */
  private header(line: LogLine, text: string): boolean {
    const found = HEADERS.find(([, pattern]) => pattern.test(text));
    if (found === undefined) return false;
    const [kind] = found;
    const begun = this.open?.stack.length === 0 && this.open.nip === undefined ? this.open.kind : undefined;
    if ((begun === "oops" || begun === "bug") && /^(?:Oops|Internal error): /.test(text)) return true;
    const open = this.begin(kind, line, text);
    if (kind === "oops") open.fault = faultOf(text);
    const bug = /^BUG: KASAN: (\S+)/.exec(text)?.[1];
    if (bug !== undefined) open.bug = bug;
    return true;
  }

  private within(line: LogLine, text: string): boolean {
    const cpu = CPU_LINE.exec(text);
    if (cpu !== null) {
      if (this.open === undefined || this.open.stack.length > 0) this.begin("trace", line, this.headlineOfTrace() ?? text);
      if (this.open !== undefined && cpu[1] !== undefined) this.open.thread = cpu[1];
      this.release ??= cpu[2];
      return true;
    }
    if (/^Call [Tt]race:/.test(text)) {
      if (this.open === undefined || this.open.stack.length > 0) this.begin("trace", line, this.headlineOfTrace() ?? text);
      this.section = this.open?.stack;
      return true;
    }
    const { open } = this;
    if (open === undefined) {
      // A trace whose head was cut off.
      const first = frameOf(line.text);
      if (first === undefined || first.guess || !/^\s*\[/.test(line.text)) return false;
      this.section = this.begin("trace", line, this.headlineOfTrace() ?? text).stack;
      this.section.push(first.frame);
      return true;
    }
    const nip = NIP.exec(text)?.[1] ?? IP.exec(text)?.[1];
    if (nip !== undefined) {
      const frame = frameOf(nip)?.frame;
      if (frame !== undefined) open.nip ??= frame;
      return true;
    }
    const access = /^(Read|Write) of size (\d+) at addr ([0-9a-f]+)/.exec(text);
    if (access !== null) {
      open.fault = { access: access[1] === "Write" ? "write" : "read", where: regionOf(access[3]) };
      open.size = Number(access[2]);
      return true;
    }
    const event = /^(Allocated|Freed) by task/.exec(text)?.[1];
    if (event !== undefined) {
      this.section = event === "Allocated" ? open.allocated : open.freed;
      return true;
    }
    const work = /^Workqueue: \S+ (\w+)/.exec(text)?.[1];
    if (work !== undefined) {
      open.work = work;
      return true;
    }
    if (MARKER.test(text)) return true;
    const frame = frameOf(line.text);
    if (frame !== undefined && this.section !== undefined) {
      if (!frame.guess) this.section.push(frame.frame);
      return true;
    }
    return this.rest(open, text);
  }

  /** Lines of a report that are ignored, and the line that ends it. */
  private rest(open: Open, text: string): boolean {
    this.platform ??= PLATFORM.exec(text)?.[1];
    if (text.startsWith("---[ end ")) {
      this.close();
      return true;
    }
    if (
      /^(?:Tainted: |Hardware name: |Modules linked in:|REGS: |MSR: |CFAR: |GPR\d\d: |NIP: |LR \[|LR: |Code: |CTR: |Faulting instruction|LE PAGE_SIZE|BE PAGE_SIZE|SMP |Preempt|R[A-Z0-9]{2}: |[CDEFG]S: |CR\d: |PKRU|EFLAGS|pstate: |lr : |sp : |x\d+ ?: |note: |The buggy address| which belongs to| \w|page: |flags: |raw: |page_type|page dumped|Memory state|>?\s?c[0-9a-f]{15}: |\^$|Instruction dump|Oops)/.test(
        text,
      )
    )
      return true;
    if (open.kind === "kasan") {
      if (!/^=+$/.test(text)) return true;
      this.close();
      return true;
    }
    // Any other line after the frames ends the report and belongs to none.
    if (text === "" ? open.stack.length > 0 : this.section !== undefined && open.stack.length > 0) this.close();
    return text === "";
  }
}

/** The reports in `pasted`, in order. Text without any gives an empty list. */
export function readOops(pasted: string): OopsText {
  return new Reader().read(logLines(pasted));
}
