// Code lenses above each function that ran: how often it ran, and links to the timeline and the debugger. The tree's file
// shows the run without the patch, the patched document the run with it. Stale lenses are marked, and have no links.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";
import { functionNotes, noteWords } from "./function-notes.js";
import { patchedScheme, pathOfPatched, type ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

export class FunctionLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      this.#changed,
      session.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("tceScope.codeLens")) this.#changed.fire();
      }),
      vscode.languages.registerCodeLensProvider([{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }], this),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const patched = pathOfPatched(document.uri);
    const { input, result, stale } = this.#session;
    const path = patched ?? (input === undefined ? undefined : pathInTree(input.tree, document.uri));
    const variant: VariantName = patched === undefined ? "before" : "after";
    const run = result?.[variant];
    if (path === undefined || run === undefined || !vscode.workspace.getConfiguration("tceScope").get<boolean>("codeLens", true)) return [];
    const place = (line: number): number | undefined => {
      const now = patched === undefined ? this.#session.place(path, line) : line;
      return now === undefined || now > document.lineCount ? undefined : now - 1;
    };
    const notes = functionNotes(run, path, (line) => {
      const at = place(line);
      return at === undefined ? undefined : document.lineAt(at).text;
    });
    return notes.flatMap((note) => {
      const at = place(note.line);
      if (at === undefined) return [];
      const range = new vscode.Range(at, 0, at, 0);
      const lens = (title: string, command: string, ...args: readonly unknown[]): vscode.CodeLens =>
        new vscode.CodeLens(range, { title, command, arguments: [...args] });
      const words = noteWords(note, run);
      if (stale) return [lens(`${words} (before the last edit)`, "")];
      const [worst] = note.findings;
      return [
        worst === undefined ? lens(words, "") : lens(words, "tceScope.showFinding", variant, String(worst)),
        ...(note.moment === undefined ? [] : [lens("Show in Timeline", "tceScope.showMoment", variant, note.moment)]),
        lens("Debug", "tceScope.debugFunction", variant, note.name),
      ];
    });
  }
}
