// The engine's bundle for browsers: the web worker has no disk, gives the same result as the engine in Node, and replays its
// witness bit for bit.

import { Worker } from "node:worker_threads";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineToHost, HostToEngine, ReviewResult } from "../../engine/protocol.js";
import { ownSourcesForEsbuild } from "../../scripts/own-sources.mjs";
import { projectDir } from "../../scripts/process.mjs";
import { runReview, openTree } from "./trees.js";

/** Emulates the globals of a browser's worker on Node's port. */
const shim = `
const { parentPort } = require("node:worker_threads");
globalThis.self = globalThis;
self.postMessage = (message) => parentPort.postMessage(message);
self.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
`;

const disk = openTree("6.12");
const tree = { root: "mem:/linux", from: "host", overlays: [] } as const;
const scenario = { name: "late-unmap", set: {} } as const;

const withoutTiming = ({ timing: _, ...rest }: ReviewResult): unknown => rest;

describe.skipIf(disk === undefined)("the engine's bundle for browsers", () => {
  let worker: Worker;
  let settle: (message: EngineToHost) => void = () => undefined;

  beforeAll(async () => {
    const built = await esbuild.build({
      entryPoints: ["engine/web/worker.ts"],
      absWorkingDir: projectDir,
      bundle: true,
      write: false,
      platform: "browser",
      target: "es2022",
      format: "iife",
      plugins: [ownSourcesForEsbuild()],
    });
    worker = new Worker(shim + (built.outputFiles[0]?.text ?? ""), { eval: true });
    worker.on("message", (message: EngineToHost) => {
      if (message.type === "want") {
        const files = message.paths.map((path) => {
          const text = disk?.read(path);
          return text === undefined ? { path } : { path, text };
        });
        const reply: HostToEngine = { type: "files", id: message.id, files };
        worker.postMessage(reply);
      } else if (message.type !== "progress") settle(message);
    });
  });
  afterAll(() => worker.terminate());

  async function request(message: HostToEngine): Promise<ReviewResult> {
    const reply = await new Promise<EngineToHost>((resolve) => {
      settle = resolve;
      worker.postMessage(message);
    });
    if (reply.type !== "result") throw new Error(JSON.stringify(reply));
    return reply.result;
  }

  it("gives the same result as the engine in Node and replays its witness", async () => {
    if (disk === undefined) return;
    const nodeResult = (await runReview(disk, { patch: "builtin" })).result;
    const webResult = await request({ type: "review", id: 1, tree, patch: "builtin", scenario });
    expect(withoutTiming(webResult)).toEqual(withoutTiming(nodeResult));
    const witness = webResult.before.findings.find((finding) => finding.severity === "oops")?.witness ?? "";
    const replayed = await request({ type: "replay", id: 2, tree, patch: "builtin", witness });
    expect(replayed.before.timeline).toEqual(webResult.before.timeline);
    expect(replayed.before.log).toEqual(webResult.before.log);
  }, 240_000);
});
