// What a suspended function leaves on its thread's save stack: the number under which it is resumed, then its locals in
// order. Both bodies of a function and the readers of a suspended thread's variables use this layout.

import type { IrFunction, ValType } from "../ir/index.js";

/** Position of a value, in bytes from the start of the function's part of the save stack. */
export interface SaveSlot {
  readonly at: number;
  readonly type: ValType;
}

export interface SaveLayout {
  /** By local of the IR. The resume number, an i32, is at 0; in a debug build the function's index is at 4. */
  readonly locals: readonly SaveSlot[];
  /** Offset in memory of the variadic arguments, and of the C stack frame (the area for variadic calls first), if there are any. */
  readonly va: SaveSlot | undefined;
  readonly frame: SaveSlot | undefined;
  /** Bytes of the C stack frame, and of the area for variadic arguments at its start. */
  readonly frameBytes: number;
  readonly vaBytes: number;
  /** Bytes on the save stack. Frames follow each other, the innermost call first. */
  readonly bytes: number;
}

export function valSize(type: ValType): number {
  return type === "i64" || type === "f64" ? 8 : 4;
}

export function saveLayout(fn: IrFunction): SaveLayout {
  let slots = 0;
  for (const block of fn.blocks) for (const inst of block.code) if (inst.k === "call") slots = Math.max(slots, inst.va?.length ?? 0);
  const vaBytes = (slots * 8 + 15) & ~15;
  const frameBytes = (fn.frameSize + vaBytes + 15) & ~15;
  let at = 8;
  const place = (type: ValType): SaveSlot => {
    at += valSize(type);
    return { at: at - valSize(type), type };
  };
  const locals = fn.locals.map(place);
  const va = fn.sig.variadic ? place("i32") : undefined;
  const frame = frameBytes > 0 ? place("i32") : undefined;
  return { locals, va, frame, frameBytes, vaBytes, bytes: (at + 7) & ~7 };
}
