// The engine as its hosts see it: messages in, messages out. One request runs at a time; a newer request ends an older one.
// Must not depend on workers: the host provides how to post, open a tree and receive messages.

import type {
  DebugMessage,
  DebugOpenRequest,
  DebugReply,
  EngineToHost,
  ExplainRequest,
  FilesMessage,
  HostToEngine,
  HunksRequest,
  QuestionsRequest,
  ReplayRequest,
  ReviewRequest,
  TreeSpec,
} from "./protocol.js";
import type { Problem } from "./base/index.js";
import { type DebugSession, openSession } from "./debug/index.js";
import { explain } from "./explain/index.js";
import { hunkTable, review, type ReviewHost } from "./review/index.js";
import { answerQuestions } from "./questions/index.js";
import { FetchedTree, LayeredTree, type SourceTree } from "./tree/index.js";
import { Compiler } from "./world/index.js";

type Request = ReviewRequest | ReplayRequest | HunksRequest | QuestionsRequest | ExplainRequest | DebugOpenRequest;

/** Limit of runs open in debuggers: each holds the memory of a machine. */
const DEBUGGED = 2;

export class EngineService {
  private readonly compiler = new Compiler();
  /** Id of the newest request; an older one stops when the id is not its own. */
  private newest = -1;
  /** Open runs by the id of their request, oldest first. */
  private readonly debugged = new Map<number, DebugSession>();
  private running: Promise<void> = Promise.resolve();
  /** The tree whose texts the host provides; only one is kept. */
  private fetched: FetchedTree | undefined;
  private waiting: { readonly id: number; readonly go: () => void } | undefined;

  constructor(
    private readonly post: (message: EngineToHost) => void,
    private readonly open: (root: string) => SourceTree,
    private readonly macrotask: () => Promise<void>,
    /** Whether the memory limit is reached; a search then ends and reports it. */
    private readonly full: () => boolean = () => false,
  ) {}

  receive(message: HostToEngine): void {
    switch (message.type) {
      case "cancel":
        if (this.newest === message.id) this.supersede(-1);
        return;
      case "files":
        this.take(message);
        return;
      case "changed":
        if (this.fetched?.root !== message.root) return;
        if (message.paths === undefined) this.fetched.forget();
        else for (const path of message.paths) this.fetched.forget(path);
        return;
      case "debug":
        this.post({ type: "debug", seq: message.seq, reply: this.debug(message) });
        return;
      default:
        this.supersede(message.id);
        this.running = this.running.then(() => this.handle(message));
    }
  }

  /** Handled at once, also during a review, which receives messages between its steps. */
  private debug({ session, command }: DebugMessage): DebugReply {
    const open = this.debugged.get(session);
    if (open === undefined) return { k: "refused", message: "This debug session has ended." };
    try {
      if (command.c === "close") this.debugged.delete(session);
      return open.handle(command);
    } catch (e) {
      return { k: "refused", message: `The engine failed: ${e instanceof Error ? e.message : String(e)}` };
    }
  }

  private keepOpen(id: number, session: DebugSession): void {
    for (const [oldest, old] of this.debugged) {
      if (this.debugged.size < DEBUGGED) break;
      this.debugged.delete(oldest);
      old.close();
    }
    this.debugged.set(id, session);
  }

  private supersede(id: number): void {
    this.newest = id;
    this.waiting?.go();
  }

  private take({ id, files }: FilesMessage): void {
    if (this.waiting?.id !== id) return;
    for (const { path, text } of files) this.fetched?.give(path, text);
    this.waiting.go();
  }

  /** Requests missing files from the host, and waits for its reply or a newer request. */
  private fetch(id: number, tree: FetchedTree): Promise<void> {
    return new Promise<void>((go) => {
      this.waiting = { id, go };
      this.post({ type: "want", id, root: tree.root, paths: tree.takeMissed() });
    }).then(() => {
      this.waiting = undefined;
    });
  }

  private lowest(spec: TreeSpec): SourceTree {
    if (spec.from !== "host") return this.open(spec.root);
    if (this.fetched?.root !== spec.root) this.fetched = new FetchedTree(spec.root);
    return this.fetched;
  }

