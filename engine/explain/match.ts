// The agreement of a run with a pasted report: functions of the stack in order, kind of fault, lines before it. Both sides
// come from the same reader. Defines what may differ between two compilers of one source.

import type { VariantResult } from "../review/index.js";
import type { Match } from "./explanation.js";
import { type Fault, type KernelReport, type OopsText, readOops, type TraceFrame } from "./oops-text.js";

/** Frames of reporting code, and of assembly that starts a thread or enters the kernel. */
const REPORTER =
  /^(?:dump_stack(?:_lvl)?|show_stack\w*|print_report|print_address_description\w*|kasan_\w+|__kasan_\w+|__asan_\w+|check_memory_region|__warn\w*|report_bug|program_check_\w+|start_kernel_thread|ret_from_kernel\w*|ret_from_fork\w*|system_call_\w+|__tcs_\w+)$/;

/** Frames below every work item: they are not informative. */
const THREAD = /^(?:process_one_work|process_scheduled_works|worker_thread|kthread|do_one_initcall|smpboot_thread_fn)$/;

export function ownFrames(stack: readonly TraceFrame[]): readonly TraceFrame[] {
  return stack.filter((f) => !REPORTER.test(f.function) && !THREAD.test(f.function));
}

/** Numbers and addresses are those of one machine. */
export function plain(message: string): string {
  return message
    .replace(/\b0x[0-9a-f]+\b|\b[0-9a-f]{8,16}\b|-?\b\d+\b/gi, "#")
    .replace(/\s+/g, " ")
    .trim();
}

/** Length of the longest common subsequence, and which of `a` are in it. */
export function commonInOrder(a: readonly string[], b: readonly string[]): { readonly length: number; readonly taken: readonly boolean[] } {
  const table = Array.from({ length: a.length + 1 }, () => new Int32Array(b.length + 1));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = table[i];
    if (row === undefined) continue;
    for (let j = b.length - 1; j >= 0; j--) row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const taken = a.map(() => false);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      taken[i++] = true;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return { length: at(0, 0), taken };
}

function sameFault(a: Fault | undefined, b: Fault | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  if (a.access !== undefined && b.access !== undefined && a.access !== b.access) return false;
  return a.where === "unknown" || b.where === "unknown" || a.where === "elsewhere" || (a.where === "null") === (b.where === "null");
}

/** Since 6.4 KASAN names the allocator. */
function sameBug(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a.replace(/^slab-/, "") === b.replace(/^slab-/, "");
}

/** A run prepared for comparison: the reports of its log, each with the functions that a compiler may have inlined. */
export interface ComparableRun {
  readonly text: OopsText;
  readonly log: readonly string[];
  readonly stacks: readonly (readonly string[])[];
}

export function comparableRun(v: VariantResult): ComparableRun {
  const text = readOops(v.log.join("\n"));
  const full = v.findings.map((f) => {
    const tree = f.stack.findIndex((s) => s.provided !== true);
    return (tree < 0 ? [] : f.stack.slice(tree)).map((s) => s.function);
  });
  const stacks = text.reports.map((r) => {
    const names = ownFrames(r.stack).map((f) => f.function);
    // The finding of the same moment has the inlined functions as well.
    return full.find((stack) => stack.length > 0 && commonInOrder(names, stack).length === names.length) ?? names;
  });
  return { text, log: v.log, stacks };
}

const LEVEL_LINE = /^\s*(?:[\w ]{1,12}=|\S)/;

/**
 * The best match of `report` in a run, undefined if nothing matches. `known`: the functions that the tree has; a run cannot
 * show others.
 */
export function matchOf(report: KernelReport, run: ComparableRun, known: (name: string) => boolean): Match | undefined {
  if (report.kind === "message") return messageMatch(report, run);
  const own = ownFrames(report.stack).filter((f) => f.module === undefined);
  const names = own.map((f) => f.function).filter(known);
  const unknown = own.map((f) => f.function).filter((name) => !known(name));
  if (names.length === 0) return undefined;
  const innermost = own[0]?.function;
  let best: Match | undefined;
  for (const [i, theirs] of run.text.reports.entries()) {
    const stack = run.stacks[i] ?? [];
    const common = commonInOrder(names, stack);
    const kind = theirs.kind === report.kind && sameFault(report.fault, theirs.fault) && sameBug(report.bug, theirs.bug);
    const logged = new Set(theirs.before.map(plain));
    const before = report.before.filter((line) => LEVEL_LINE.test(line)).map(plain);
    const match: Match = {
      same: kind && innermost !== undefined && stack[0] === innermost,
      functions: names.length,
      inOrder: common.length,
      outermost: common.taken.at(-1) === true,
      lacking: [...names.filter((_, k) => common.taken[k] !== true), ...unknown],
      messages: before.length,
      messagesSeen: before.filter((line) => logged.has(line)).length,
      headline: theirs.headline,
    };
    if (common.length > 0 && (best === undefined || better(match, best))) best = match;
  }
  return best;
}

/** A message without a stack is present or not. */
function messageMatch(report: KernelReport, run: ComparableRun): Match | undefined {
  const headline = plain(report.headline);
  const found = run.log.find((line) => plain(line.replace(/^\[ *\d+\.\d+\] /, "")) === headline);
  if (found === undefined) return undefined;
  return { same: true, functions: 0, inOrder: 0, outermost: true, lacking: [], messages: 0, messagesSeen: 0, headline: found.replace(/^\[ *\d+\.\d+\] /, "") };
}

export function better(a: Match, b: Match): boolean {
  if (a.same !== b.same) return a.same;
  return a.inOrder !== b.inOrder ? a.inOrder > b.inOrder : a.messagesSeen > b.messagesSeen;
}

/** This share of a stack's functions in order counts as the same stack: kernels of two versions differ in one or two. */
const ENOUGH = 0.75;

/** Fewer functions in order do not identify a path. A message without a stack has none. */
const FEWEST = 3;

/** The same fault at the same place, reached from the same outermost function mostly by the same path. */
export function reproduces(m: Match): boolean {
  return m.same && m.outermost && m.inOrder >= ENOUGH * m.functions && (m.functions === 0 || m.inOrder >= FEWEST);
}

/** Nothing could agree better. */
export function isComplete(m: Match): boolean {
  return m.same && m.inOrder === m.functions;
}
