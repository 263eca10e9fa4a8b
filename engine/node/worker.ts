// The engine in a worker thread of Node: requests in, progress and results out. A newer request overtakes an older one;
// messages are received between two units and every 50 ms of a run.

import { getHeapStatistics } from "node:v8";
import { parentPort } from "node:worker_threads";
import type { EngineToHost, HostToEngine } from "../protocol.js";
import { EngineService } from "../service.js";
import { DiskTree } from "./disk-tree.js";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");

let tree: DiskTree | undefined;

/** Share of the heap at which a search stops. */
const FULL = 0.8;

const service = new EngineService(
  (message: EngineToHost) => {
    port.postMessage(message);
  },
  (root) => {
    // The texts of one tree are cached: an edit in the editor reads no unchanged file from disk again.
    if (tree?.root !== root) tree = new DiskTree(root);
    else tree.refresh();
    return tree;
  },
  () =>
    new Promise((done) => {
      setImmediate(done);
    }),
  () => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    return used > FULL * limit;
  },
);

port.on("message", (message: HostToEngine) => {
  service.receive(message);
});
