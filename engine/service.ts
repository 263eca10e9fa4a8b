// The engine as its hosts see it: messages in, messages out. One request runs at a time; a newer one ends the older.
// Knows nothing of workers: how to post, open a tree and let messages in is given to it.

import type { EngineToHost, HostToEngine, HunksRequest, ReplayRequest, ReviewRequest } from "./protocol.js";
import type { Problem } from "./base/result.js";
import { hunkTable } from "./review/hunks.js";
import type { ReviewHost } from "./review/judge.js";
import { review } from "./review/review.js";
import { LayeredTree } from "./tree/layered-tree.js";
import type { SourceTree } from "./tree/source-tree.js";
import { Compiler } from "./world/compile.js";

export class EngineService {
  private readonly compiler = new Compiler();
  /** Id of the newest request; an older one stops when it sees another. */
  private newest = -1;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly post: (message: EngineToHost) => void,
    private readonly open: (root: string) => SourceTree,
    private readonly macrotask: () => Promise<void>,
  ) {}

  receive(message: HostToEngine): void {
    if (message.type === "cancel") {
      if (this.newest === message.id) this.newest = -1;
      return;
    }
    this.newest = message.id;
    this.running = this.running.then(() => this.handle(message));
  }

  private async handle(request: ReviewRequest | ReplayRequest | HunksRequest): Promise<void> {
    const { id } = request;
    const stale = (): boolean => this.newest !== id;
    if (stale()) {
      this.post({ type: "cancelled", id });
      return;
    }
    let told = 0;
    try {
      const overlays = new Map<string, string | undefined>(request.tree.overlays.map((o) => [o.path, o.text]));
      const tree = new LayeredTree([overlays], this.open(request.tree.root));
      const host: ReviewHost = {
        compiler: this.compiler,
        breathe: async () => {
          await this.macrotask();
          return stale();
        },
        progress: (step, fraction) => {
          const now = Date.now();
          if (now - told < 40 && fraction < 1) return;
          told = now;
          this.post({ type: "progress", id, step, fraction });
        },
      };
      if (request.type === "hunks") {
        const made = await hunkTable({ ...request, tree }, host, (table) => {
          this.post({ type: "hunks", id, table, complete: false });
        });
        if (made.ok) this.post({ type: "hunks", id, table: made.value, complete: true });
        else this.refuse(id, made.error);
        return;
      }
      const output = await review(
        {
          tree,
          ...(request.patch === undefined ? {} : { patch: request.patch }),
          scenario: request.type === "review" ? request.scenario : { name: "late-unmap", set: {} },
          ...(request.type === "replay" ? { witness: request.witness } : request.search === undefined ? {} : { search: request.search }),
        },
        host,
      );
      if (output.ok) this.post({ type: "result", id, result: output.value.result, patched: [...output.value.patched].map(([path, text]) => ({ path, text })) });
      else this.refuse(id, output.error);
    } catch (e) {
      // Our own fault: said, with where, and the engine goes on.
      const where = e instanceof Error ? (e.stack ?? e.message).split("\n").slice(0, 3).join(" ") : String(e);
      this.post({
        type: "problem",
        id,
        problems: [{ code: "internal", message: `The engine failed: ${where}`, hint: "Please report this with the patch and the tree's version." }],
      });
    }
  }

  private refuse(id: number, problems: readonly Problem[]): void {
    this.post(problems.some((p) => p.code === "cancelled") ? { type: "cancelled", id } : { type: "problem", id, problems });
  }
}
