// Runs the engine in a worker thread of Node, so that it does not block the extension host.

import { Worker } from "node:worker_threads";
import type { EngineToHost } from "../engine/protocol.js";
import type { EngineTransport, StartEngine } from "./engine/index.js";

/**
 * Well above what two trees need. The limit also makes the garbage collector keep the heap small; without it the heap grows
 * to twice the memory in use.
 */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 } as const;

/** @param file absolute path of the bundled worker */
export function nodeEngine(file: string): StartEngine {
  return (events): EngineTransport => {
    const worker = new Worker(file, { name: "tce-scope-engine", stdout: false, stderr: false, resourceLimits });
    let disposed = false;
    let failure: string | undefined;
    worker.on("message", (message: EngineToHost) => events.onMessage(message));
    worker.on("error", (error) => (failure = error instanceof Error ? error.message : String(error)));
    worker.on("exit", (code) => {
      if (!disposed) events.onExit(failure ?? `exit code ${code}`);
    });
    return {
      post: (message) => worker.postMessage(message),
      dispose: () => {
        disposed = true;
        void worker.terminate();
      },
    };
  };
}
