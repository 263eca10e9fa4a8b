// How an execution that ended at a known state would have gone on: as the one that came there first did, which may have
// ended at a known state itself. For those who look at whole executions.

import type { Footprints } from "./footprints.js";
import type { Operation } from "./schedule.js";
import type { Tried } from "./tried.js";

/** `after` is told as `woken` is, also where its time would have come as well. Operations that follow those of `tried`, by the default schedule; none where it was run to its end. */
export function wayOn(tried: Tried, footprints: Footprints): readonly Operation[] {
  const rest: Operation[] = [];
  /** By thread: the operation that woke it, counted as in the whole execution. */
  const woken = new Map(tried.ended?.woken ?? []);
  for (let { ended } = tried; ended !== undefined;) {
    const { visitor, at } = ended.state;
    const path = visitor.path(visitor.length);
    const shift = tried.length + rest.length - at;
    for (let i = at; i < path.length; i++) {
      const shape = footprints.operations[path.footprint(i)];
      if (shape === undefined) continue;
      const by = path.woken(i);
      const whose = by >= at ? by + shift : by >= 0 ? (woken.get(shape.thread) ?? -1) : -1;
      rest.push({ ...shape, ranges: [...shape.ranges], after: whose, woken: whose, leaves: path.leaves(i) });
    }
    ({ ended } = visitor);
    for (const [thread, by] of ended?.woken ?? []) if (by >= at) woken.set(thread, by + shift);
  }
  return rest;
}
