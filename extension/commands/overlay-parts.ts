// Overlay Parts…: each part of the overlay is a setting, ticked while it is shown.

import * as vscode from "vscode";
import type { Command } from "./command.js";

const parts = [
  {
    setting: "overlay.figures",
    fallback: true,
    label: "Values after lines",
    detail: "mapped TCEs, hypercalls, log lines and findings at the timeline's cursor",
  },
  { setting: "overlay.heat", fallback: true, label: "Heat", detail: "marks on executed lines, in the text and the overview ruler" },
  { setting: "codeLens", fallback: true, label: "CodeLens", detail: "how often each function ran, with links to the timeline and the debugger" },
  { setting: "overlay.inlineValues", fallback: true, label: "Inline values", detail: "variables next to the code while debugging" },
  { setting: "overlay.problems", fallback: true, label: "Problems", detail: "findings in the Problems view, with quick fixes" },
  { setting: "overlay.badges", fallback: true, label: "Badges", detail: "marks on files with findings in the Explorer" },
] as const;

export const overlayParts: Command = { id: "tceScope.overlayParts", run: () => chooseParts() };

async function chooseParts(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("tceScope");
  const enabled = settings.get<boolean>("overlay.enabled", true);
  const chosen = await vscode.window.showQuickPick(
    parts.map((part) => ({ ...part, picked: settings.get<boolean>(part.setting, part.fallback) })),
    {
      title: "TCE Scope: Overlay Parts",
      placeHolder: enabled ? "Choose the parts to show" : "Choose the parts to show; the overlay is off and will be turned on",
      canPickMany: true,
      matchOnDetail: true,
    },
  );
  if (chosen === undefined) return;
  for (const { setting } of parts) {
    const shown = chosen.some((part) => part.setting === setting);
    if (settings.get<boolean>(setting, true) !== shown) await settings.update(setting, shown, vscode.ConfigurationTarget.Global);
  }
  if (!enabled && chosen.length > 0) await settings.update("overlay.enabled", true, vscode.ConfigurationTarget.Global);
}
