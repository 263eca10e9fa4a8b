// A search in several engines, without real engines: the messages to each, their joined progress and results, and that no
// engine outlives the search.

import { describe, expect, it } from "vitest";
import type { EngineToHost, HostToEngine, ReviewResult, SearchProgress } from "../../engine/protocol.js";
import { EngineClient } from "../../extension/engine/client.js";
import type { EngineRequest } from "../../extension/engine/requests.js";
import { defaultWorkers } from "../../extension/engine/shards.js";
import type { TransportEvents } from "../../extension/engine/transport.js";
import { fixtureReview } from "../fixtures/review.js";

const request: EngineRequest = {
  type: "review",
  tree: { root: "tree", overlays: [] },
  scenario: { name: "late-unmap", set: {} },
  search: { algorithm: "exhaustive", preemptions: 1, executions: 100, depth: 3, budgetMs: 1000 },
};
const quiet = (): void => undefined;

interface Engine {
  readonly events: TransportEvents;
  readonly posted: HostToEngine[];
  disposed: boolean;
}

function engines(): { readonly client: EngineClient; readonly started: readonly Engine[]; readonly say: (i: number, message: EngineToHost) => void } {
  const started: Engine[] = [];
  const client = new EngineClient(
    (events) => {
      const engine: Engine = { events, posted: [], disposed: false };
      started.push(engine);
      return { post: (message) => void engine.posted.push(message), dispose: () => void (engine.disposed = true) };
    },
    (_root, paths) => Promise.resolve(paths.map((path) => ({ path }))),
  );
  return { client, started, say: (i, message) => started[i]?.events.onMessage(message) };
}

/** The result of part `index` of `count`, with this many executions. */
function part(index: number, count: number, executions: number): ReviewResult {
  const result = fixtureReview();
  const covered = {
    ...result.before.covered,
    text: `Part ${String(index + 1)} of ${String(count)}, to be merged: Every schedule with at most 1 preemption (${String(executions)} executions, 9 operations).`,
    executions: executions + 1,
    search: { algorithm: "exhaustive", complete: 1, end: "complete", operations: 9, realMs: 5, settings: [executions], shard: { index, count } } as const,
  };
  const { after } = result;
  return { ...result, before: { ...result.before, covered }, ...(after === undefined ? {} : { after: { ...after, covered } }) };
}

const shardOf = (engine: Engine | undefined): unknown => {
  const [message] = engine?.posted ?? [];
  return message?.type === "review" ? message.search?.shard : undefined;
};

describe("a search in several engines", () => {
  it("is divided, joined, and leaves one engine", async () => {
    const { client, started, say } = engines();
    const search = client.search(request, 3, quiet);
    expect(started.map(shardOf)).toEqual([0, 1, 2].map((index) => ({ index, count: 3 })));
    for (const i of [2, 0, 1]) say(i, { type: "result", id: 1, result: part(i, 3, 10 + i), patched: [] });
    const outcome = await search;
    if (outcome.kind !== "result") throw new Error(outcome.kind);
    expect(outcome.result.before.covered.text).toBe("Every schedule with at most 1 preemption (33 executions in 3 parts, 27 operations).");
    expect(started.map((e) => e.disposed)).toEqual([false, true, true]);
  });

  it("sums up the progress of all parts", () => {
    const { client, say } = engines();
    const steps: string[] = [];
    void client.search(request, 2, (step) => void steps.push(step));
    const at = (executions: number, bound: number): SearchProgress => ({
      tree: "the tree",
      algorithm: "exhaustive",
      executions,
      operations: 100 * executions,
      realMs: 2000,
      bound,
      setting: 1,
      settings: 1,
    });
    say(0, { type: "progress", id: 1, step: "a", fraction: 0.6, search: at(40, 1) });
    say(1, { type: "progress", id: 1, step: "Compiling iommu.c", fraction: 0.1 });
    say(1, { type: "progress", id: 1, step: "b", fraction: 0.6, search: at(20, 0) });
    expect(steps).toEqual([
      "Searching the tree: 40 executions, 20/s, 4000 operations, preemption bound 1, 2 workers",
      "Compiling iommu.c",
      "Searching the tree: 60 executions, 30/s, 6000 operations, preemption bound 0, 2 workers",
    ]);
  });

  it("ends in all engines when it is cancelled or overtaken", async () => {
    const { client, started } = engines();
    const search = client.search(request, 3, quiet);
    client.cancel();
    expect((await search).kind).toBe("cancelled");
    expect(started.map((e) => e.disposed)).toEqual([false, true, true]);
    const again = client.search(request, 2, quiet);
    void client.run({ type: "review", tree: { root: "tree", overlays: [] }, scenario: { name: "late-unmap", set: {} } }, quiet);
    expect((await again).kind).toBe("cancelled");
    expect(started.map((e) => e.disposed)).toEqual([false, true, true, true]);
    expect(started[0]?.posted.map((m) => m.type)).toEqual(["review", "cancel", "review", "cancel", "review"]);
  });

  it("has no result if a part has none, and gives the reason", async () => {
    const { client, started, say } = engines();
    const search = client.search(request, 3, quiet);
    say(0, { type: "result", id: 1, result: part(0, 3, 10), patched: [] });
    started[2]?.events.onExit("out of memory");
    const outcome = await search;
    expect(outcome.kind === "problem" && outcome.problems[0]?.message).toContain("out of memory");
    expect(started.map((e) => e.disposed)).toEqual([false, true, true]);
  });

  it("runs in one engine if it has no parts", () => {
    const { client, started } = engines();
    void client.search({ ...request, search: { algorithm: "pct", preemptions: 1, executions: 100, depth: 3, budgetMs: 1000 } }, 4, quiet);
    void client.search(request, 1, quiet);
    expect(started).toHaveLength(1);
    expect(shardOf(started[0])).toBeUndefined();
  });

  it("leaves one processor for the editor", () => {
    expect([1, 2, 3, 4, 5, 64].map(defaultWorkers)).toEqual([1, 1, 2, 3, 4, 4]);
  });
});
