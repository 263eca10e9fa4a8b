import { describe, expect, it } from "vitest";
import type { DiskTree } from "../../engine/node/disk-tree.js";
import type { EngineToHost, HostToEngine, ReviewResult, TreeSpec } from "../../engine/protocol.js";
import { EngineService } from "../../engine/service.js";
import { treeAt } from "./trees.js";

/** An engine whose host answers `want` from disk, and counts what it was asked. */
class Host {
  asked = 0;
  rounds = 0;
  readonly #waiting = new Map<number, (message: EngineToHost) => void>();
  readonly #engine: EngineService;

  constructor(disk: DiskTree) {
    this.#engine = new EngineService(
      (message) => {
        if (message.type === "want") {
          this.rounds += 1;
          this.asked += message.paths.length;
          const files = message.paths.map((path) => {
            const text = disk.read(path);
            return text === undefined ? { path } : { path, text };
          });
          setImmediate(() => this.send({ type: "files", id: message.id, files }));
        } else if (message.type !== "progress") this.#waiting.get("id" in message ? message.id : -1)?.(message);
      },
      () => disk,
      () => new Promise((done) => setImmediate(done)),
    );
  }

  send(message: HostToEngine): void {
    this.#engine.receive(message);
  }

  async review(id: number, tree: TreeSpec): Promise<ReviewResult> {
    const answer = await new Promise<EngineToHost>((done) => {
      this.#waiting.set(id, done);
      this.send({ type: "review", id, tree, patch: "builtin", scenario: { name: "late-unmap", set: {} } });
    });
    if (answer.type !== "result") throw new Error(JSON.stringify(answer));
    return answer.result;
  }
}

const without = ({ timing: _, ...rest }: ReviewResult): unknown => rest;

const disk = treeAt("6.12");

describe.skipIf(disk === undefined)("a tree that comes by messages", () => {
  it("gives the result that the disk gives, is asked once for each file, and sees a change", async () => {
    if (disk === undefined) return;
    const host = new Host(disk);
    const fetched = await host.review(1, { root: "mem:/linux", from: "host", overlays: [] });
    const { asked, rounds } = host;
    expect(asked).toBeGreaterThan(500);
    expect(without(fetched)).toEqual(without(await host.review(2, { root: disk.root, overlays: [] })));

    expect(without(await host.review(3, { root: "mem:/linux", from: "host", overlays: [] }))).toEqual(without(fetched));
    expect([host.asked, host.rounds]).toEqual([asked, rounds]);

    host.send({ type: "changed", root: "mem:/linux", paths: ["arch/powerpc/kernel/iommu.c"] });
    await host.review(4, { root: "mem:/linux", from: "host", overlays: [] });
    expect([host.asked, host.rounds]).toEqual([asked + 1, rounds + 1]);
  }, 120_000);
});
