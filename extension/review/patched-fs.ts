// Virtual documents: the patched text of a file (scheme tce-scope-patched) and the kernel's log (tce-scope-log).
// Must not write to the tree.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";
import type { ReviewSession } from "./session.js";

export const patchedScheme = "tce-scope-patched";
export const logScheme = "tce-scope-log";

/** `iommu.c` is `iommu.patched.c`, so that no tab, breakpoint or problem looks like the tree's own. */
export function patchedUri(path: string): vscode.Uri {
  return vscode.Uri.from({ scheme: patchedScheme, path: `/${path.replace(/(\.[^./]*)?$/, ".patched$1")}` });
}

export function logUri(variant: VariantName): vscode.Uri {
  return vscode.Uri.from({ scheme: logScheme, path: `/dmesg-${variant}.log` });
}

/** The path in the tree of the file whose patched text the document shows; undefined for any other document. */
export function pathOfPatched(uri: vscode.Uri): string | undefined {
  return uri.scheme === patchedScheme ? uri.path.slice(1).replace(/\.patched(\.[^./]*)?$/, "$1") : undefined;
}

export class ReviewDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(patchedScheme, this),
      vscode.workspace.registerTextDocumentContentProvider(logScheme, this),
      session.onDidChange(() => {
        if (session.running) return;
        for (const document of vscode.workspace.textDocuments) {
          if (document.uri.scheme === patchedScheme || document.uri.scheme === logScheme) this.#changed.fire(document.uri);
        }
      }),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const path = pathOfPatched(uri);
    if (path !== undefined) return this.#session.patched.find((file) => file.path === path)?.text ?? "";
    const result = this.#session.result;
    const variant = uri.path.includes("after") ? result?.after : result?.before;
    return variant === undefined ? "" : `${variant.log.join("\n")}\n`;
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }
}
