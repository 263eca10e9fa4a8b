// The engine's worker as the extension sees it, in Node and in the browser.
// Must not depend on a review or the user interface.

export { EngineClient } from "./client.js";
export type { EngineOutcome, OnProgress } from "./requests.js";
export { defaultWorkers } from "./shards.js";
export type { EngineHost, EngineTransport, ReadFiles, StartEngine } from "./transport.js";
