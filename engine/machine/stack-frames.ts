// Maps an address on a stack to a variable: frames follow each other from the stack's top down in the order of the calls, so
// the call sites determine them. Reads call sites and frame layouts, never the stack's contents.

import { redzonesOf, saveLayout, STACK_SIZE, STACKS_BASE } from "../c/emit/index.js";
import type { FrameVar, IrFunction } from "../c/ir/index.js";
import type { Core } from "./core.js";
import { threadById } from "./threads.js";

export interface StackPlace {
  readonly fn: IrFunction;
  readonly variable: FrameVar;
  /** From the variable's first byte. */
  readonly offset: number;
}

/**
 * The variable at or next to an offset in memory. `site`: what the running thread is about to execute. Undefined below a frame
 * that grew by an unknown size, and in the innermost frame of a thread that is not running.
 */
export function stackPlace(core: Core, offset: number, site: number): StackPlace | undefined {
  const id = Math.floor((offset - STACKS_BASE) / STACK_SIZE);
  const { threads } = core.state;
  const here = core.callSites();
  const thread = threadById(threads, id);
  const sites = core.runningStack() === id ? [site, ...here] : thread === undefined ? [] : core.callSitesOf(id, thread.csp);
  let end = STACKS_BASE + (id + 1) * STACK_SIZE;
  for (const call of [...sites].reverse()) {
    const fn = core.functionOf(call);
    if (fn === undefined) return undefined;
    const { frameBytes, vaBytes } = saveLayout(fn);
    end -= frameBytes;
    if (offset >= end) return nearest(fn, offset - end - vaBytes);
    if (redzonesOf(fn).grows) return undefined;
  }
  return undefined;
}

/** The last variable with redzones that begins at or before the offset, else the first. */
function nearest(fn: IrFunction, at: number): StackPlace | undefined {
  const vars = fn.frameVars.filter((v) => v.guarded).sort((a, b) => a.off - b.off);
  const variable = vars.findLast((v) => v.off <= at) ?? vars[0];
  return variable === undefined ? undefined : { fn, variable, offset: at - variable.off };
}
