// Inline values while a run is stopped, and the expression under the mouse: names and member chains of C on the lines from
// the function's start to the current line. Reads text only; values come from the debugger.

import * as vscode from "vscode";
import { debugType } from "./run-debugger.js";
import { disposeAll, type Disposes } from "../base/index.js";
import { patchedScheme } from "../review/index.js";

const documents: vscode.DocumentSelector = [{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }];

const chain = /[A-Za-z_]\w*(?:(?:->|\.)[A-Za-z_]\w*|\[\w+\])*/g;
/** Names that are not variables: keywords of C, and the kernel's type names. */
const words = new Set(
  "auto break case char const continue default do double else enum extern float for goto if inline int long register return short signed sizeof static struct switch typedef union unsigned void volatile while bool true false NULL u8 u16 u32 u64 s8 s16 s32 s64 size_t dma_addr_t".split(
    " ",
  ),
);
/** Functions longer than this show values on their last lines only. */
const longest = 200;
/** Values on one line; more would be noise. */
const perLine = 4;

export class DebugValues implements vscode.InlineValuesProvider, vscode.EvaluatableExpressionProvider, vscode.Disposable {
  readonly #subscriptions: readonly Disposes[] = [
    vscode.languages.registerInlineValuesProvider(documents, this),
    vscode.languages.registerEvaluatableExpressionProvider(documents, this),
  ];

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  async provideInlineValues(
    document: vscode.TextDocument,
    view: vscode.Range,
    context: vscode.InlineValueContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineValue[]> {
    const enabled = vscode.workspace.getConfiguration("tceScope.overlay").get<boolean>("inlineValues", true);
    const session = vscode.debug.activeDebugSession;
    if (!enabled || session?.type !== debugType) return [];
    const visible = namesAround(document, view, context.stoppedLocation.end.line);
    const values = await Promise.all(
      visible.map(async ({ name, range }) => {
        if (token.isCancellationRequested) return undefined;
        try {
          const answer = (await session.customRequest("evaluate", { expression: name, frameId: context.frameId, context: "watch" })) as {
            readonly result?: unknown;
          };
          return typeof answer.result === "string" ? new vscode.InlineValueText(range, `${name} = ${short(answer.result)}`) : undefined;
        } catch {
          // Not a variable here: a label, or a member used by a macro.
          return undefined;
        }
      }),
    );
    return values.filter((value) => value !== undefined);
  }

  provideEvaluatableExpression(document: vscode.TextDocument, position: vscode.Position): vscode.EvaluatableExpression | undefined {
    const text = document.lineAt(position.line).text;
    for (const { index, 0: found } of text.matchAll(chain)) {
      if (position.character < index || position.character > index + found.length) continue;
      // The chain up to the member under the mouse: the table on `tbl` of `tbl->it_map`, the map on `it_map`.
      const rest = /^[\w\]]*/.exec(text.slice(position.character))?.[0].length ?? 0;
      const end = Math.min(index + found.length, position.character + rest);
      const expression = text.slice(index, end);
      return words.has(expression) ? undefined : new vscode.EvaluatableExpression(new vscode.Range(position.line, index, position.line, end), expression);
    }
    return undefined;
  }
}

/** Names on the lines from the function's start to the current line, each on the last line that has it. */
function namesAround(document: vscode.TextDocument, view: vscode.Range, last: number): readonly { readonly name: string; readonly range: vscode.Range }[] {
  const found: { name: string; range: vscode.Range }[] = [];
  const shown = new Set<string>();
  for (let line = last; line >= Math.max(0, last - longest); line--) {
    const text = document.lineAt(line).text;
    if (line < last && text.startsWith("}")) break;
    let here = 0;
    if (line >= view.start.line && line <= view.end.line && !/^\s*(?:\/?\*|\/\/|#)/.test(text)) {
      for (const { name, from } of names(text)) {
        if (here >= perLine || shown.has(name)) continue;
        shown.add(name);
        here++;
        found.push({ name, range: new vscode.Range(line, from, line, from + name.length) });
      }
    }
    // The function's head: nothing before it belongs to the function.
    if (line < last && /^[A-Za-z_].*\(/.test(text)) break;
  }
  return found;
}

/** Inline values have no room for the history of freed memory; the Variables view shows it. */
function short(value: string): string {
  return value.replace(/ (?:→|⚠) freed [^,]*, freed by .*$/, " ⚠ freed");
}

function names(text: string): readonly { readonly name: string; readonly from: number }[] {
  const code = text
    .replace(/"(?:[^"\\]|\\.)*"/g, (quoted) => " ".repeat(quoted.length))
    .replace(/\/\*.*?\*\/|\/\/.*$/g, (comment) => " ".repeat(comment.length));
  const found: { name: string; from: number }[] = [];
  for (const { index, 0: name } of code.matchAll(chain)) {
    const after = code.slice(index + name.length).trimStart();
    if (words.has(name) || /^[A-Z_0-9]+$/.test(name) || after.startsWith("(") || /(?:struct|enum|union|goto)\s+$/.test(code.slice(0, index))) continue;
    found.push({ name, from: index });
  }
  return found;
}
