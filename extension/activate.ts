// Puts the parts together, the same on the desktop and in a browser; only how the engine starts differs. Nothing is
// searched, read or started until the user asks for it.

import { type ExtensionContext } from "vscode";
import { Commands, exampleCommand } from "./commands/index.js";
import { DebugValues, RunDebugger, TableHovers } from "./debugger/index.js";
import { FindingHovers, FunctionLenses, Overlay, registerOverlayParts } from "./overlay/index.js";
import { FileBadges, FindingActions, FindingDiagnostics, FindingsView, StatusBar } from "./findings/index.js";
import { OpenedRun, PatchWatch, ReviewDocuments, ReviewSession, WitnessReplay } from "./review/index.js";
import { ExplainOops } from "./explain/index.js";
import { panelHost, timelineHost } from "./pages/index.js";
import type { EngineHost } from "./engine/index.js";
import { ScenarioFiles } from "./scenarios/index.js";

export function activateWith(context: ExtensionContext, engine: EngineHost): void {
  const session = new ReviewSession(engine, context.workspaceState);
  const panel = panelHost(session, context.extensionUri);
  const run = new OpenedRun(session);
  const scenarios = new ScenarioFiles(session);
  const commands = new Commands(session, context.workspaceState, () => panel.visible, scenarios);
  context.subscriptions.push(
    session,
    run,
    new ReviewDocuments(session),
    new PatchWatch(session),
    scenarios,
    commands,
    new ExplainOops(session, context.workspaceState, (input) => commands.open(input)),
    panel,
    timelineHost(session, run, context.extensionUri),
    new Overlay(session),
    new FindingDiagnostics(session),
    new FindingHovers(session),
    new RunDebugger(session),
    new DebugValues(),
    new TableHovers(session, run),
    new FunctionLenses(session),
    new FindingActions(session),
    new FileBadges(session),
    new WitnessReplay(session),
    registerOverlayParts(),
    new FindingsView(session),
    new StatusBar(session),
    exampleCommand(session, context),
  );
}
