// What a state records about possible continuations: it propagates back over all links, and so do certain predecessors.

import { describe, expect, it } from "vitest";
import { Execution, OfferTable } from "../../engine/explore/execution.js";
import { type Operation, Schedule } from "../../engine/explore/schedule.js";
import { State, States } from "../../engine/explore/states.js";

const op = (thread: number, ...ranges: readonly (readonly [at: number, write: boolean])[]): Operation => ({
  thread,
  k: "access",
  ranges: ranges.map(([at, write]) => ({ at, size: 4, write })),
  reported: ranges.length,
  site: 1,
  kind: 0,
  plain: true,
  after: -1,
  woken: -1,
  takes: -1,
  leaves: -1,
});

class Graph {
  readonly states = new States();
  /** A state whose own path is not needed. */
  readonly state = (): State => new State(0, new Execution(0, undefined, -2, new Schedule(), this.states.footprints, new OfferTable()), 0);

  link(from: State, operations: readonly Operation[], to: State | undefined, left: readonly Operation[] = []): void {
    const prints = operations.map((o) => this.states.footprints.of(o));
    const path = { thread: (i: number): number => operations[i]?.thread ?? 0, footprint: (i: number): number => prints[i] ?? 0 };
    const about = left.map((o) => ({ thread: o.thread, footprint: this.states.footprints.of(o) }));
    this.states.link(from, path, { from: 0, to: operations.length, enabled: new Map(), left: about, after: () => -1 }, to);
  }
  /** The addresses that a thread may access, each with the threads that certainly precede the access. */
  future(state: State, thread: number): readonly string[] {
    const { footprints } = this.states;
    return [...(state.futures[thread]?.atoms ?? [])].map(([atom, before]) => {
      const range = footprints.operations
        .flatMap((o) => o.ranges)
        .find((r) => footprints.atoms.some((a, i) => a.includes(atom) && (footprints.operations[i]?.ranges ?? []).includes(r)));
      const threads = [...footprints.list(before).threads].sort((x, y) => x - y);
      return `${String(range?.at)} after ${threads.join(",")}`;
    });
  }
}

describe("futures", () => {
  it("propagate back over existing links", () => {
    const g = new Graph();
    const [a, b, c] = [g.state(), g.state(), g.state()];
    g.link(a, [op(1, [8, true])], b);
    g.link(b, [op(2, [8, false], [16, true])], c);
    expect(g.future(a, 3)).toEqual([]);
    g.link(c, [op(3, [16, false])], undefined);
    expect(g.future(c, 3)).toEqual(["16 after "]);
    expect(g.future(b, 3)).toEqual(["16 after 2"]);
    // The first thread's write is before the second's read, and that before the third.
    expect(g.future(a, 3)).toEqual(["16 after 1,2"]);
  });

  it("keep as certain predecessors only what precedes on every path", () => {
    const g = new Graph();
    const [a, b, c] = [g.state(), g.state(), g.state()];
    g.link(c, [op(3, [16, false])], undefined);
    g.link(a, [op(1, [16, true])], b);
    g.link(b, [op(2, [16, true])], c);
    expect(g.future(a, 3)).toEqual(["16 after 1,2"]);
    // A second path from the first state to the last, on which the second thread does nothing relevant.
    g.link(a, [op(1, [16, true]), op(2, [24, true])], c);
    expect(g.future(a, 3)).toEqual(["16 after 1"]);
  });

  it("include atoms that conflict with others only later", () => {
    const g = new Graph();
    const [a, b] = [g.state(), g.state()];
    g.link(a, [op(1, [8, true])], b);
    g.link(b, [op(1, [32, true])], undefined);
    expect(g.future(a, 1)).toEqual([]);
    g.link(g.state(), [op(2, [32, false])], undefined);
    expect(g.future(a, 1)).toEqual(["32 after 1"]);
  });

  it("include the pending operations of preempted threads at an execution's end", () => {
    const g = new Graph();
    const a = g.state();
    g.link(a, [op(1, [8, true])], undefined, [op(2, [8, true])]);
    expect(g.future(a, 2)).toEqual(["8 after 1"]);
  });
});
