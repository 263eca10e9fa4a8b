// Which functions a real kernel's call trace would omit, because the compiler inlined them. GCC's actual choice is unknown;
// these are its rules at -O2: functions marked inline, static functions called once, small static functions.

import { eachLeaf, type Expr, type IrFunction, type Program, TAG_LINEAR, TEXT_BASE, TEXT_STRIDE } from "../c/ir/index.js";

/** Maximum IR instructions of a small static function. */
const SMALL = 16;

/** References of a function to others: calls and addresses taken; and its size. */
interface Uses {
  readonly calls: readonly string[];
  readonly taken: ReadonlySet<string>;
  readonly size: number;
}

/** By a function's code, which remains the same object while it does not change. */
const known = new WeakMap<IrFunction["blocks"], Uses>();

function usesOf(fn: IrFunction): Uses {
  const before = known.get(fn.blocks);
  if (before !== undefined) return before;
  const calls: string[] = [];
  const taken = new Set<string>();
  let size = 0;
  const take = (e: Expr): void => {
    eachLeaf(e, (leaf) => {
      if (leaf.k === "sym") taken.add(leaf.sym);
    });
  };
  for (const { code } of fn.blocks) {
    for (const inst of code) {
      if (inst.k !== "line") size++;
      if (inst.k === "set" || inst.k === "store") take(inst.v);
      if (inst.k !== "call") continue;
      if (inst.fn !== undefined) calls.push(inst.fn);
      inst.args.forEach(take);
      inst.va?.forEach(take);
    }
  }
  const uses = { calls, taken, size };
  known.set(fn.blocks, uses);
  return uses;
}

/** Per function of the program: 1 if a call trace omits it. The engine's services keep their frames. */
export function findInlined(program: Program): Uint8Array {
  const { functions, indexOf } = program;
  const calls = new Int32Array(functions.length);
  const addressTaken = new Uint8Array(functions.length);
  for (const fn of functions) {
    const uses = usesOf(fn);
    for (const symbol of uses.calls) {
      const callee = indexOf.get(symbol);
      if (callee !== undefined) calls[callee] = (calls[callee] ?? 0) + 1;
    }
    for (const symbol of uses.taken) {
      const index = indexOf.get(symbol);
      if (index !== undefined) addressTaken[index] = 1;
    }
  }
  // The image contains tables of functions, such as iommu_table_ops.
  const { image } = program;
  const words = new DataView(image.buffer, image.byteOffset, image.byteLength);
  for (let at = 0; at + 8 <= image.length; at += 8) {
    const slot = (words.getUint32(at, true) - TEXT_BASE) / TEXT_STRIDE;
    if (words.getUint32(at + 4, true) === TAG_LINEAR && slot >= 0 && slot < functions.length) addressTaken[Math.floor(slot)] = 1;
  }
  return Uint8Array.from(functions, (fn, index) => {
    if (fn.inline) return 1;
    const isStatic = fn.symbol.includes("@") && fn.origin === "tree";
    if (!isStatic || addressTaken[index] === 1 || calls[index] === 0) return 0;
    return calls[index] === 1 || usesOf(fn).size <= SMALL ? 1 : 0;
  });
}
