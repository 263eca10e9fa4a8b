// The engine as a function that returns a promise: request ids, progress, cancelling, a newer request overtaking the
// older one, and a fresh engine after a crash. Knows neither vscode nor where the engine runs: that is the transport.

import type { Problem } from "../../engine/base/index.js";
import type {
  Answer,
  DebugCommand,
  DebugOpenRequest,
  DebugReply,
  DebugStop,
  EngineToHost,
  ExplainRequest,
  Explanation,
  FilesMessage,
  HostToEngine,
  HunksRequest,
  HunkTable,
  PatchedFile,
  QuestionsRequest,
  ReplayRequest,
  ReviewRequest,
  ReviewResult,
  SearchProgress,
  VariantName,
} from "../../engine/protocol.js";
import { canBeParted, joinParts, partsOf, partsProgress } from "./search-parts.js";

/** One running engine. `onExit` fires once, with a reason in words, unless `dispose` was called first. */
export interface EngineTransport {
  post(message: HostToEngine): void;
  dispose(): void;
}

export interface TransportEvents {
  onMessage(message: EngineToHost): void;
  onExit(reason: string): void;
}

export type StartEngine = (events: TransportEvents) => EngineTransport;

/** How the engine is started, whether it can read files by their path, and how many of them could run at once. */
export interface EngineHost {
  readonly start: StartEngine;
  readonly hasDisk: boolean;
  readonly processors: number;
}

export type EngineOutcome =
  | { readonly kind: "result"; readonly result: ReviewResult; readonly patched: readonly PatchedFile[] }
  | { readonly kind: "hunks"; readonly table: HunkTable }
  | { readonly kind: "explained"; readonly explanation: Explanation }
  | { readonly kind: "debug"; readonly session: number; readonly variant: VariantName; readonly patched: readonly PatchedFile[]; readonly stop: DebugStop }
  | { readonly kind: "questions"; readonly answers: readonly Answer[] }
  | { readonly kind: "problem"; readonly problems: readonly Problem[] }
  | { readonly kind: "cancelled" };

export type EngineRequest =
  | Omit<ReviewRequest, "id">
  | Omit<ReplayRequest, "id">
  | Omit<HunksRequest, "id">
  | Omit<QuestionsRequest, "id">
  | Omit<ExplainRequest, "id">
  | Omit<DebugOpenRequest, "id">;

/** Texts of a tree that is on no disk the engine can read; a path without text has no file. */
export type ReadFiles = (root: string, paths: readonly string[]) => Promise<FilesMessage["files"]>;

/** `search`: the same in figures, where it is a search that goes on. */
export type OnProgress = (step: string, fraction: number, search?: SearchProgress) => void;
/** A table of hunks and answers arrive in parts before they are whole. */
export interface OnPart {
  readonly table?: (table: HunkTable) => void;
  readonly answers?: (answers: readonly Answer[]) => void;
}

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
  /** Questions of debuggers that wait for their answer, by their number. */
  readonly #asked = new Map<number, (reply: DebugReply) => void>();
  #lastSeq = 0;
  /** Engines that do other parts of the search under way; each lives for that search only. */
  #helpers: readonly EngineClient[] = [];

  constructor(start: StartEngine, readFiles: ReadFiles) {
    this.#start = start;
    this.#readFiles = readFiles;
  }

  /** Files of a tree that is read through `ReadFiles` changed; without paths, all may have. */
  changed(root: string, paths?: readonly string[]): void {
    this.#engine?.post({ type: "changed", root, ...(paths === undefined ? {} : { paths }) });
  }

  /** Runs a request; one that is still running is cancelled and settles as "cancelled" at once. Never rejects. */
  run(request: EngineRequest, onProgress: OnProgress, onPart: OnPart = {}): Promise<EngineOutcome> {
    this.cancel();
    return this.#one(request, onProgress, onPart);
  }

  /** As `run`; an exhaustive search is shared out to so many engines, this one among them. */
  async search(request: EngineRequest, workers: number, onProgress: OnProgress): Promise<EngineOutcome> {
    this.cancel();
    if (workers < 2 || !canBeParted(request)) return this.#one(request, onProgress, {});
    const helpers = Array.from({ length: workers - 1 }, () => new EngineClient(this.#start, this.#readFiles));
    this.#helpers = helpers;
    const told = partsProgress(workers, onProgress);
    const quiet = (): void => undefined;
    const outcomes = await Promise.all(
      partsOf(request, workers).map(async (part, i) => {
        const outcome = await (helpers[i - 1]?.run(part, told[i] ?? quiet) ?? this.#one(part, told[i] ?? quiet, {}));
        // A part without a result leaves none of the whole; unless something newer has ended this search already.
        if (outcome.kind !== "result" && this.#helpers === helpers) this.cancel();
        return outcome;
      }),
    );
    if (this.#helpers === helpers) this.#dismiss();
    return joinParts(outcomes);
  }

  #dismiss(): void {
    const helpers = this.#helpers;
    this.#helpers = [];
    for (const helper of helpers) helper.dispose();
  }

  #one(request: EngineRequest, onProgress: OnProgress, onPart: OnPart): Promise<EngineOutcome> {
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

  /** Asks an open run of a debugger. Never rejects. */
  debug(session: number, command: DebugCommand): Promise<DebugReply> {
    const engine = this.#engine;
    if (engine === undefined) return Promise.resolve({ k: "refused", message: "The engine is not running." });
    const seq = ++this.#lastSeq;
    return new Promise((resolve) => {
      this.#asked.set(seq, resolve);
      engine.post({ type: "debug", seq, session, command });
    });
  }

  #giveUp(message: string): void {
    for (const answer of this.#asked.values()) answer({ k: "refused", message });
    this.#asked.clear();
  }

  cancel(): void {
    this.#dismiss();
    const pending = this.#pending;
    if (pending === undefined) return;
    this.#engine?.post({ type: "cancel", id: pending.id });
    this.#settle(pending.id, { kind: "cancelled" });
  }

  dispose(): void {
    this.#dismiss();
    const engine = this.#engine;
    this.#engine = undefined;
    if (this.#pending !== undefined) this.#settle(this.#pending.id, { kind: "cancelled" });
    engine?.dispose();
    this.#giveUp("The engine was stopped.");
  }

  /** Messages of an engine that has been given up are not heard: each engine gets its own events. */
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
        this.#asked.get(message.seq)?.(message.reply);
        this.#asked.delete(message.seq);
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
        if (message.id === this.#pending?.id) void this.#answer(message.id, message.root, message.paths);
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

  async #answer(id: number, root: string, paths: readonly string[]): Promise<void> {
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
    this.#giveUp(`The engine stopped: ${reason}`);
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
