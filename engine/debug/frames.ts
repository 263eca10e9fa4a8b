// The call stack of a suspended thread: its activations from the save stack, each with function and position; if none were
// saved (a thread that died), the call sites alone. Must not know variable names.

import { CALLS_BASE, CALLS_SIZE, SAVE_SIZE, saveLayout, type SaveLayout, SAVES_BASE } from "../c/emit/index.js";
import { type IrFunction, kernelName } from "../c/ir/index.js";
import { type CType, sizeOf, TK } from "../c/types/index.js";
import type { Core, Thread } from "../machine/index.js";

export interface Activation {
  readonly fn: IrFunction;
  readonly file: string;
  readonly line: number;
  /** Offset in memory of its part of the save stack, with the layout; absent if nothing was saved. */
  readonly saved?: { readonly at: number; readonly layout: SaveLayout };
}

/** Innermost first. */
export function activations(core: Core, thread: Thread): readonly Activation[] {
  const { program, emitted, view } = core;
  const sites = core.callSitesOf(thread.id, thread.csp);
  const found: Activation[] = [];
  let site = 0;
  for (let at = SAVES_BASE + thread.id * SAVE_SIZE; at < thread.ss;) {
    const index = view.getInt32(at + 4, true);
    const fn = program.functions[index];
    if (fn === undefined) break;
    const layout = saveLayout(fn);
    // The innermost activation stopped at a tick or waits in a call of the machine; the others are at their calls.
    const stopped = found.length === 0 ? emitted.places[index]?.get(view.getInt32(at, true)) : undefined;
    let place = stopped === undefined ? undefined : placeOf(core, stopped);
    if (stopped === undefined || -1 - stopped === sites[site]) {
      const own = program.sites[sites[site] ?? -1];
      if (own?.symbol === fn.symbol) {
        place = own;
        site++;
      }
    }
    found.push({ fn, file: place?.file ?? fn.file, line: place?.line ?? fn.line, saved: { at, layout } });
    at += layout.bytes;
  }
  if (found.length > 0) return found;
  if (thread.csp > CALLS_BASE + thread.id * CALLS_SIZE) {
    return sites.flatMap((s) => {
      const fn = core.functionOf(s);
      const place = program.sites[s];
      return fn === undefined || place === undefined ? [] : [{ fn, file: place.file, line: place.line }];
    });
  }
  const fn = program.functions[thread.slot];
  return fn === undefined || thread.state === "done" ? [] : [{ fn, file: fn.file, line: fn.line }];
}

function placeOf(core: Core, place: number): { readonly file: string; readonly line: number } | undefined {
  return place >= 0 ? core.program.lines[place] : core.program.sites[-1 - place];
}

/** The value of an IR local of a saved activation, as its raw bits. */
export function localOf(core: Core, { saved }: Activation, local: number): bigint | undefined {
  const slot = saved?.layout.locals[local];
  if (saved === undefined || slot === undefined) return undefined;
  const at = saved.at + slot.at;
  return slot.type === "i64" || slot.type === "f64" ? core.view.getBigUint64(at, true) : BigInt(core.view.getUint32(at, true));
}

/** Offset in memory of the C stack frame. */
export function frameBase(core: Core, { saved }: Activation): number | undefined {
  const frame = saved?.layout.frame;
  return saved === undefined || frame === undefined ? undefined : core.view.getUint32(saved.at + frame.at, true) + saved.layout.vaBytes;
}

/** Raw bits of a local as a value of its variable's type. */
export function ofBits(bits: bigint, type: CType): bigint | number {
  if (type.kind === TK.Float) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, bits, true);
    return type.size === 4 ? view.getFloat32(0, true) : view.getFloat64(0, true);
  }
  const width = 8 * sizeOf(type);
  return type.signed ? BigInt.asIntN(width, bits) : BigInt.asUintN(width, bits);
}

/** The frames from the innermost tree frame outwards; all where none is of the tree. */
export function fromTree(stack: readonly Activation[]): readonly Activation[] {
  const first = stack.findIndex((a) => a.fn.origin === "tree");
  return first < 0 ? stack : stack.slice(first);
}

export function nameOf({ fn }: Activation): string {
  return kernelName(fn.name);
}
