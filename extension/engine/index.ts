// The engine's worker as the extension sees it, in Node and in the browser.
// Must not know a review or the user interface.

export { EngineClient, type EngineHost, type EngineOutcome, type EngineTransport, type OnProgress, type ReadFiles, type StartEngine } from "./engine-client.js";
export { defaultWorkers } from "./search-parts.js";
