// Whose variable a place on a stack belongs to: frames follow each other from the stack's top down in the order of the
// calls, so the call sites tell them. It reads call sites and the functions' frames, never the stack's contents.

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
 * The variable at an offset in memory, or the one that it lies beside. `site`: what the running thread is about to do.
 * Undefined below a frame that grew by a size not known here, and in the innermost frame of a thread that does not run.
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
    if (offset >= end) return beside(fn, offset - end - vaBytes);
    if (redzonesOf(fn).grows) return undefined;
  }
  return undefined;
}

/** Before the first variable that has redzones, or the one that begins last before the place. */
function beside(fn: IrFunction, at: number): StackPlace | undefined {
  const vars = fn.frameVars.filter((v) => v.guarded).sort((a, b) => a.off - b.off);
  const variable = vars.findLast((v) => v.off <= at) ?? vars[0];
  return variable === undefined ? undefined : { fn, variable, offset: at - variable.off };
}
