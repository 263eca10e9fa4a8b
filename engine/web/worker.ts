// The engine in a web worker. There is no disk: every file of the tree comes from the host, which asks the editor's file
// system. Requests in, progress and results out.

import type { HostToEngine } from "../protocol.js";
import { EngineService } from "../service.js";
import { treeOf } from "../tree/index.js";

const empty = treeOf(new Map());

const service = new EngineService(
  (message) => {
    self.postMessage(message);
  },
  () => empty,
  // A timer's macrotask lets messages in; a promise alone would not.
  () =>
    new Promise((done) => {
      setTimeout(done, 0);
    }),
);

self.addEventListener("message", (event: MessageEvent<HostToEngine>) => {
  service.receive(event.data);
});
