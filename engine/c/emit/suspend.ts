// Which functions can be suspended, and a function's blocks cut at its resume points. A suspended function pushes its locals
// and the number of its resume piece; when resumed, it pops them and repeats the call (callees then ignore their arguments), or
// continues after the intrinsic that suspended.

import type { PlacedBlock } from "./inline.js";
import type { Expr, Inst, IrFunction, Program, Term, ValType } from "../ir/index.js";

/** Intrinsics whose caller resumes after the call, the result taken from CELL_RESULT. */
export const SUSPENDING_INTRINSICS: ReadonlySet<string> = new Set(["__tcs_wait", "__tcs_yield"]);

export interface SuspendOptions {
  readonly preemptible: boolean;
  /** The debugger can stop the thread at each line of the tree's code and each visible operation. */
  readonly debug?: boolean | undefined;
}

/** Whether a debug build can stop before the instruction. */
function isLineMark(fn: IrFunction, inst: Inst, options: SuspendOptions): inst is Inst & { readonly k: "line" } {
  return options.debug === true && inst.k === "line" && fn.origin === "tree";
}

function stopsAtOperations(options: SuspendOptions): boolean {
  return options.preemptible || options.debug === true;
}

/** Whether a preemption check precedes the instruction (in a preemptible build). */
export function isPreemptionPoint(fn: IrFunction, inst: Inst): boolean {
  switch (inst.k) {
    case "load":
    case "store":
    case "copy":
    case "zero":
      return fn.origin === "tree" && inst.acc.visible;
    case "call":
      return inst.fn === "__tcs_visible";
    case "set":
    case "alloca":
    case "sp":
    case "line":
    case "cannot":
      return false;
  }
}

/** What decides whether a function can be suspended. */
interface Traits {
  /** It has preemption points, or lines of the tree. */
  readonly operations: boolean;
  readonly lines: boolean;
  /** It waits, or calls through a pointer, whose target may wait. */
  readonly leaves: boolean;
  readonly callees: ReadonlySet<string>;
}

/** By a function's code, which remains the same object while it does not change. */
const known = new WeakMap<IrFunction["blocks"], Traits>();

function traitsOf(fn: IrFunction): Traits {
  const before = known.get(fn.blocks);
  if (before !== undefined) return before;
  let operations = false;
  let lines = false;
  let leaves = false;
  const callees = new Set<string>();
  for (const block of fn.blocks) {
    for (const inst of block.code) {
      operations ||= isPreemptionPoint(fn, inst);
      lines ||= isLineMark(fn, inst, { preemptible: false, debug: true });
      if (inst.k !== "call") continue;
      if (inst.fn === undefined || SUSPENDING_INTRINSICS.has(inst.fn)) leaves = true;
      else callees.add(inst.fn);
    }
  }
  const traits = { operations, lines, leaves, callees };
  known.set(fn.blocks, traits);
  return traits;
}

/** For each function of the program, whether a call of it may return suspended: a fixpoint over the call graph. */
export function findSuspending(program: Program, options: SuspendOptions): Uint8Array {
  const count = program.functions.length;
  const suspends = new Uint8Array(count);
  const callers: number[][] = Array.from({ length: count }, () => []);
  const work: number[] = [];
  const mark = (index: number): void => {
    if (suspends[index] !== 0) return;
    suspends[index] = 1;
    work.push(index);
  };
  program.functions.forEach((fn, index) => {
    const { operations, lines, leaves, callees } = traitsOf(fn);
    if (leaves || (operations && stopsAtOperations(options)) || (lines && options.debug === true)) mark(index);
    for (const symbol of callees) {
      const callee = program.indexOf.get(symbol);
      if (callee !== undefined) callers[callee]?.push(index);
    }
  });
  for (let next = work.pop(); next !== undefined; next = work.pop()) for (const caller of callers[next] ?? []) mark(caller);
  return suspends;
}

/** What a piece contains in addition to IR instructions. */
export type PieceInst =
  | Inst
  /** Count a visible operation; in a preemptible build suspend when over the limit, to resume with the next piece. */
  | { readonly k: "visible"; readonly inst: Inst }
  /** A call that may suspend in the callee: the piece begins with it. */
  | { readonly k: "resumable"; readonly call: Inst & { readonly k: "call" } }
  /** A suspending intrinsic; the next piece begins by reading its result. */
  | { readonly k: "suspend"; readonly call: Inst & { readonly k: "call" } }
  | { readonly k: "result"; readonly i: number; readonly t: ValType }
  /** A debug build's line: the thread may be stopped, to resume with the next piece. */
  | { readonly k: "stop"; readonly cov: number }
  /** First in the piece with which a stopped thread resumes. */
  | { readonly k: "stopped" };

