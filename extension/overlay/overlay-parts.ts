// One command for all parts of the overlay: each is a setting of its own, ticked while it is shown.

import * as vscode from "vscode";

const parts = [
  {
    setting: "overlay.figures",
    fallback: true,
    label: "Figures after lines",
    detail: "mapped TCEs, hypercalls, log lines and findings at the timeline's cursor",
  },
  { setting: "overlay.heat", fallback: true, label: "Heat", detail: "marks at executed lines, in the text and the overview ruler" },
  { setting: "codeLens", fallback: true, label: "CodeLens", detail: "how often each function ran, with links to the timeline and the debugger" },
  { setting: "overlay.inlineValues", fallback: true, label: "Inline values", detail: "variables beside the code while a run is stepped through" },
  { setting: "overlay.problems", fallback: true, label: "Problems", detail: "findings in the Problems view, with quick fixes" },
  { setting: "overlay.badges", fallback: true, label: "Badges", detail: "marks at files with findings in the explorer" },
] as const;

export function registerOverlayParts(): vscode.Disposable {
  return vscode.commands.registerCommand("tceScope.overlayParts", chooseParts);
}

async function chooseParts(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("tceScope");
  const enabled = settings.get<boolean>("overlay.enabled", true);
  const chosen = await vscode.window.showQuickPick(
    parts.map((part) => ({ ...part, picked: settings.get<boolean>(part.setting, part.fallback) })),
    {
      title: "TCE Scope: Parts of the Overlay",
      placeHolder: enabled ? "Ticked parts are shown" : "Ticked parts are shown; the overlay is off and will be switched on",
      canPickMany: true,
      matchOnDetail: true,
    },
  );
  if (chosen === undefined) return;
  for (const { setting } of parts) {
    const wanted = chosen.some((part) => part.setting === setting);
    if (settings.get<boolean>(setting, true) !== wanted) await settings.update(setting, wanted, vscode.ConfigurationTarget.Global);
  }
  if (!enabled && chosen.length > 0) await settings.update("overlay.enabled", true, vscode.ConfigurationTarget.Global);
}
