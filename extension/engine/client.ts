// The engine as a function that returns a promise: request ids, progress, cancellation, a newer request that replaces the
// running one, and a fresh engine after a crash. Must not depend on vscode or on where the engine runs.

import type { DebugCommand, DebugReply, EngineToHost } from "../../engine/protocol.js";
import type { EngineOutcome, EngineRequest, OnPart, OnProgress } from "./requests.js";
import { isShardable, joinShards, shardProgress, shardsOf } from "./shards.js";
import type { EngineTransport, ReadFiles, StartEngine, TransportEvents } from "./transport.js";

interface Pending {
  readonly id: number;
  readonly onProgress: OnProgress;
  readonly onPart: OnPart;
  readonly settle: (outcome: EngineOutcome) => void;
}

export class EngineClient {
  readonly #start: StartEngine;
  readonly #readFiles: ReadFiles;
  #engine: EngineTransport | undefined;
  #pending: Pending | undefined;
  #lastId = 0;
  /** Debugger commands that wait for their reply, by sequence number. */
  readonly #debugReplies = new Map<number, (reply: DebugReply) => void>();
  #lastSeq = 0;
  /** Engines that run the other shards of the current search; each lives for that search only. */
  #helpers: readonly EngineClient[] = [];

  constructor(start: StartEngine, readFiles: ReadFiles) {
    this.#start = start;
    this.#readFiles = readFiles;
  }

  /** Files of a tree that is read through `ReadFiles` changed; without paths, any may have. */
  changed(root: string, paths?: readonly string[]): void {
    this.#engine?.post({ type: "changed", root, ...(paths === undefined ? {} : { paths }) });
  }

  /** Runs a request. A request that is still running is cancelled and settles as "cancelled" at once. Never rejects. */
  run(request: EngineRequest, onProgress: OnProgress, onPart: OnPart = {}): Promise<EngineOutcome> {
    this.cancel();
    return this.#send(request, onProgress, onPart);
  }

  /** As `run`, but splits an exhaustive search over `workers` engines, including this one. */
  async search(request: EngineRequest, workers: number, onProgress: OnProgress): Promise<EngineOutcome> {
    this.cancel();
    if (workers < 2 || !isShardable(request)) return this.#send(request, onProgress, {});
    const helpers = Array.from({ length: workers - 1 }, () => new EngineClient(this.#start, this.#readFiles));
    this.#helpers = helpers;
    const progress = shardProgress(workers, onProgress);
    const ignore = (): void => undefined;
    const outcomes = await Promise.all(
      shardsOf(request, workers).map(async (shard, i) => {
        const outcome = await (helpers[i - 1]?.run(shard, progress[i] ?? ignore) ?? this.#send(shard, progress[i] ?? ignore, {}));
        // Without the result of one shard there is no result; a newer request may have ended this search already.
        if (outcome.kind !== "result" && this.#helpers === helpers) this.cancel();
        return outcome;
      }),
    );
    if (this.#helpers === helpers) this.#disposeHelpers();
    return joinShards(outcomes);
  }

  #disposeHelpers(): void {
    const helpers = this.#helpers;
    this.#helpers = [];
    for (const helper of helpers) helper.dispose();
  }

  #send(request: EngineRequest, onProgress: OnProgress, onPart: OnPart): Promise<EngineOutcome> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#pending = { id, onProgress, onPart, settle: resolve };
      try {
        this.#engine ??= this.#start(this.#events());
        this.#engine.post({ ...request, id });
      } catch (error) {
        this.#crashed(error instanceof Error ? error.message : String(error));
      }
    });
  }

  /** Sends a command to an open debug session. Never rejects. */
  debug(session: number, command: DebugCommand): Promise<DebugReply> {
    const engine = this.#engine;
    if (engine === undefined) return Promise.resolve({ k: "refused", message: "The engine is not running." });
    const seq = ++this.#lastSeq;
    return new Promise((resolve) => {
      this.#debugReplies.set(seq, resolve);
      engine.post({ type: "debug", seq, session, command });
    });
  }

  #refuseDebug(message: string): void {
    for (const reply of this.#debugReplies.values()) reply({ k: "refused", message });
    this.#debugReplies.clear();
  }

  cancel(): void {
    this.#disposeHelpers();
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#engine?.post({ type: "cancel", id: pending.id });
    this.#settle(pending.id, { kind: "cancelled" });
  }

  dispose(): void {
    this.#disposeHelpers();
    const engine = this.#engine;
    this.#engine = undefined;
    if (this.#pending !== undefined) this.#settle(this.#pending.id, { kind: "cancelled" });
    engine?.dispose();
    this.#refuseDebug("The engine was stopped.");
  }

  /** Each engine gets its own events, so that messages of a discarded engine are ignored. */
  #events(): TransportEvents {
    let alive = true;
    return {
      onMessage: (message) => {
        if (alive) this.#receive(message);
      },
      onExit: (reason) => {
        if (!alive) return;
        alive = false;
        this.#crashed(reason);
      },
    };
  }

  #receive(message: EngineToHost): void {
    switch (message.type) {
      case "progress":
        if (message.id === this.#pending?.id) this.#pending.onProgress(message.step, message.fraction, message.search);
        return;
      case "result":
        this.#settle(message.id, { kind: "result", result: message.result, patched: message.patched });
        return;
      case "debug-opened":
        this.#settle(message.id, { kind: "debug", session: message.id, variant: message.variant, patched: message.patched, stop: message.stop });
        return;
      case "debug":
        this.#debugReplies.get(message.seq)?.(message.reply);
        this.#debugReplies.delete(message.seq);
        return;
      case "explained":
        this.#settle(message.id, { kind: "explained", explanation: message.explanation });
        return;
      case "problem":
        this.#settle(message.id, { kind: "problem", problems: message.problems });
        return;
      case "cancelled":
        this.#settle(message.id, { kind: "cancelled" });
        return;
      case "want":
        if (message.id === this.#pending?.id) void this.#sendFiles(message.id, message.root, message.paths);
        return;
      case "hunks":
        if (message.complete) this.#settle(message.id, { kind: "hunks", table: message.table });
        else if (message.id === this.#pending?.id) this.#pending.onPart.table?.(message.table);
        return;
      case "questions":
        if (message.complete) this.#settle(message.id, { kind: "questions", answers: message.answers });
        else if (message.id === this.#pending?.id) this.#pending.onPart.answers?.(message.answers);
        return;
    }
  }

  async #sendFiles(id: number, root: string, paths: readonly string[]): Promise<void> {
    const files = await this.#readFiles(root, paths);
    if (id === this.#pending?.id) this.#engine?.post({ type: "files", id, files });
  }

  #settle(id: number, outcome: EngineOutcome): void {
    const pending = this.#pending;
    if (pending?.id !== id) return;
    this.#pending = undefined;
    pending.settle(outcome);
  }

  /** The next request starts a new engine. */
  #crashed(reason: string): void {
    const engine = this.#engine;
    this.#engine = undefined;
    engine?.dispose();
    this.#refuseDebug(`The engine stopped: ${reason}`);
    if (this.#pending === undefined) return;
    this.#settle(this.#pending.id, {
      kind: "problem",
      problems: [
        {
          code: "engine-stopped",
          message: `The engine stopped: ${reason}`,
          hint: "The next run restarts it. If it stops every time, please report the patch and the kernel version of the tree.",
        },
      ],
    });
  }
}
