// Which functions a real kernel's call trace would not name, because the compiler put them into their callers. GCC's
// own choice can't be known; this is its habit at -O2: functions marked inline, static ones called once, small static ones.

import type { Expr, Program } from "../c/ir.js";
import { TAG_LINEAR, TEXT_BASE, TEXT_STRIDE } from "../c/target.js";

/** A static function of so few IR instructions is taken for small. */
const SMALL = 16;

/** Per function of the program: 1 if a call trace leaves it out. Our own services keep their frames. */
export function findInlined(program: Program): Uint8Array {
  const { functions, indexOf } = program;
  const calls = new Int32Array(functions.length);
  const addressTaken = new Uint8Array(functions.length);
  const take = (e: Expr): void => {
    switch (e.k) {
      case "sym": {
        const index = indexOf.get(e.sym);
        if (index !== undefined) addressTaken[index] = 1;
        return;
      }
      case "un":
        take(e.a);
        return;
      case "bin":
        take(e.a);
        take(e.b);
        return;
      case "select":
        take(e.a);
        take(e.b);
        take(e.c);
        return;
      case "i32":
      case "i64":
      case "f32":
      case "f64":
      case "local":
      case "frame":
      case "vaarea":
        return;
    }
  };
  for (const fn of functions) {
    for (const { code } of fn.blocks) {
      for (const inst of code) {
        if (inst.k === "set" || inst.k === "store") take(inst.v);
        if (inst.k !== "call") continue;
        const callee = inst.fn === undefined ? undefined : indexOf.get(inst.fn);
        if (callee !== undefined) calls[callee] = (calls[callee] ?? 0) + 1;
        inst.args.forEach(take);
        inst.va?.forEach(take);
      }
    }
  }
  // Tables of functions, such as iommu_table_ops, are in the image.
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
    const size = fn.blocks.reduce((sum, block) => sum + block.code.filter((inst) => inst.k !== "line").length, 0);
    return calls[index] === 1 || size <= SMALL ? 1 : 0;
  });
}
