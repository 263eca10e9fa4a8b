// Fields of the iommu_table at the timeline's cursor, under the mouse: on a member's name the value that it has in each
// table at that moment. The run is opened for it as for a debugger, once a review; nothing while the review is stale.

import * as vscode from "vscode";
import { type DebugVariable, type VariantName } from "../engine/protocol.js";
import { disposeAll, type Disposes } from "./disposal.js";
import { debugType } from "./debug.js";
import { pathOfPatched, patchedScheme } from "./patched-fs.js";
import { type ReviewSession } from "./review-session.js";
import { pathInTree } from "./tree-finder.js";
import { moment, variantWords } from "./words.js";

const members = /^(?:it_\w+|tbl|table|poolsize|nr_pools|large_pool|pools)$/;
/** Lines of the tables' own summary, which stand beside any member. */
const summary = ["it_size", "bits set in it_map", "it_reserved_start", "it_reserved_end", "references", "TCEs held by the hypervisor"];

interface Opened {
  readonly variant: VariantName;
  readonly witness: string;
  readonly session: Promise<number | undefined>;
}

export class TableHovers implements vscode.HoverProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscriptions: readonly Disposes[];
  #opened: Opened | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      vscode.languages.registerHoverProvider([{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }], this),
      session.onDidChange(() => {
        if (session.stale || session.result?.[this.#opened?.variant ?? "before"]?.witness !== this.#opened?.witness) this.#close();
      }),
    ];
  }

  dispose(): void {
    this.#close();
    disposeAll(this.#subscriptions);
  }

  #close(): void {
    const opened = this.#opened;
    this.#opened = undefined;
    void opened?.session.then((id) => (id === undefined ? undefined : this.#session.debug(id, { c: "close" })));
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
    const word = range === undefined ? "" : document.getText(range);
    const { input, result, stale, running, cursor } = this.#session;
    // While a run is stepped through, the debugger's own hover has the value of the expression itself.
    if (!members.test(word) || input === undefined || result === undefined || stale || running || vscode.debug.activeDebugSession?.type === debugType)
      return undefined;
    const patched = pathOfPatched(document.uri);
    if (patched === undefined && pathInTree(input.tree, document.uri) === undefined) return undefined;
    const variant: VariantName = patched === undefined ? "before" : "after";
    const id = await this.#open(variant, result[variant]?.witness);
    if (id === undefined || token.isCancellationRequested) return undefined;
    const moved = await this.#session.debug(id, { c: "to-time", t: cursor.t });
    const tables = await this.#session.debug(id, { c: "tables" });
    if (moved.k !== "stopped" || tables.k !== "variables") return undefined;
    const parts = await Promise.all(tables.variables.filter((table) => table.ref !== 0).map((table) => this.#told(id, table, word)));
    if (parts.length === 0) return undefined;
    const text = new vscode.MarkdownString();
    text.appendMarkdown(`**iommu_table** at ${moment(moved.stop.t)}, ${variantWords(variant, result.after === undefined)}\n\n`);
    text.appendMarkdown(parts.join("\n\n"));
    return new vscode.Hover(text, range);
  }

  async #told(id: number, table: DebugVariable, word: string): Promise<string> {
    const inside = await this.#members(id, table.ref);
    const whole = inside.find((v) => v.name === "struct iommu_table");
    const member = whole === undefined ? undefined : (await this.#members(id, whole.ref)).find((v) => v.name === word);
    const rows = [
      ...(member === undefined || summary.includes(word) ? [] : [`**${code(word)}** ${code(member.value)}`]),
      ...inside.filter((v) => summary.includes(v.name)).map((v) => (v.name === word ? `**${code(v.name)}** ${code(v.value)}` : `${v.name} ${code(v.value)}`)),
    ];
    return `*${table.name}* ${table.value.includes("⚠") ? `⚠ ${table.value.slice(table.value.indexOf("⚠") + 2)}` : ""}  \n${rows.join("  \n")}`;
  }

  async #members(id: number, ref: number): Promise<readonly DebugVariable[]> {
    const reply = ref === 0 ? undefined : await this.#session.debug(id, { c: "variables", ref });
    return reply?.k === "variables" ? reply.variables : [];
  }

  #open(variant: VariantName, witness: string | undefined): Promise<number | undefined> {
    if (witness === undefined || witness === "") return Promise.resolve(undefined);
    if (this.#opened?.variant === variant && this.#opened.witness === witness) return this.#opened.session;
    this.#close();
    const session = this.#session.openDebug(witness, undefined, () => undefined).then((outcome) => (outcome.kind === "debug" ? outcome.session : undefined));
    this.#opened = { variant, witness, session };
    void session.then((id) => {
      if (id === undefined && this.#opened?.session === session) this.#opened = undefined;
    });
    return session;
  }
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