  private async handle(request: Request): Promise<void> {
    const { id } = request;
    const stale = (): boolean => this.newest !== id;
    try {
      for (;;) {
        if (stale()) {
          this.post({ type: "cancelled", id });
          return;
        }
        const lowest = this.lowest(request.tree);
        const incomplete = (): boolean => lowest instanceof FetchedTree && lowest.incomplete;
        const answer = await this.answer(request, lowest, stale, incomplete);
        if (!(lowest instanceof FetchedTree) || !lowest.incomplete) {
          this.post(answer);
          return;
        }
        // A result from an incomplete tree is meaningless: fetch the files and start again. Complete units are kept.
        if (!stale()) await this.fetch(id, lowest);
      }
    } catch (e) {
      // A bug of ours: report it with its place; the engine continues.
      const where = e instanceof Error ? (e.stack ?? e.message).split("\n").slice(0, 3).join(" ") : String(e);
      this.post({
        type: "problem",
        id,
        problems: [{ code: "internal", message: `The engine failed: ${where}`, hint: "Please report this with the patch and the kernel version of the tree." }],
      });
    }
  }

  private async answer(request: Request, lowest: SourceTree, stale: () => boolean, incomplete: () => boolean): Promise<EngineToHost> {
    const { id } = request;
    let lastProgress = 0;
    const overlays = new Map<string, string | undefined>(request.tree.overlays.map((o) => [o.path, o.text]));
    const tree = new LayeredTree([overlays], lowest);
    const host: ReviewHost = {
      compiler: this.compiler,
      breathe: async () => {
        if (incomplete()) return true;
        await this.macrotask();
        return stale();
      },
      progress: (step, fraction, search) => {
        const now = Date.now();
        if (now - lastProgress < 40 && fraction < 1) return;
        lastProgress = now;
        this.post({ type: "progress", id, step, fraction, ...(search === undefined ? {} : { search }) });
      },
    };
    if (request.type === "hunks") {
      const made = await hunkTable({ ...request, tree }, host, (table) => {
        if (!incomplete()) this.post({ type: "hunks", id, table, complete: false });
      });
      return made.ok ? { type: "hunks", id, table: made.value, complete: true } : refusal(id, made.error);
    }
    if (request.type === "questions") {
      const answered = await answerQuestions({ ...request, tree }, host, (answers) => {
        if (!incomplete()) this.post({ type: "questions", id, answers, complete: false });
      });
      return answered.ok ? { type: "questions", id, answers: answered.value, complete: true } : refusal(id, answered.error);
    }
    if (request.type === "debug-open") {
      const opened = await openSession({ ...request, tree }, host);
      if (!opened.ok) return refusal(id, opened.error);
      const { session, variant, patched } = opened.value;
      this.keepOpen(id, session);
      return { type: "debug-opened", id, variant, patched: [...patched].map(([path, text]) => ({ path, text })), stop: session.enter() };
    }
    if (request.type === "explain") {
      const explained = await explain({ ...request, tree }, host);
      return explained.ok ? { type: "explained", id, explanation: explained.value } : refusal(id, explained.error);
    }
    const output = await review(
      {
        tree,
        ...(request.patch === undefined ? {} : { patch: request.patch }),
        ...(request.hunks === undefined ? {} : { hunks: request.hunks }),
        scenario: request.type === "review" ? request.scenario : { name: "late-unmap", set: {}, ...(request.own === undefined ? {} : { own: request.own }) },
        ...(request.type === "replay" ? { witness: request.witness } : request.search === undefined ? {} : { search: { ...request.search, full: this.full } }),
      },
      host,
    );
    if (!output.ok) return refusal(id, output.error);
    return { type: "result", id, result: output.value.result, patched: [...output.value.patched].map(([path, text]) => ({ path, text })) };
  }
}

function refusal(id: number, problems: readonly Problem[]): EngineToHost {
  return problems.some((p) => p.code === "cancelled") ? { type: "cancelled", id } : { type: "problem", id, problems };
}
