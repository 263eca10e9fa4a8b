// Debug sessions on recorded runs: which run a configuration means, and how the run's lines map to documents. adapter.ts
// implements the protocol; the engine defines what a run can be asked.

import * as vscode from "vscode";
import type { DebugMove, Finding, VariantName } from "../../engine/protocol.js";
import { type DebugTarget, functionRequest, moveRequest, RunAdapter, timeRequest } from "./adapter.js";
import { disposeAll, type Disposes, variantWords, worstFinding } from "../base/index.js";
import { locate, openRun, pathOfPatched, type ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

export const debugType = "tcescope";

/** The attributes of a launch configuration, all optional. */
interface RunConfiguration extends vscode.DebugConfiguration {
  readonly witness?: string;
  readonly variant?: VariantName;
  /** Index of a finding of the variant's result. */
  readonly finding?: number;
}

/** How many lines away an edited text is searched for the line that was run. */
const farthest = 4_000;

export class RunDebugger implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      vscode.debug.registerDebugConfigurationProvider(debugType, this),
      vscode.debug.registerDebugConfigurationProvider(debugType, this, vscode.DebugConfigurationProviderTriggerKind.Dynamic),
      vscode.debug.registerDebugAdapterDescriptorFactory(debugType, this),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  // ---- sessions ---------------------------------------------------------------------------------------------------

  /** False: there is no run, or VS Code did not start the session. */
  async start(options: Pick<RunConfiguration, "variant" | "finding" | "witness">): Promise<boolean> {
    if (this.#session.result === undefined) {
      reportNoRun();
      return false;
    }
    const started = await vscode.debug.startDebugging(undefined, { type: debugType, request: "launch", name: "TCE Scope", ...options });
    // Stepping needs the stack and the variables in view.
    if (started) await vscode.commands.executeCommand("workbench.view.debug");
    return started;
  }

  /** Stops the variant's run at a moment of virtual time. */
  async startAt({ t, variant }: { readonly t: number; readonly variant: VariantName }): Promise<void> {
    if (await this.start({ variant })) await vscode.debug.activeDebugSession?.customRequest(timeRequest, { t });
  }

  /** Stops the variant's run at the first entry into a function. */
  async startInFunction(variant: VariantName, name: string): Promise<void> {
    if (await this.start({ variant })) await vscode.debug.activeDebugSession?.customRequest(functionRequest, { name });
  }

  /** Moves the active debug session. */
  async move(move: DebugMove): Promise<void> {
    const active = vscode.debug.activeDebugSession;
    if (active?.type !== debugType) {
      void vscode.window.showInformationMessage("No debug session. Start one with “TCE Scope: Debug Witness…”.");
      return;
    }
    await active.customRequest(moveRequest, { move });
  }

  // ---- configurations ---------------------------------------------------------------------------------------------

  provideDebugConfigurations(): vscode.DebugConfiguration[] {
    const { result } = this.#session;
    if (result === undefined) return [];
    const alone = result.after === undefined;
    return (["before", "after"] as const)
      .filter((variant) => result[variant] !== undefined)
      .map((variant) => ({ type: debugType, request: "launch", name: `TCE Scope: the run ${variantWords(variant, alone)}`, variant }));
  }

  resolveDebugConfiguration(_folder: vscode.WorkspaceFolder | undefined, configuration: RunConfiguration): vscode.DebugConfiguration | undefined {
    const { result } = this.#session;
    if (result === undefined) {
      reportNoRun();
      return undefined;
    }
    const variant = configuration.variant ?? (worstFinding(result.before.findings) === undefined && result.after !== undefined ? "after" : "before");
    if (result[variant] === undefined) {
      void vscode.window.showInformationMessage("No run with a patch. Review one first: “TCE Scope: Review Patch…”.");
      return undefined;
    }
    const alone = result.after === undefined;
    const name = ["", "TCE Scope"].includes(configuration.name) ? `TCE Scope: ${variantWords(variant, alone)}` : configuration.name;
    return { ...configuration, type: debugType, request: "launch", name, variant };
  }

  createDebugAdapterDescriptor(debug: vscode.DebugSession): vscode.DebugAdapterDescriptor {
    return new vscode.DebugAdapterInlineImplementation(new RunAdapter(this.#target(debug.configuration)));
  }

  // ---- the run ----------------------------------------------------------------------------------------------------

  #target({ witness: configured, variant = "before", finding: index }: RunConfiguration): DebugTarget {
    const review = this.#session;
    const finding: Finding | undefined =
      index === undefined ? worstFinding(review.result?.[variant]?.findings ?? []) : review.result?.[variant]?.findings[index];
    const witness = configured ?? finding?.witness ?? review.result?.[variant]?.witness;
    let opened: { readonly session: number; readonly variant: VariantName; readonly patched: ReadonlySet<string> } | undefined;
    return {
      open: async () => {
        if (witness === undefined || witness === "") return "This review has no run to debug.";
        const outcome = await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Notification, title: "TCE Scope: opening the run", cancellable: true },
          (progress, token) => {
            token.onCancellationRequested(() => review.cancel());
            return openRun(review, witness, finding, (step) => progress.report({ message: step }));
          },
        );
        switch (outcome.kind) {
          case "debug":
            opened = { session: outcome.session, variant: outcome.variant, patched: new Set(outcome.patched.map((file) => file.path)) };
            return { stop: outcome.stop, variant: outcome.variant };
          case "problem":
            return outcome.problems.map((p) => `${p.message}${p.hint === undefined ? "" : ` ${p.hint}`}`).join(" ");
          case "cancelled":
            return "Cancelled by you or by a newer run.";
          default:
            return "Internal error: the engine sent an unexpected reply.";
        }
      },
      ask: (command) => (opened === undefined ? Promise.resolve({ k: "refused", message: "The run is not open." }) : review.debug(opened.session, command)),
      show: (file, line) => {
        if (opened === undefined || file.startsWith("tcescope/") || file.startsWith("<")) return undefined;
        const at = locate(review, { file, line, variant: opened.variant });
        return at === undefined ? undefined : { uri: at.uri, line: at.range.start.line + 1 };
      },
      place: (uri, line) => {
        const patched = pathOfPatched(uri);
        const tree = review.input?.tree;
        const path = patched ?? (tree === undefined ? undefined : pathInTree(tree, uri));
        if (path === undefined || opened === undefined) return undefined;
        // A file that the patch changes has two texts: a breakpoint belongs to one of them.
        const inPatched = opened.variant === "after" && opened.patched.has(path);
        if (inPatched !== (patched !== undefined)) return undefined;
        return { file: path, line: inPatched ? line : lineThatRan(review, path, line) };
      },
      stopped: (stop) => {
        if (opened !== undefined) review.moveCursor({ t: stop.t, variant: opened.variant });
      },
      closed: () => undefined,
    };
  }
}

/** The line, in the text that was run, of the present line `line`. */
function lineThatRan(review: ReviewSession, file: string, line: number): number {
  for (let by = 0; by < farthest; by++) {
    if (review.place(file, line - by) === line) return line - by;
    if (review.place(file, line + by) === line) return line + by;
  }
  return line;
}

export function reportNoRun(): void {
  void vscode.window.showInformationMessage("No run to debug. Start a review with “TCE Scope: Review Patch…” first.");
}