/** A terminator whose targets are pieces. A computed goto also keeps the block numbers that are its possible values. */
export type PieceTerm =
  Exclude<Term, { readonly k: "goto" }> | { readonly k: "goto"; readonly v: Expr; readonly to: readonly number[]; readonly values: readonly number[] };

export interface Piece extends Pick<PlacedBlock, "index" | "via" | "cov"> {
  readonly code: PieceInst[];
  term: PieceTerm;
  /** The instruction at which a suspended thread resumes here: before it, or after it if it cannot be repeated. */
  resume: Inst | undefined;
}

/** Cuts blocks into pieces; block targets in terminators become piece numbers. Piece 0 is the entry. */
export function cutPieces(program: Program, blocks: readonly PlacedBlock[], suspends: Uint8Array, options: SuspendOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  const first: number[] = [];
  const last: number[] = [];
  const mayCall = (call: Inst & { readonly k: "call" }): boolean => {
    if (call.fn === undefined) return true;
    const callee = program.indexOf.get(call.fn);
    return callee !== undefined && suspends[callee] === 1;
  };
  for (const block of blocks) {
    const fn = program.functions[block.index];
    const { index, via } = block;
    let { cov } = block;
    first.push(pieces.length);
    let piece: Piece = { code: [], term: { k: "ret" }, resume: undefined, index, via, cov };
    pieces.push(piece);
    const resumeHere = (at: Inst): void => {
      if (piece.code.length > 0) {
        piece.term = { k: "jump", to: pieces.length };
        piece = { code: [], term: { k: "ret" }, resume: at, index, via, cov };
        pieces.push(piece);
      } else piece.resume = at;
    };
    for (const inst of block.code) {
      if (inst.k === "line") ({ cov } = inst);
      if (fn !== undefined && isPreemptionPoint(fn, inst)) {
        piece.code.push({ k: "visible", inst });
        if (stopsAtOperations(options)) resumeHere(inst);
        if (options.debug === true) piece.code.push({ k: "stopped" });
        if (inst.k === "call") continue; // __tcs_visible itself
      }
      if (fn !== undefined && isLineMark(fn, inst, options)) {
        piece.code.push(inst, { k: "stop", cov: inst.cov });
        resumeHere(inst);
        piece.code.push({ k: "stopped" });
        continue;
      }
      if (inst.k === "call" && inst.fn !== undefined && SUSPENDING_INTRINSICS.has(inst.fn)) {
        piece.code.push({ k: "suspend", call: inst });
        resumeHere(inst);
        if (inst.i >= 0 && inst.sig.result !== undefined) piece.code.push({ k: "result", i: inst.i, t: inst.sig.result });
      } else if (inst.k === "call" && mayCall(inst)) {
        resumeHere(inst);
        piece.code.push({ k: "resumable", call: inst });
      } else piece.code.push(inst);
    }
    last.push(pieces.length - 1);
  }
  // Terminators name IR blocks until here.
  blocks.forEach((block, index) => {
    const piece = pieces[last[index] ?? 0];
    if (piece !== undefined) piece.term = retarget(block.term, (target) => first[target] ?? 0);
  });
  return pieces;
}

function retarget(term: Term, at: (block: number) => number): PieceTerm {
  switch (term.k) {
    case "jump":
      return { k: "jump", to: at(term.to) };
    case "if":
      return { ...term, then: at(term.then), else: at(term.else) };
    case "switch":
      return { ...term, to: term.to.map(at), otherwise: at(term.otherwise) };
    case "goto":
      return { k: "goto", v: term.v, to: term.to.map(at), values: term.to };
    case "ret":
    case "unreachable":
      return term;
  }
}

/** Successors; the piece to be placed next is last. */
export function successors(term: PieceTerm): readonly number[] {
  switch (term.k) {
    case "jump":
      return [term.to];
    case "if":
      return [term.else, term.then];
    case "switch":
      return [...term.to, term.otherwise];
    case "goto":
      return term.to;
    case "ret":
    case "unreachable":
      return [];
  }
}
