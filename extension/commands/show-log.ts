// Show Kernel Log: of one variant, or a diff of both.

import * as vscode from "vscode";
import type { VariantName } from "../../engine/protocol.js";
import { logUri } from "../review/index.js";
import type { Command } from "./command.js";

export const showLog: Command = {
  id: "tceScope.showLog",
  run: async ({ session }, variant) => {
    const { result } = session;
    if (result === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No kernel log yet. Start a review with “TCE Scope: Review Patch…”."));
      return;
    }
    if (result.after === undefined || variant === "before") await showDocument("before");
    else if (variant === "after") await showDocument("after");
    else await vscode.commands.executeCommand("vscode.diff", logUri("before"), logUri("after"), "Kernel log (before ↔ after)", { preview: true });
  },
};

async function showDocument(variant: VariantName): Promise<void> {
  const document = await vscode.workspace.openTextDocument(logUri(variant));
  await vscode.window.showTextDocument(document, { preview: true });
}
