// Inlining of small callees: their blocks are inserted among the caller's. A callee that can be suspended is not inlined, so
// that each suspended frame belongs to one function. Each block keeps its call sites, so call traces do not change.
// Must not know WebAssembly.

import { type Block, type Expr, type Inst, type IrFunction, mapExpr, mapInst, type Program, type Term, type ValType } from "../ir/index.js";

export interface PlacedBlock extends Block {
  /** Index in the program of the function to which the code belongs. */
  readonly index: number;
  /** Call sites between the emitted function and this code, outermost first. */
  readonly via: readonly number[];
  /** Line at its beginning, an index into Program.lines; -1 if unknown. */
  readonly cov: number;
}

/** A function as it is emitted: its own locals first, then those of inlined callees. */
export interface PlacedFunction {
  readonly locals: readonly ValType[];
  readonly blocks: readonly PlacedBlock[];
  /** Called functions by index: their code if they can be inlined, else undefined. */
  readonly callees: ReadonlyMap<number, readonly Block[] | undefined>;
}

/** Maximum instructions of an inlined callee, and maximum depth of inlined calls. */
const SMALL = 8;
const DEPTH = 4;
/** Maximum growth of a function, in instructions. */
const GAIN = 200;

type Call = Inst & { readonly k: "call" };

const sizes = new WeakMap<readonly Block[], number>();

/** Instructions and branches of a function; Infinity if it cannot be inlined. */
function sizeOf(fn: IrFunction): number {
  const known = sizes.get(fn.blocks);
  if (known !== undefined) return known;
  const size = fn.frameSize > 0 || fn.sig.variadic ? Infinity : fn.blocks.reduce((sum, block) => sum + sizeOfBlock(block), 0);
  sizes.set(fn.blocks, size);
  return size;
}

function sizeOfBlock(block: Block): number {
  let size = block.term.k === "goto" ? Infinity : block.term.k === "if" || block.term.k === "switch" ? 1 : 0;
  for (const inst of block.code) {
    if (inst.k === "alloca" || inst.k === "sp" || inst.k === "cannot" || (inst.k === "call" && inst.va !== undefined)) return Infinity;
    if (inst.k !== "line") size++;
  }
  return size;
}

/** Whether calls of the function are inlined. `suspends`: per function of the program. */
export function canInline(program: Program, suspends: Uint8Array, index: number): boolean {
  const fn = program.functions[index];
  return fn !== undefined && suspends[index] === 0 && sizeOf(fn) <= SMALL;
}

export function placeCallees(program: Program, suspends: Uint8Array, fn: IrFunction, index: number): PlacedFunction {
  return new Placement(program, suspends, fn).place(index);
}

/** The function with all its calls kept. */
export function withoutInlining(fn: IrFunction, index: number): PlacedFunction {
  const lines = linesAt(fn, -1);
  const blocks = fn.blocks.map((block, b) => ({ code: block.code, term: block.term, index, via: [], cov: lines[b] ?? -1 }));
  return { locals: fn.locals, blocks, callees: new Map() };
}

/** The line at the start of each block: the last line in its predecessors. */
function linesAt(fn: IrFunction, cov: number): readonly number[] {
  let line = cov;
  return fn.blocks.map((block) => {
    const begin = line;
    for (const inst of block.code) if (inst.k === "line") line = inst.cov;
    return begin;
  });
}

class Placement {
  private readonly locals: ValType[];
  private readonly blocks: PlacedBlock[] = [];
  private readonly callees = new Map<number, readonly Block[] | undefined>();
  private gain = 0;

  constructor(
    private readonly program: Program,
    private readonly suspends: Uint8Array,
    private readonly fn: IrFunction,
  ) {
    this.locals = [...fn.locals];
  }

  place(index: number): PlacedFunction {
    this.copy(this.fn, index, [], [index], -1, (i) => i, undefined);
    return { locals: this.locals, blocks: this.blocks, callees: this.callees };
  }

  private add(index: number, via: readonly number[], cov: number): PlacedBlock {
    const block: PlacedBlock = { code: [], term: { k: "ret" }, index, via, cov };
    this.blocks.push(block);
    return block;
  }

