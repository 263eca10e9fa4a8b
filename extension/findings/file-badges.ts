// Badges in the Explorer on files with findings: the mark of the worst severity, and their number. None while stale.

import * as vscode from "vscode";
import type { Finding } from "../../engine/protocol.js";
import { disposeAll, type Disposes, findingPlace, inReadingOrder, plural, severityMark, variantWords } from "../base/index.js";
import type { ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

export class FileBadges implements vscode.FileDecorationProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeFileDecorations = this.#changed.event;
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      this.#changed,
      session.onDidChange(() => {
        if (!session.running) this.#changed.fire(undefined);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("tceScope.overlay")) this.#changed.fire(undefined);
      }),
      vscode.window.registerFileDecorationProvider(this),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  provideFileDecoration(uri: vscode.Uri): vscode.FileDecoration | undefined {
    const { input, result, stale } = this.#session;
    const path = input === undefined || result === undefined || stale ? undefined : pathInTree(input.tree, uri);
    const settings = vscode.workspace.getConfiguration("tceScope.overlay");
    if (path === undefined || !settings.get<boolean>("enabled", true) || !settings.get<boolean>("badges", true)) return undefined;
    const alone = result?.after === undefined;
    const perVariant = (["before", "after"] as const).flatMap((variant) => {
      const found = inReadingOrder(result?.[variant]?.findings ?? []).filter((finding) => findingPlace(finding).file === path);
      const [worst] = found;
      return worst === undefined ? [] : [{ worst, words: `${plural(found.length, "finding")} ${variantWords(variant, alone)}` }];
    });
    const [first] = inReadingOrder(perVariant.map(({ worst }) => worst));
    if (first === undefined) return undefined;
    const decoration = new vscode.FileDecoration(
      severityMark(first.severity).slice(0, 1),
      `TCE Scope: ${perVariant.map(({ words }) => words).join(", ")}`,
      new vscode.ThemeColor(colorOf(first.severity)),
    );
    return decoration;
  }
}

function colorOf(severity: Finding["severity"]): string {
  return severity === "oops" ? "list.errorForeground" : "list.warningForeground";
}
