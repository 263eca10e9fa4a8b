// The engine in a worker thread of Node: requests in, progress and results out. A newer request overtakes an older
// one; between two units and every 50 ms of a run it looks for messages.

import { parentPort } from "node:worker_threads";
import type { EngineToHost, HostToEngine } from "../protocol.js";
import { EngineService } from "../service.js";
import { DiskTree } from "./disk-tree.js";

const port = parentPort;
if (port === null) throw new Error("this file runs in a worker thread");

let tree: DiskTree | undefined;

const service = new EngineService(
  (message: EngineToHost) => {
    port.postMessage(message);
  },
  (root) => {
    // One tree's texts are kept: an edit in the editor reads nothing from disk again that did not change there.
    if (tree?.root !== root) tree = new DiskTree(root);
    else tree.refresh();
    return tree;
  },
  () =>
    new Promise((done) => {
      setImmediate(done);
    }),
);

port.on("message", (message: HostToEngine) => {
  service.receive(message);
});
