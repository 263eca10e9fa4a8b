// How an engine is started and reached, in Node and in the browser. Must not depend on what the messages mean.

import type { EngineToHost, FilesMessage, HostToEngine } from "../../engine/protocol.js";

/** One running engine. `onExit` fires once, with the reason as text, unless `dispose` was called first. */
export interface EngineTransport {
  post(message: HostToEngine): void;
  dispose(): void;
}

export interface TransportEvents {
  onMessage(message: EngineToHost): void;
  onExit(reason: string): void;
}

export type StartEngine = (events: TransportEvents) => EngineTransport;

/** How to start the engine, whether it can read files by path, and how many engines could run at once. */
export interface EngineHost {
  readonly start: StartEngine;
  readonly hasDisk: boolean;
  readonly processors: number;
}

/** Reads files of a tree that is not on a disk the engine can read; a path without text has no file. */
export type ReadFiles = (root: string, paths: readonly string[]) => Promise<FilesMessage["files"]>;
