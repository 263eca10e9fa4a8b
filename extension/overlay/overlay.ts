// Notes and marks on the source lines of every editor that shows a file with results: the tree's file shows the run without
// the patch, the patched document the run with it. line-notes.ts computes what they say.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { disposeAll, type Disposes, plural } from "../base/index.js";
import { heatLines, type LineNote, lineNotes } from "./line-notes.js";
import { pathOfPatched, type ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

const heatWidths = [1, 2, 3, 4] as const;
type HeatLevel = (typeof heatWidths)[number];

/** The notes follow the cursor at about the screen's frame rate. */
const cursorDelayMs = 30;

export class Overlay implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #notes = vscode.window.createTextEditorDecorationType({ rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  readonly #heat: ReadonlyMap<HeatLevel, vscode.TextEditorDecorationType>;
  readonly #subscriptions: Disposes[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#heat = new Map(heatWidths.map((level) => [level, heatType(level)]));
    this.#subscriptions = [
      this.#notes,
      ...this.#heat.values(),
      session.onDidChange(() => this.#schedule(0)),
      session.onDidMoveCursor(() => this.#schedule(cursorDelayMs)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#schedule(0)),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("tceScope.overlay")) this.#schedule(0);
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    disposeAll(this.#subscriptions);
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const editor of vscode.window.visibleTextEditors) this.#paint(editor);
    }, delayMs);
  }

  #paint(editor: vscode.TextEditor): void {
    const shown = this.#shownIn(editor.document);
    const settings = vscode.workspace.getConfiguration("tceScope.overlay");
    const variant = shown === undefined ? undefined : this.#session.result?.[shown.variant];
    if (shown === undefined || variant === undefined) {
      editor.setDecorations(this.#notes, []);
      for (const type of this.#heat.values()) editor.setDecorations(type, []);
      return;
    }
    const enabled = settings.get<boolean>("enabled", true);
    const place = (line: number): vscode.TextLine | undefined => {
      const now = shown.variant === "before" ? this.#session.place(shown.path, line) : line;
      return now === undefined || now > editor.document.lineCount ? undefined : editor.document.lineAt(now - 1);
    };
    const notes = enabled && settings.get<boolean>("figures", true) ? lineNotes(variant, shown.path, this.#session.cursor.t) : [];
    editor.setDecorations(
      this.#notes,
      notes.flatMap((note) => {
        const line = place(note.line);
        return line === undefined ? [] : [noteOptions(note, line, this.#session.stale)];
      }),
    );
    const heat = enabled && settings.get<boolean>("heat", true) && !this.#session.stale ? heatLines(variant, shown.path) : [];
    for (const [level, type] of this.#heat) {
      editor.setDecorations(
        type,
        heat.flatMap(({ line, times, level: own }) => {
          const at = own === level ? place(line) : undefined;
          return at === undefined ? [] : [{ range: at.range, hoverMessage: `TCE Scope: ran ${plural(times, "time")} in this run.` }];
        }),
      );
    }
  }

  #shownIn(document: vscode.TextDocument): { readonly path: string; readonly variant: VariantName } | undefined {
    const patched = pathOfPatched(document.uri);
    if (patched !== undefined) return { path: patched, variant: "after" };
    const tree = this.#session.input?.tree;
    const path = tree === undefined ? undefined : pathInTree(tree, document.uri);
    return path === undefined ? undefined : { path, variant: "before" };
  }
}

/** The width shows how often the line ran, so that reading it does not depend on colours. */
function heatType(level: HeatLevel): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderStyle: "solid",
    borderWidth: `0 0 0 ${level}px`,
    borderColor: new vscode.ThemeColor("tceScope.heat"),
    overviewRulerColor: new vscode.ThemeColor("tceScope.heat"),
    overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}

function noteOptions(note: LineNote, line: vscode.TextLine, stale: boolean): vscode.DecorationOptions {
  return {
    range: new vscode.Range(line.range.end, line.range.end),
    renderOptions: {
      after: {
        contentText: stale ? `${note.text} (before the last edit)` : note.text,
        color: new vscode.ThemeColor(stale ? "disabledForeground" : toneColor(note.tone)),
        fontStyle: "italic",
        margin: "0 0 0 3ch",
      },
    },
  };
}

function toneColor(tone: LineNote["tone"]): string {
  switch (tone) {
    case "plain":
      return "tceScope.overlayForeground";
    case "warning":
      return "editorWarning.foreground";
    case "error":
      return "editorError.foreground";
  }
}
