// "Step through it": debug sessions on recorded runs. Which run, from which surface, and how its lines are documents; the
// protocol itself is debug-adapter.ts, what may be asked of a run is the engine's.

import * as vscode from "vscode";
import type { DebugMove, Finding, VariantName } from "../../engine/protocol.js";
import { type DebugTarget, functionRequest, moveRequest, RunAdapter, timeRequest } from "./debug-adapter.js";
import { disposeAll, type Disposes, findingPlace, inReadingOrder, severityMark, variantWords, worstFinding } from "../base/index.js";
import { locate, openRun, pathOfPatched, type ReviewSession } from "../review/index.js";
import { pathInTree } from "../tree/index.js";

export const debugType = "tcescope";

/** A launch configuration of ours; all of it may be left out. */
interface RunConfiguration extends vscode.DebugConfiguration {
  readonly witness?: string;
  readonly variant?: VariantName;
  /** Index of a finding of the variant's result. */
  readonly finding?: number;
}

/** Edited text is looked through so far for the line that was run. */
const farthest = 4_000;

const moves: readonly (readonly [command: string, move: DebugMove])[] = [
  ["debugRunToUse", "use"],
  ["debugRunToFree", "free"],
  ["debugRunToAllocation", "allocation"],
  ["debugStepOperation", "operation"],
  ["debugStepBackOperation", "operation-back"],
];

export class RunDebugger implements vscode.DebugConfigurationProvider, vscode.DebugAdapterDescriptorFactory, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #subscriptions: readonly Disposes[];

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      vscode.debug.registerDebugConfigurationProvider(debugType, this),
      vscode.debug.registerDebugConfigurationProvider(debugType, this, vscode.DebugConfigurationProviderTriggerKind.Dynamic),
      vscode.debug.registerDebugAdapterDescriptorFactory(debugType, this),
      vscode.commands.registerCommand("tceScope.debugWitness", (variant: unknown, finding: unknown) => this.#debugWitness(variant, finding)),
      vscode.commands.registerCommand("tceScope.debugBefore", () => this.#start({ variant: "before" })),
      vscode.commands.registerCommand("tceScope.debugAfter", () => this.#start({ variant: "after" })),
      vscode.commands.registerCommand("tceScope.debugAtCursor", () => this.#debugAtCursor()),
      vscode.commands.registerCommand("tceScope.debugFunction", (variant: unknown, name: unknown) => this.#debugFunction(variant, name)),
      ...moves.map(([command, move]) => vscode.commands.registerCommand(`tceScope.${command}`, () => this.#move(move))),
    ];
  }

  dispose(): void {
    disposeAll(this.#subscriptions);
  }

  // ---- commands ---------------------------------------------------------------------------------------------------

  /** From a link with variant and index of the finding; else the one on the cursor's line, else one picked from all. */
  async #debugWitness(variant: unknown, finding: unknown): Promise<void> {
    if ((variant === "before" || variant === "after") && finding !== undefined) {
      await this.#start({ variant, finding: Number(finding) });
      return;
    }
    const { result } = this.#session;
    if (result === undefined) {
      noReview();
      return;
    }
    const all = (["before", "after"] as const).flatMap((v) =>
      inReadingOrder(result[v]?.findings ?? []).map((f) => ({ variant: v, finding: f, index: result[v]?.findings.indexOf(f) ?? 0 })),
    );
    const here = vscode.window.activeTextEditor;
    const onLine = all.filter(({ variant: v, finding: f }) => {
      const at = locate(this.#session, { ...findingPlace(f), variant: v });
      return here !== undefined && at?.uri.toString() === here.document.uri.toString() && at.range.start.line === here.selection.active.line;
    });
    const [one] = onLine;
    if (one !== undefined && onLine.length === 1) {
      await this.#start({ variant: one.variant, finding: one.index });
      return;
    }
    const alone = result.after === undefined;
    const items = [
      ...(onLine.length > 1 ? onLine : all).map(({ variant: v, finding: f, index }) => ({
        label: `${severityMark(f.severity)} ${f.function}:${f.line}`,
        description: variantWords(v, alone),
        detail: f.message,
        start: { variant: v, finding: index },
      })),
      ...(["before", "after"] as const)
        .filter((v) => result[v] !== undefined)
        .map((v) => ({
          label: `$(debug-start) The run ${variantWords(v, alone)}`,
          description: "from its start or its worst finding",
          detail: "",
          start: { variant: v },
        })),
    ];
    const chosen = await vscode.window.showQuickPick(items, {
      title: "TCE Scope: Debug Witness",
      placeHolder: "Choose a run to debug",
      matchOnDescription: true,
      matchOnDetail: true,
    });
    if (chosen !== undefined) await this.#start(chosen.start);
  }

  /** The run of the timeline's cursor, stopped at its moment. */
  async #debugAtCursor(): Promise<void> {
    const { cursor } = this.#session;
    if (await this.#start({ variant: cursor.variant })) await vscode.debug.activeDebugSession?.customRequest(timeRequest, { t: cursor.t });
  }

  /** Stopped where the function is first entered. */
  async #debugFunction(variant: unknown, name: unknown): Promise<void> {
    if ((variant !== "before" && variant !== "after") || typeof name !== "string") return;
    if (await this.#start({ variant })) await vscode.debug.activeDebugSession?.customRequest(functionRequest, { name });
  }

  async #start(options: Pick<RunConfiguration, "variant" | "finding" | "witness">): Promise<boolean> {
    if (this.#session.result === undefined) {
      noReview();
      return false;
    }
    const started = await vscode.debug.startDebugging(undefined, { type: debugType, request: "launch", name: "TCE Scope", ...options });
    // Whoever steps wants to see the stack and the variables.
    if (started) await vscode.commands.executeCommand("workbench.view.debug");
    return started;
  }

  async #move(move: DebugMove): Promise<void> {
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
      noReview();
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

  #target({ witness: asked, variant = "before", finding: index }: RunConfiguration): DebugTarget {
    const review = this.#session;
    const finding: Finding | undefined =
      index === undefined ? worstFinding(review.result?.[variant]?.findings ?? []) : review.result?.[variant]?.findings[index];
    const witness = asked ?? finding?.witness ?? review.result?.[variant]?.witness;
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
        // A file that the patch changes is one text before and another after: a breakpoint stands in one of them.
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

/** The line of the text that was run which now stands at `line`. */
function lineThatRan(review: ReviewSession, file: string, line: number): number {
  for (let by = 0; by < farthest; by++) {
    if (review.place(file, line - by) === line) return line - by;
    if (review.place(file, line + by) === line) return line + by;
  }
  return line;
}

function noReview(): void {
  void vscode.window.showInformationMessage("No run to debug. Start a review with “TCE Scope: Review Patch…” first.");
}
