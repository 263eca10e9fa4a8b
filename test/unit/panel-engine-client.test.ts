import { describe, expect, it } from "vitest";
import type { HostToEngine } from "../../engine/protocol.js";
import { EngineClient } from "../../extension/engine/client.js";
import type { EngineRequest } from "../../extension/engine/requests.js";
import type { ReadFiles, TransportEvents } from "../../extension/engine/transport.js";
import { fixtureReview } from "../fixtures/review.js";

const request: EngineRequest = { type: "review", tree: { root: "tree", overlays: [] }, scenario: { name: "late-unmap", set: {} } };
const quiet = (): void => undefined;
const noFiles: ReadFiles = (_root, paths) => Promise.resolve(paths.map((path) => ({ path })));

class FakeEngines {
  readonly started: { readonly events: TransportEvents; readonly posted: HostToEngine[]; disposed: boolean }[] = [];
  readonly start = (events: TransportEvents): { post(message: HostToEngine): void; dispose(): void } => {
    const engine = { events, posted: [] as HostToEngine[], disposed: false };
    this.started.push(engine);
    return { post: (message) => void engine.posted.push(message), dispose: () => void (engine.disposed = true) };
  };
  get last(): (typeof this.started)[number] {
    const last = this.started.at(-1);
    if (last === undefined) throw new Error("no engine was started");
    return last;
  }
}

describe("the engine's client", () => {
  it("starts no engine before it is needed", () => {
    const engines = new FakeEngines();
    new EngineClient(engines.start, noFiles);
    expect(engines.started).toHaveLength(0);
  });

  it("lets a newer request overtake an older one, and drops the late result", async () => {
    const engines = new FakeEngines();
    const client = new EngineClient(engines.start, noFiles);
    const older = client.run(request, quiet);
    const newer = client.run(request, quiet);
    expect((await older).kind).toBe("cancelled");
    expect(engines.last.posted.map((message) => ("id" in message ? `${message.type} ${message.id}` : message.type))).toEqual([
      "review 1",
      "cancel 1",
      "review 2",
    ]);
    engines.last.events.onMessage({ type: "result", id: 1, result: fixtureReview(), patched: [] });
    engines.last.events.onMessage({ type: "problem", id: 2, problems: [{ code: "x", message: "no tree" }] });
    expect(await newer).toEqual({ kind: "problem", problems: [{ code: "x", message: "no tree" }] });
  });

  it("reports progress only of the running request", () => {
    const engines = new FakeEngines();
    const client = new EngineClient(engines.start, noFiles);
    const steps: string[] = [];
    void client.run(request, (step) => void steps.push(`old ${step}`));
    void client.run(request, (step) => void steps.push(`new ${step}`));
    engines.last.events.onMessage({ type: "progress", id: 1, step: "compile", fraction: 0.5 });
    engines.last.events.onMessage({ type: "progress", id: 2, step: "compile", fraction: 0.5 });
    expect(steps).toEqual(["new compile"]);
  });

  it("reports that the engine stopped, and starts another for the next request", async () => {
    const engines = new FakeEngines();
    const client = new EngineClient(engines.start, noFiles);
    const run = client.run(request, quiet);
    engines.last.events.onExit("out of memory");
    const outcome = await run;
    expect(outcome.kind === "problem" && outcome.problems[0]?.message).toContain("out of memory");
    void client.run(request, quiet);
    expect(engines.started).toHaveLength(2);
  });

  it("survives an engine that cannot be started", async () => {
    const client = new EngineClient(() => {
      throw new Error("no such file");
    }, noFiles);
    const outcome = await client.run(request, quiet);
    expect(outcome.kind === "problem" && outcome.problems[0]?.message).toContain("no such file");
  });

  it("provides the files that the engine requests, but not after the request was overtaken", async () => {
    const engines = new FakeEngines();
    const requests: string[] = [];
    const client = new EngineClient(engines.start, (root, paths) => {
      requests.push(`${root}: ${paths.join(" ")}`);
      return Promise.resolve(paths.map((path) => (path === "Makefile" ? { path, text: "VERSION = 6" } : { path })));
    });
    void client.run({ ...request, tree: { root: "mem:/linux", from: "host", overlays: [] } }, quiet);
    engines.last.events.onMessage({ type: "want", id: 1, root: "mem:/linux", paths: ["Makefile", "nowhere.h"] });
    await Promise.resolve();
    expect(requests).toEqual(["mem:/linux: Makefile nowhere.h"]);
    expect(engines.last.posted.at(-1)).toEqual({ type: "files", id: 1, files: [{ path: "Makefile", text: "VERSION = 6" }, { path: "nowhere.h" }] });
    client.cancel();
    engines.last.events.onMessage({ type: "want", id: 1, root: "mem:/linux", paths: ["late.h"] });
    await Promise.resolve();
    expect(engines.last.posted.filter((message) => message.type === "files")).toHaveLength(1);
  });
});
