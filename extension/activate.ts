// Puts the parts together, in the same way on the desktop and in a browser; only the start of the engine differs. Nothing is
// searched, read or started until the user runs a command or opens a view.

import { type ExtensionContext } from "vscode";
import { registerCommands } from "./commands/index.js";
import { DebugValues, RunDebugger, TableHovers } from "./debugger/index.js";
import { FindingHovers, FunctionLenses, Overlay } from "./overlay/index.js";
import { FileBadges, FindingActions, FindingDiagnostics, FindingNavigator, FindingsView, StatusBar } from "./findings/index.js";
import { OpenedRun, PatchWatch, ReviewDocuments, ReviewSession } from "./review/index.js";
import { ExplanationReport } from "./explain/index.js";
import { panelHost, timelineHost } from "./pages/index.js";
import type { EngineHost } from "./engine/index.js";
import { ScenarioFiles } from "./scenarios/index.js";

export function activateWith(context: ExtensionContext, engine: EngineHost): void {
  const session = new ReviewSession(engine, context.workspaceState);
  const panel = panelHost(session, context.extensionUri);
  const run = new OpenedRun(session);
  const scenarios = new ScenarioFiles(session);
  const findings = new FindingNavigator(session);
  const explanation = new ExplanationReport();
  const debug = new RunDebugger(session);
  context.subscriptions.push(
    session,
    run,
    new ReviewDocuments(session),
    new PatchWatch(session),
    scenarios,
    registerCommands({ context, session, scenarios, findings, debug, explanation, panelVisible: () => panel.visible }),
    explanation,
    panel,
    timelineHost(session, run, context.extensionUri),
    new Overlay(session),
    new FindingDiagnostics(session),
    new FindingHovers(session),
    debug,
    new DebugValues(),
    new TableHovers(session, run),
    new FunctionLenses(session),
    new FindingActions(session),
    new FileBadges(session),
    new FindingsView(session),
    new StatusBar(session),
  );
}
