// A run of the review that is kept open for the views: the table's fields at a moment, and the operations around it. One
// run at a time, opened on first use; the debugger opens its own.

import * as vscode from "vscode";
import type { DebugCommand, DebugReply, FindingKey, FromWebview, ToWebview, VariantName } from "../../engine/protocol.js";
import type { EngineOutcome, OnProgress } from "../engine/index.js";
import type { ReviewSession } from "./session.js";

type OperationsRequest = Extract<FromWebview, { type: "operations" }>;
type OperationsReply = Extract<ToWebview, { type: "operations" }>;

/** Operations that a view gets on each side of its cursor. */
const around = 150;

interface Opened {
  readonly variant: VariantName;
  readonly witness: string;
  readonly session: Promise<number | undefined>;
}

export class OpenedRun implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscription: vscode.Disposable;
  #opened: Opened | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscription = session.onDidChange(() => {
      if (session.stale || session.result?.[this.#opened?.variant ?? "before"]?.witness !== this.#opened?.witness) this.#close();
    });
  }

  dispose(): void {
    this.#close();
    this.#subscription.dispose();
  }

  /** Sends a command to the variant's run; undefined if the run cannot be opened now. */
  async ask(variant: VariantName, command: DebugCommand): Promise<DebugReply | undefined> {
    const { stale, running, result } = this.#session;
    const witness = result?.[variant]?.witness;
    if (stale || running || witness === undefined || witness === "") return undefined;
    const id = await this.#open(variant, witness);
    if (id === undefined) return undefined;
    return this.#session.debug(id, command);
  }

  /** For the timeline: the operation it steps to and those around it, or why there is none. */
  async operations({ variant, from, step, thread }: OperationsRequest): Promise<OperationsReply> {
    const reply = await this.ask(variant, { c: "operations", from, step, around, ...(thread === undefined ? {} : { thread }) });
    if (reply?.k === "operations") return { type: "operations", variant, stop: reply.stop, operations: reply.operations };
    const why = reply?.k === "refused" ? reply.message : vscode.l10n.t("Operations are available after the review has run, until the tree is edited.");
    return { type: "operations", variant, operations: [], why };
  }

  #open(variant: VariantName, witness: string): Promise<number | undefined> {
    if (this.#opened?.variant === variant && this.#opened.witness === witness) return this.#opened.session;
    this.#close();
    const session = openRun(this.#session, witness, undefined, () => undefined).then((outcome) => (outcome.kind === "debug" ? outcome.session : undefined));
    this.#opened = { variant, witness, session };
    void session.then((id) => {
      if (id === undefined && this.#opened?.session === session) this.#opened = undefined;
    });
    return session;
  }

  #close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    void opened?.session.then((id) => (id === undefined ? undefined : this.#session.debug(id, { c: "close" })));
  }
}

/** Opening a run cancels the questions that are answered in the background: they are asked again afterwards. */
export async function openRun(session: ReviewSession, witness: string, finding: FindingKey | undefined, onProgress: OnProgress): Promise<EngineOutcome> {
  const asking = session.view.questions?.phase === "asking";
  const outcome = await session.openDebug(witness, finding, onProgress);
  if (asking) void session.ask();
  return outcome;
}
