// The choice of a scenario: a preset, typed parameters, a scenario file of the workspace, or a scenario of the
// catalogue. Must not run it.

import * as vscode from "vscode";
import { exampleScenario, scenarios } from "../../engine/protocol.js";
import type { ReviewInput } from "../review/index.js";
import type { ScenarioFiles, WorkspaceScenario } from "./files.js";
import { defaults, formatParameters, parseParameters, presets, scenarioOf } from "./input.js";

export type ChosenScenario = Pick<ReviewInput, "scenario" | "scenarioFile">;

interface Item extends vscode.QuickPickItem {
  readonly chosen?: ChosenScenario;
  /** A file with a problem: choosing it opens the file there. */
  readonly broken?: WorkspaceScenario;
}

/** Undefined: the user chose nothing, or a file that has to be fixed first. */
export async function pickScenario(current: ReviewInput["scenario"], withPatch: boolean, files: ScenarioFiles): Promise<ChosenScenario | undefined> {
  const spec = scenarioOf(current.name);
  const own = await files.find();
  const items: Item[] = [
    ...presets.map((preset) => ({
      label: preset.label,
      description: `hold=${preset.hold}`,
      detail: preset.detail,
      chosen: { scenario: { ...current, set: { ...current.set, hold: preset.hold } } },
    })),
    { label: "Parameters…", description: formatParameters(current.set), detail: defaults(spec) },
    ...(own.length === 0 ? [] : [{ label: "Workspace scenarios", kind: vscode.QuickPickItemKind.Separator }, ...own.map(fileItem)]),
    { label: "Scenarios", kind: vscode.QuickPickItemKind.Separator },
    ...(spec.name === exampleScenario.name ? [spec] : scenarios).map(({ name, purpose }) => ({
      label: name,
      ...(name === current.name && current.own === undefined ? { description: "current" } : {}),
      detail: purpose,
      chosen: { scenario: { name, set: {} } },
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: `TCE Scope: Run Scenario ${spec.name} ${withPatch ? "with and without the patch" : "on the tree alone"}`,
    placeHolder: "Choose how long buffers are held after the detach starts, or another scenario",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (picked === undefined) return undefined;
  if (picked.broken !== undefined) {
    await files.showProblem(picked.broken);
    return undefined;
  }
  if (picked.chosen !== undefined) return picked.chosen;
  const typed = await vscode.window.showInputBox({
    title: `TCE Scope: Parameters of ${spec.name}`,
    prompt: `Omitted parameters keep their defaults. ${spec.parameters.map(({ name, purpose }) => `${name}: ${purpose}`).join("; ")}.`,
    value: formatParameters(current.set) || "hold=3s late=4",
    ignoreFocusOut: true,
    validateInput: (text) => {
      const parsed = parseParameters(text, spec);
      return parsed.ok ? undefined : parsed.error;
    },
  });
  if (typed === undefined) return undefined;
  const parsed = parseParameters(typed, spec);
  return parsed.ok ? { scenario: { ...current, name: spec.name, set: parsed.value } } : undefined;
}

function fileItem(file: WorkspaceScenario): Item {
  const label = file.uri.path.slice(file.uri.path.lastIndexOf("/") + 1).replace(/\.tcescope\.json$/, "");
  const path = vscode.workspace.asRelativePath(file.uri, false);
  const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
  const { choice } = file;
  if (!choice.ok) return { label: `$(warning) ${label}`, description: folder, detail: choice.error[0]?.message ?? "", broken: file };
  const { scenario, purpose } = choice.value;
  const what = `${scenario.own === undefined ? "" : `${scenario.own.name}, `}${scenario.name} ${formatParameters(scenario.set)}`.trim();
  return {
    label: `$(beaker) ${label}`,
    description: folder,
    detail: purpose === undefined ? what : `${purpose} (${what})`,
    chosen: { scenario, scenarioFile: file.uri },
  };
}