  /** Returns the number of the first block. `back`: what a return becomes. */
  private copy(
    fn: IrFunction,
    index: number,
    via: readonly number[],
    path: readonly number[],
    covAt: number,
    rename: (local: number) => number,
    back: ((at: PlacedBlock, value: Expr | undefined) => void) | undefined,
  ): number {
    const first = this.blocks.length;
    const lines = linesAt(fn, covAt);
    fn.blocks.forEach((_, b) => this.add(index, via, lines[b] ?? -1));
    const same = back === undefined;
    fn.blocks.forEach((block, b) => {
      let at = this.blocks[first + b] ?? this.add(index, via, covAt);
      let line = at.cov;
      for (const inst of block.code) {
        if (inst.k === "line") line = inst.cov;
        const own = same ? inst : mapInst(inst, rename);
        const callee = own.k === "call" ? this.calleeOf(own, path) : undefined;
        if (own.k !== "call" || callee === undefined) at.code.push(own);
        else at = this.callee(own, callee, at, line, path);
      }
      const { term } = block;
      if (term.k === "ret" && back !== undefined) back(at, term.v === undefined ? undefined : mapExpr(term.v, rename));
      else at.term = same ? term : renamed(term, rename, first);
    });
    return first;
  }

  private calleeOf(call: Call, path: readonly number[]): number | undefined {
    const index = call.fn === undefined ? undefined : this.program.indexOf.get(call.fn);
    const fn = index === undefined ? undefined : this.program.functions[index];
    if (index === undefined || fn === undefined) return undefined;
    const can = canInline(this.program, this.suspends, index);
    this.callees.set(index, can ? fn.blocks : undefined);
    if (!can || path.includes(index) || path.length > DEPTH || this.gain + sizeOf(fn) > GAIN) return undefined;
    return index;
  }

  /** Inserts the callee's blocks after `at` and returns the block that follows them. */
  private callee(call: Call, index: number, at: PlacedBlock, cov: number, path: readonly number[]): PlacedBlock {
    const fn = this.program.functions[index];
    if (fn === undefined) return at;
    this.gain += sizeOf(fn);
    const base = this.locals.length;
    this.locals.push(...fn.locals);
    const local = (i: number): number => base + i;
    fn.sig.params.forEach((type, i) => {
      at.code.push({ k: "set", i: local(i), v: call.args[i] ?? zero(type) });
    });
    // In a loop they keep the values of the previous iteration; a function's locals start at zero.
    const written = writtenFirst(fn);
    fn.locals.forEach((type, i) => {
      if (i >= fn.sig.params.length && !written.has(i)) at.code.push({ k: "set", i: local(i), v: zero(type) });
    });
    const after = this.add(at.index, at.via, cov);
    const to = this.blocks.length - 1;
    const { result } = fn.sig;
    const first = this.copy(fn, index, [...at.via, call.site], [...path, index], -1, local, (end, value) => {
      if (call.i >= 0) {
        const returned = result === undefined ? zero(this.locals[call.i] ?? "i32") : (value ?? zero(result));
        let v = returned;
        if (result !== undefined && this.locals[call.i] !== result) {
          // Converted to the width of the result.
          this.locals.push(result);
          v = { k: "local", i: this.locals.length - 1, t: result };
          end.code.push({ k: "set", i: v.i, v: returned });
        }
        end.code.push({ k: "set", i: call.i, v });
      }
      end.term = { k: "jump", to };
    });
    at.term = { k: "jump", to: first };
    return after;
  }
}

function zero(type: ValType): Expr {
  return type === "i64" ? { k: "i64", v: 0n } : { k: type, v: 0 };
}

/** Locals that the first block writes before it reads them. */
function writtenFirst(fn: IrFunction): ReadonlySet<number> {
  const written = new Set<number>();
  const read = new Set<number>();
  const note = (i: number): number => {
    if (!written.has(i)) read.add(i);
    return i;
  };
  for (const inst of fn.blocks[0]?.code ?? []) {
    mapInst(inst, note, (i) => i);
    if ("i" in inst && inst.i >= 0 && !read.has(inst.i)) written.add(inst.i);
  }
  return written;
}

function renamed(term: Term, rename: (local: number) => number, first: number): Term {
  switch (term.k) {
    case "jump":
      return { k: "jump", to: term.to + first };
    case "if":
      return { k: "if", c: mapExpr(term.c, rename), then: term.then + first, else: term.else + first };
    case "switch":
      return { ...term, v: mapExpr(term.v, rename), to: term.to.map((to) => to + first), otherwise: term.otherwise + first };
    case "goto":
    case "ret":
    case "unreachable":
      return term;
  }
}
