// What an editor command is, and the services it may use.
// Must not depend on any particular command.

import type { ExtensionContext } from "vscode";
import type { RunDebugger } from "../debugger/index.js";
import type { ExplanationReport } from "../explain/index.js";
import type { FindingNavigator } from "../findings/index.js";
import type { ReviewSession } from "../review/index.js";
import type { ScenarioFiles } from "../scenarios/index.js";

export interface Services {
  readonly context: ExtensionContext;
  readonly session: ReviewSession;
  readonly scenarios: ScenarioFiles;
  readonly findings: FindingNavigator;
  readonly debug: RunDebugger;
  readonly explanation: ExplanationReport;
  /** Whether the user sees a run's progress in the panel. */
  readonly panelVisible: () => boolean;
}

/** A command says what to do next when it cannot do its work, and keeps no state: the services do. */
export interface Command {
  readonly id: `tceScope.${string}`;
  /** Only the extension's own links and buttons run it, with arguments; package.json does not contribute it. */
  readonly internal?: true;
  /** Arguments come from links, key bindings and other extensions: they are checked before use. */
  readonly run: (services: Services, ...args: readonly unknown[]) => unknown;
}
