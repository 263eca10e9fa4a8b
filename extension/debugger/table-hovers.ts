// Hovers on fields of struct iommu_table: the field's value in each table at the timeline's cursor, as the open run has it.
// Shows nothing while the review is stale.

import * as vscode from "vscode";
import type { DebugVariable, VariantName } from "../../engine/protocol.js";
import { debugType } from "./run-debugger.js";
import { type OpenedRun, patchedScheme, pathOfPatched, type ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";
import { moment, variantWords } from "../base/index.js";

const members = /^(?:it_\w+|tbl|table|poolsize|nr_pools|large_pool|pools)$/;
/** Lines of the tables' summary, which are shown with any member. */
const summary = ["it_size", "bits set in it_map", "it_reserved_start", "it_reserved_end", "references", "TCEs held by the hypervisor"];

export class TableHovers implements vscode.HoverProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #run: OpenedRun;
  readonly #registration: vscode.Disposable;

  constructor(session: ReviewSession, run: OpenedRun) {
    this.#session = session;
    this.#run = run;
    this.#registration = vscode.languages.registerHoverProvider([{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }], this);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async provideHover(document: vscode.TextDocument, position: vscode.Position, token: vscode.CancellationToken): Promise<vscode.Hover | undefined> {
    const range = document.getWordRangeAtPosition(position, /[A-Za-z_]\w*/);
    const word = range === undefined ? "" : document.getText(range);
    const { input, result, stale, running, cursor } = this.#session;
    // During a debug session, the debugger's own hover shows the value of the expression.
    if (!members.test(word) || input === undefined || result === undefined || stale || running || vscode.debug.activeDebugSession?.type === debugType)
      return undefined;
    const patched = pathOfPatched(document.uri);
    if (patched === undefined && pathInTree(input.tree, document.uri) === undefined) return undefined;
    const variant: VariantName = patched === undefined ? "before" : "after";
    const moved = await this.#run.ask(variant, { c: "to-time", t: cursor.t });
    if (moved?.k !== "stopped" || token.isCancellationRequested) return undefined;
    const tables = await this.#run.ask(variant, { c: "tables" });
    if (tables?.k !== "variables") return undefined;
    const parts = await Promise.all(tables.variables.filter((table) => table.ref !== 0).map((table) => this.#describe(variant, table, word)));
    if (parts.length === 0) return undefined;
    const text = new vscode.MarkdownString();
    text.appendMarkdown(`**iommu_table** at ${moment(moved.stop.t)}, ${variantWords(variant, result.after === undefined)}\n\n`);
    text.appendMarkdown(parts.join("\n\n"));
    return new vscode.Hover(text, range);
  }

  async #describe(variant: VariantName, table: DebugVariable, word: string): Promise<string> {
    const inside = await this.#members(variant, table.ref);
    const struct = inside.find((v) => v.name === "struct iommu_table");
    const member = struct === undefined ? undefined : (await this.#members(variant, struct.ref)).find((v) => v.name === word);
    const rows = [
      ...(member === undefined || summary.includes(word) ? [] : [`**${code(word)}** ${code(member.value)}`]),
      ...inside.filter((v) => summary.includes(v.name)).map((v) => (v.name === word ? `**${code(v.name)}** ${code(v.value)}` : `${v.name} ${code(v.value)}`)),
    ];
    return `*${table.name}* ${table.value.includes("⚠") ? `⚠ ${table.value.slice(table.value.indexOf("⚠") + 2)}` : ""}  \n${rows.join("  \n")}`;
  }

  async #members(variant: VariantName, ref: number): Promise<readonly DebugVariable[]> {
    const reply = ref === 0 ? undefined : await this.#run.ask(variant, { c: "variables", ref });
    return reply?.k === "variables" ? reply.variables : [];
  }
}

function code(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}
