// Puts the parts together, the same on the desktop and in a browser; only how the engine starts differs. Nothing is
// searched, read or started until the user asks for it.

import { type ExtensionContext } from "vscode";
import { Commands } from "./commands.js";
import { FindingDiagnostics } from "./diagnostics.js";
import { type StartEngine } from "./engine-client.js";
import { FindingHovers } from "./hovers.js";
import { Overlay } from "./overlay.js";
import { panelHost } from "./panel-host.js";
import { ReviewDocuments } from "./patched-fs.js";
import { ReviewSession } from "./review-session.js";
import { StatusBar } from "./status-bar.js";
import { timelineHost } from "./timeline-host.js";

/** @param startEngine absent where no engine can run; every command then says so instead of failing */
export function activateWith(context: ExtensionContext, startEngine: StartEngine | undefined): void {
  const session = new ReviewSession(startEngine, context.workspaceState);
  const panel = panelHost(session, context.extensionUri);
  context.subscriptions.push(
    session,
    new ReviewDocuments(session),
    new Commands(session, context.workspaceState, () => panel.visible),
    panel,
    timelineHost(session, context.extensionUri),
    new Overlay(session),
    new FindingDiagnostics(session),
    new FindingHovers(session),
    new StatusBar(session),
  );
}
