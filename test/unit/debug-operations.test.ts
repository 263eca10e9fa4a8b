// From one visible operation of a run to the next: across threads and within one, both ways, from a place or a time.

import { describe, expect, it } from "vitest";
import type { DebugReply, OperationStart } from "../../engine/debug/messages.js";
import { TestSession } from "./debug-fixture.js";

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

type Operations = Extract<DebugReply, { k: "operations" }>;

describe("visible operations of a run", () => {
  const d = new TestSession(source);
  const request = (from: OperationStart, step: 1 | -1 | 0, thread?: number): DebugReply =>
    d.session.handle({ c: "operations", from, step, around: 1_000, ...(thread === undefined ? {} : { thread }) });
  const operationsFrom = (from: OperationStart, step: 1 | -1 | 0, thread?: number): Operations => {
    const reply = request(from, step, thread);
    if (reply.k !== "operations") throw new Error(JSON.stringify(reply));
    return reply;
  };
  /** All operations, reached step by step. */
  const walk = (thread?: number): readonly Operations[] => {
    const found: Operations[] = [];
    for (let reply = request({ position: -1 }, 1, thread); reply.k === "operations"; reply = request({ position: reply.stop.position }, 1, thread))
      found.push(reply);
    return found;
  };

  it("follow each other in order of time, and in reverse order backwards", () => {
    const forward = walk().map(({ stop }) => stop.position);
    expect(forward.length).toBeGreaterThan(5);
    expect(forward).toEqual([...forward].sort((x, y) => x - y));
    const back: number[] = [];
    for (let reply = request({ position: (forward.at(-1) ?? 0) + 1 }, -1); reply.k === "operations"; reply = request({ position: reply.stop.position }, -1))
      back.unshift(reply.stop.position);
    expect(back).toEqual(forward);
    expect(operationsFrom({ position: 0 }, 1).operations.map(({ position }) => position)).toEqual(forward);
  });

  it("report what is accessed, where, and which thread continues", () => {
    const all = operationsFrom({ position: 0 }, 1).operations;
    const ofTest = all.filter(({ at }) => at?.file === "test.c").map(({ text, at }) => `${text} ${String(at?.line)}`);
    expect(ofTest).toEqual(expect.arrayContaining(["WRITE_ONCE(a) 4", "READ_ONCE(a) 5", "b 5", "a 9", "a 16"]));
    expect(new Set(all.filter(({ k }) => k === "switch").map(({ thread }) => thread)).size).toBeGreaterThanOrEqual(3);
  });

  it("of one thread skip the other threads", () => {
    const thread = operationsFrom({ position: 0 }, 1).operations.find(({ text }) => text === "READ_ONCE(a)")?.thread;
    const inThread = walk(thread);
    expect(inThread.length).toBeGreaterThan(2);
    expect(inThread.length).toBeLessThan(walk().length);
    expect(new Set(inThread.map(({ stop }) => stop.thread))).toEqual(new Set([thread]));
  });

  it("are found from a time: the next is later, the last is not after it", () => {
    const t = walk().at(-3)?.stop.t ?? 0;
    expect(operationsFrom({ t }, 1).stop.t).toBeGreaterThan(t);
    expect(operationsFrom({ t }, -1).stop.t).toBeLessThan(t);
    expect(operationsFrom({ t }, 0).stop.t).toBe(t);
    expect(request({ t: 1e15 }, 1)).toEqual({ k: "refused", message: "This is the last operation." });
    expect(request({ position: 0 }, -1)).toEqual({ k: "refused", message: "This is the first operation." });
  });
});
