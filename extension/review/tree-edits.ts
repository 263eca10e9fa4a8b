// Edits of the tree under review: text typed into editors, files saved, closed without saving, or changed on disk.
// Reports them; must not decide what to run.

import * as vscode from "vscode";
import { disposeAll, type Disposes, type TextEdit } from "../base/index.js";
import { pathInTree, watchTree } from "../tree/index.js";
import type { Unsaved } from "./requests.js";

export interface TreeEditEvents {
  /** The text of any document changed; true: it is the patch under review, so not an edit of the tree. */
  readonly patchTyped: (document: vscode.TextDocument) => boolean;
  /** Lines of a source file changed in an editor. */
  readonly linesTyped: (path: string, lineCount: number, edits: readonly TextEdit[]) => void;
  /** The tree's source differs from what was last run. */
  readonly changed: () => void;
  /** What the engine has read of these files, or of all without paths, is out of date. */
  readonly outdated: (tree: vscode.Uri, paths?: readonly string[]) => void;
}

export class TreeEdits implements vscode.Disposable {
  readonly #events: TreeEditEvents;
  readonly #subscriptions: readonly Disposes[];
  #tree: vscode.Uri | undefined;
  #watchers: readonly Disposes[] = [];
  /** Documents with unsaved text that went into the last run. */
  #unsavedInRun: ReadonlySet<string> = new Set();

  constructor(events: TreeEditEvents) {
    this.#events = events;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument((event) => this.#typed(event)),
      // The engine reads a saved file again, even on a file system that reports no changes.
      vscode.workspace.onDidSaveTextDocument((document) => this.#outdated(document.uri)),
      // Closing without saving discards the unsaved text that was run.
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.#unsavedInRun.has(document.uri.toString())) this.#changed(document.uri);
      }),
    ];
  }

  dispose(): void {
    disposeAll(this.#watchers);
    disposeAll(this.#subscriptions);
  }

  watch(tree: vscode.Uri): void {
    this.unwatch();
    this.#tree = tree;
    this.#watchers = watchTree(tree, {
      forget: (uri) => this.#outdated(uri),
      changed: (uri) => this.#changed(uri),
      folderGone: () => {
        this.#events.outdated(tree);
        this.#events.changed();
      },
    });
  }

  unwatch(): void {
    disposeAll(this.#watchers);
    this.#watchers = [];
    this.#tree = undefined;
  }

  runBegins(unsaved: readonly Unsaved[]): void {
    this.#unsavedInRun = new Set(unsaved.map(({ document }) => document.uri.toString()));
  }

  #typed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const tree = this.#tree;
    if (tree === undefined || contentChanges.length === 0 || this.#events.patchTyped(document)) return;
    const path = pathInTree(tree, document.uri);
    if (path === undefined || !isSource(path)) return;
    const edits = contentChanges.map((change): TextEdit => ({ start: change.range.start, end: change.range.end, text: change.text }));
    this.#events.linesTyped(path, document.lineCount, edits);
    this.#events.changed();
  }

  #outdated(uri: vscode.Uri): void {
    const path = this.#tree === undefined ? undefined : pathInTree(this.#tree, uri);
    if (this.#tree !== undefined && path !== undefined) this.#events.outdated(this.#tree, [path]);
  }

  #changed(uri: vscode.Uri): void {
    const path = this.#tree === undefined ? undefined : pathInTree(this.#tree, uri);
    if (path !== undefined && isSource(path)) this.#events.changed();
  }
}

function isSource(path: string): boolean {
  return /\.(c|h|S|lds)$/.test(path);
}
