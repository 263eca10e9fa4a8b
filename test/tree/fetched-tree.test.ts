// An engine that receives its tree by messages: same results as from disk, each file requested once, changes noticed.

import { describe, expect, it } from "vitest";
import type { DiskTree } from "../../engine/node/disk-tree.js";
import type { EngineToHost, HostToEngine, ReviewResult, TreeSpec } from "../../engine/protocol.js";
import { EngineService } from "../../engine/service.js";
import { openTree } from "./trees.js";

/** A host that answers the engine's `want` messages from disk and counts the requests. */
class Host {
  requestedFiles = 0;
  rounds = 0;
  readonly #waiting = new Map<number, (message: EngineToHost) => void>();
  readonly #engine: EngineService;

  constructor(disk: DiskTree) {
    this.#engine = new EngineService(
      (message) => {
        if (message.type === "want") {
          this.rounds += 1;
          this.requestedFiles += message.paths.length;
          const files = message.paths.map((path) => {
            const text = disk.read(path);
            return text === undefined ? { path } : { path, text };
          });
          setImmediate(() => this.send({ type: "files", id: message.id, files }));
        } else if (message.type !== "progress") this.#waiting.get("id" in message ? message.id : -1)?.(message);
      },
      () => disk,
      () => new Promise((resolve) => setImmediate(resolve)),
    );
  }

  send(message: HostToEngine): void {
    this.#engine.receive(message);
  }

  async review(id: number, tree: TreeSpec): Promise<ReviewResult> {
    const reply = await new Promise<EngineToHost>((resolve) => {
      this.#waiting.set(id, resolve);
      this.send({ type: "review", id, tree, patch: "builtin", scenario: { name: "late-unmap", set: {} } });
    });
    if (reply.type !== "result") throw new Error(JSON.stringify(reply));
    return reply.result;
  }
}

const withoutTiming = ({ timing: _, ...rest }: ReviewResult): unknown => rest;

const disk = openTree("6.12");

describe.skipIf(disk === undefined)("a tree that is sent by messages", () => {
  it("gives the same result as the tree on disk, requests each file once, and notices a change", async () => {
    if (disk === undefined) return;
    const host = new Host(disk);
    const fetched = await host.review(1, { root: "mem:/linux", from: "host", overlays: [] });
    const { requestedFiles, rounds } = host;
    expect(requestedFiles).toBeGreaterThan(500);
    expect(withoutTiming(fetched)).toEqual(withoutTiming(await host.review(2, { root: disk.root, overlays: [] })));

    expect(withoutTiming(await host.review(3, { root: "mem:/linux", from: "host", overlays: [] }))).toEqual(withoutTiming(fetched));
    expect([host.requestedFiles, host.rounds]).toEqual([requestedFiles, rounds]);

    host.send({ type: "changed", root: "mem:/linux", paths: ["arch/powerpc/kernel/iommu.c"] });
    await host.review(4, { root: "mem:/linux", from: "host", overlays: [] });
    expect([host.requestedFiles, host.rounds]).toEqual([requestedFiles + 1, rounds + 1]);
  }, 120_000);
});
