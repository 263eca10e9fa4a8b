// How an execution that ended at a known state would have continued: as the execution that reached the state first,
// which may itself have ended at a known state. For analyses that need complete executions.

import type { Execution } from "./execution.js";
import type { Operation } from "./schedule.js";
import type { States } from "./states.js";

/**
 * The operations that follow those of `execution` by the default schedule; none if it was run to its end. `after` equals
 * `woken`, also for a thread whose timeout would have expired anyway.
 */
export function continuation(execution: Execution, states: States): readonly Operation[] {
  const rest: Operation[] = [];
  let ending = states.endingOf(execution);
  /** By thread: the operation that woke it, numbered as in the complete execution. */
  const woken = new Map(ending?.woken ?? []);
  while (ending !== undefined) {
    const { visitor, at } = ending.state;
    const path = visitor.path(visitor.length);
    const shift = execution.length + rest.length - at;
    for (let i = at; i < path.length; i++) {
      const shape = states.footprints.operations[path.footprint(i)];
      if (shape === undefined) continue;
      const by = path.woken(i);
      const waker = by >= at ? by + shift : by >= 0 ? (woken.get(shape.thread) ?? -1) : -1;
      rest.push({ ...shape, ranges: [...shape.ranges], after: waker, woken: waker, leaves: path.leaves(i) });
    }
    ending = states.endingOf(visitor);
    for (const [thread, by] of ending?.woken ?? []) if (by >= at) woken.set(thread, by + shift);
  }
  return rest;
}
