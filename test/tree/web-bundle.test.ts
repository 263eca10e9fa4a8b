// The engine as a browser gets it: the bundle of the web worker, with no disk, gives the result that Node's gives, and
// replays its witness bit for bit.

import { Worker } from "node:worker_threads";
import * as esbuild from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EngineToHost, HostToEngine, ReviewResult } from "../../engine/protocol.js";
import { ownSourcesForEsbuild } from "../../scripts/own-sources.mjs";
import { projectDir } from "../../scripts/process.mjs";
import { runReview, openTree } from "./trees.js";

/** What the bundle finds in a browser's worker, put on Node's port. */
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
        const answer: HostToEngine = { type: "files", id: message.id, files };
        worker.postMessage(answer);
      } else if (message.type !== "progress") settle(message);
    });
  });
  afterAll(() => worker.terminate());

  async function ask(message: HostToEngine): Promise<ReviewResult> {
    const answer = await new Promise<EngineToHost>((resolve) => {
      settle = resolve;
      worker.postMessage(message);
    });
    if (answer.type !== "result") throw new Error(JSON.stringify(answer));
    return answer.result;
  }

  it("gives the result that Node's gives, and the same again from its witness", async () => {
    if (disk === undefined) return;
    const here = (await runReview(disk, { patch: "builtin" })).result;
    const there = await ask({ type: "review", id: 1, tree, patch: "builtin", scenario });
    expect(withoutTiming(there)).toEqual(withoutTiming(here));
    const witness = there.before.findings.find((finding) => finding.severity === "oops")?.witness ?? "";
    const again = await ask({ type: "replay", id: 2, tree, patch: "builtin", witness });
    expect(again.before.timeline).toEqual(there.before.timeline);
    expect(again.before.log).toEqual(there.before.log);
  }, 240_000);
});
