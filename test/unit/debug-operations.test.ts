// From one visible operation of a run to the next: across threads and within one, both ways, from a place or a moment.

import { describe, expect, it } from "vitest";
import type { DebugReply, OperationStart } from "../../engine/debug/messages.js";
import { Debugged } from "./debug-fixture.js";

const source = `int a, b;
static void one(void *unused)
{
	WRITE_ONCE(a, 1);
	b = READ_ONCE(a);
}
static void two(void *unused)
{
	a = 2;
}
void test(void)
{
	run(one);
	run(two);
	join();
	outcome(a);
}
`;

type Told = Extract<DebugReply, { k: "operations" }>;

describe("visible operations of a run", () => {
  const d = new Debugged(source);
  const asked = (from: OperationStart, step: 1 | -1 | 0, thread?: number): DebugReply =>
    d.session.handle({ c: "operations", from, step, around: 1_000, ...(thread === undefined ? {} : { thread }) });
  const told = (from: OperationStart, step: 1 | -1 | 0, thread?: number): Told => {
    const reply = asked(from, step, thread);
    if (reply.k !== "operations") throw new Error(JSON.stringify(reply));
    return reply;
  };
  /** Every operation, one step after the other. */
  const walk = (thread?: number): readonly Told[] => {
    const found: Told[] = [];
    for (let reply = asked({ position: -1 }, 1, thread); reply.k === "operations"; reply = asked({ position: reply.stop.position }, 1, thread))
      found.push(reply);
    return found;
  };

  it("come one after the other in order of time, and the same ones backwards", () => {
    const forward = walk().map(({ stop }) => stop.position);
    expect(forward.length).toBeGreaterThan(5);
    expect(forward).toEqual([...forward].sort((x, y) => x - y));
    const back: number[] = [];
    for (let reply = asked({ position: (forward.at(-1) ?? 0) + 1 }, -1); reply.k === "operations"; reply = asked({ position: reply.stop.position }, -1))
      back.unshift(reply.stop.position);
    expect(back).toEqual(forward);
    expect(told({ position: 0 }, 1).operations.map(({ position }) => position)).toEqual(forward);
  });

  it("report what is accessed, where, and which thread continues", () => {
    const all = told({ position: 0 }, 1).operations;
    const ofTest = all.filter(({ at }) => at?.file === "test.c").map(({ text, at }) => `${text} ${String(at?.line)}`);
    expect(ofTest).toEqual(expect.arrayContaining(["WRITE_ONCE(a) 4", "READ_ONCE(a) 5", "b 5", "a 9", "a 16"]));
    expect(new Set(all.filter(({ k }) => k === "switch").map(({ thread }) => thread)).size).toBeGreaterThanOrEqual(3);
  });

  it("of one thread pass the others over", () => {
    const thread = told({ position: 0 }, 1).operations.find(({ text }) => text === "READ_ONCE(a)")?.thread;
    const own = walk(thread);
    expect(own.length).toBeGreaterThan(2);
    expect(own.length).toBeLessThan(walk().length);
    expect(new Set(own.map(({ stop }) => stop.thread))).toEqual(new Set([thread]));
  });

  it("are found from a moment: the next is later, the last is not after it", () => {
    const t = walk().at(-3)?.stop.t ?? 0;
    expect(told({ t }, 1).stop.t).toBeGreaterThan(t);
    expect(told({ t }, -1).stop.t).toBeLessThan(t);
    expect(told({ t }, 0).stop.t).toBe(t);
    expect(asked({ t: 1e15 }, 1)).toEqual({ k: "refused", message: "This is the last operation." });
    expect(asked({ position: 0 }, -1)).toEqual({ k: "refused", message: "This is the first operation." });
  });
});
