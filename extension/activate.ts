// Puts the parts together, the same on the desktop and in a browser; only how the engine starts differs. Nothing is
// searched, read or started until the user asks for it.

import { type ExtensionContext } from "vscode";
import { Commands } from "./commands.js";
import { exampleCommand } from "./example.js";
import { RunDebugger } from "./debug.js";
import { DebugValues } from "./debug-values.js";
import { FunctionLenses } from "./codelens.js";
import { FileBadges } from "./file-badges.js";
import { registerOverlayParts } from "./overlay-parts.js";
import { FindingActions } from "./quick-fixes.js";
import { WitnessReplay } from "./replay.js";
import { TableHovers } from "./table-hovers.js";
import { FindingDiagnostics } from "./diagnostics.js";
import { ExplainOops } from "./explain-oops.js";
import { FindingsView } from "./findings-view.js";
import { FindingHovers } from "./hovers.js";
import { OpenedRun } from "./opened-run.js";
import { Overlay } from "./overlay.js";
import { panelHost } from "./panel-host.js";
import { PatchWatch } from "./patch-watch.js";
import { ReviewDocuments } from "./patched-fs.js";
import { type EngineHost, ReviewSession } from "./review-session.js";
import { ScenarioFiles } from "./scenario-files.js";
import { StatusBar } from "./status-bar.js";
import { timelineHost } from "./timeline-host.js";

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
