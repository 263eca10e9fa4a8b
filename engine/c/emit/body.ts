// The parts of a WebAssembly function body that do not depend on its code.

import type { Block, ValType } from "../ir/index.js";
import { type ByteWriter, VALTYPE } from "./wasm.js";

export interface FunctionBody {
  /** Locals and code, without the leading size. */
  readonly bytes: Uint8Array;
  /** The body that resumes the function after a suspension, if it can be suspended. */
  readonly resuming?: Uint8Array;
  /** Site id and the offset in `bytes` of the instruction it belongs to, alternating, in order of emission. */
  readonly sites: readonly number[];
  /** Branch hints, alternating, in order: offset of a branch in `bytes`, then 1 if it is likely, 0 if it is unlikely. */
  readonly hints: readonly number[];
  /** What it depends on in addition to its own code (see PlacedFunction). */
  readonly callees: ReadonlyMap<number, readonly Block[] | undefined>;
  /** Bytes of C stack one activation takes. */
  readonly frameBytes: number;
  /** Debug build, by resume number: position of a thread that stopped or waits there, an index into Program.lines or -1 - site. */
  readonly places?: ReadonlyMap<number, number>;
}

/** Declarations of locals, run-length encoded by type. */
export function writeLocals(out: ByteWriter, types: readonly ValType[]): void {
  const runs: { count: number; readonly type: ValType }[] = [];
  for (const type of types) {
    const last = runs[runs.length - 1];
    if (last?.type === type) last.count++;
    else runs.push({ count: 1, type });
  }
  out.u32(runs.length);
  for (const run of runs) {
    out.u32(run.count);
    out.u8(VALTYPE[run.type]);
  }
}
