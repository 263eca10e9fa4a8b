// The choice of a scenario: a preset, parameters typed by hand, one of the workspace's scenario files, or one of the
// catalogue. It chooses; it runs nothing.

import * as vscode from "vscode";
import { exampleScenario, scenarios } from "../../engine/protocol.js";
import type { ReviewInput } from "../review/index.js";
import type { ScenarioFiles, WorkspaceScenario } from "./files.js";
import { defaults, formatParameters, parseParameters, presets, scenarioOf } from "./input.js";

export type ChosenScenario = Pick<ReviewInput, "scenario" | "scenarioFile">;

interface Item extends vscode.QuickPickItem {
  readonly chosen?: ChosenScenario;
  /** A file that can't be run yet: it is opened where it is wrong. */
  readonly broken?: WorkspaceScenario;
}

/** Undefined: the user did not choose, or chose a file that has to be mended first. */
export async function pickScenario(now: ReviewInput["scenario"], withPatch: boolean, files: ScenarioFiles): Promise<ChosenScenario | undefined> {
  const spec = scenarioOf(now.name);
  const own = await files.find();
  const items: Item[] = [
    ...presets.map((preset) => ({
      label: preset.label,
      description: `hold=${preset.hold}`,
      detail: preset.detail,
      chosen: { scenario: { ...now, set: { ...now.set, hold: preset.hold } } },
    })),
    { label: "Parameters…", description: formatParameters(now.set), detail: defaults(spec) },
    ...(own.length === 0 ? [] : [{ label: "Workspace scenarios", kind: vscode.QuickPickItemKind.Separator }, ...own.map(fileItem)]),
    { label: "Scenarios", kind: vscode.QuickPickItemKind.Separator },
    ...(spec.name === exampleScenario.name ? [spec] : scenarios).map(({ name, purpose }) => ({
      label: name,
      ...(name === now.name && now.own === undefined ? { description: "current" } : {}),
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
    value: formatParameters(now.set) || "hold=3s late=4",
    ignoreFocusOut: true,
    validateInput: (text) => {
      const parsed = parseParameters(text, spec);
      return parsed.ok ? undefined : parsed.error;
    },
  });
  if (typed === undefined) return undefined;
  const parsed = parseParameters(typed, spec);
  return parsed.ok ? { scenario: { ...now, name: spec.name, set: parsed.value } } : undefined;
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
