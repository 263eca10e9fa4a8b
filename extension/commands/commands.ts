// The palette's commands. Each says what to do next when it cannot do its work; none keeps state of its own besides
// which finding was shown last.

import * as vscode from "vscode";
import type { Finding, ReviewResult, VariantName } from "../../engine/protocol.js";
import { disposeAll, type Disposes, findingPlace, inReadingOrder, worstFinding } from "../base/index.js";
import { scenarioFor } from "./example.js";
import { findingsViewId } from "../findings/index.js";
import {
  clipboardPatch,
  logUri,
  patchedUri,
  type PatchInput,
  pathOfPatched,
  pickPatch,
  readPatch,
  reveal,
  type ReviewInput,
  type ReviewSession,
} from "../review/index.js";
import { panelViewId, timelineViewId } from "../pages/index.js";
import { parseParameters, pickScenario, type ScenarioFiles, scenarioOf, searchesOf } from "../scenarios/index.js";
import { findTree, pathInTree } from "../tree/index.js";

/** A run that takes longer says so, with a button to cancel. */
const progressAfterMs = 700;

interface Shown {
  readonly variant: VariantName;
  readonly finding: Finding;
}

export class Commands implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #memory: vscode.Memento;
  readonly #panelVisible: () => boolean;
  readonly #files: ScenarioFiles;
  readonly #registered: Disposes[] = [];
  #shown: Finding | undefined;

  /**
   * @param panelVisible whether the reader sees the progress in the panel
   * @param files scenarios of the workspace's own
   */
  constructor(session: ReviewSession, memory: vscode.Memento, panelVisible: () => boolean, files: ScenarioFiles) {
    this.#files = files;
    this.#session = session;
    this.#memory = memory;
    this.#panelVisible = panelVisible;
    this.#add("reviewPatch", (argument: unknown) => this.#reviewPatch(argument));
    this.#add("reviewBuiltin", () => this.#review({ kind: "builtin" }));
    this.#add("reviewClipboard", async () => this.#review(await clipboardPatch()));
    this.#add("runScenario", () => this.#runScenario());
    this.#add("runAgain", () => this.#watchRun(this.#session.runAgain()));
    this.#add("showReview", () => vscode.commands.executeCommand(`${panelViewId}.focus`));
    this.#add("showTimeline", () => vscode.commands.executeCommand(`${timelineViewId}.focus`));
    this.#add("showPatchedFile", (argument: unknown) => this.#showPatchedFile(argument));
    this.#add("nextFinding", () => this.#stepFinding(1));
    this.#add("previousFinding", () => this.#stepFinding(-1));
    this.#add("showFinding", (variant: unknown, index: unknown) => this.#showFindingAt(variant, index));
    this.#add("searchDeeper", () => this.#searchDeeper());
    this.#add("compareHunks", () => this.#compareHunks());
    this.#add("toggleHunk", (index: unknown) => this.#toggleHunk(index));
    this.#add("chooseHunks", () => this.#chooseHunks());
    this.#add("allHunks", () => this.#session.allHunks());
    this.#add("askQuestions", () => this.#askQuestions());
    this.#add("showRun", (name: unknown, set: unknown, variant: unknown) => this.#showRun(name, set, variant));
    this.#add("showFindings", () => vscode.commands.executeCommand(`${findingsViewId}.focus`));
    this.#add("findingInTimeline", (node: unknown) => this.#ofFinding("showInTimeline", node));
    this.#add("findingReplay", (node: unknown) => this.#ofFinding("replayFinding", node));
    this.#add("findingDebug", (node: unknown) => this.#ofFinding("debugWitness", node));
    this.#add("cancel", () => this.#session.cancel());
    this.#add("copyWitness", (variant: unknown, index: unknown) => this.#copyWitness(variant, index));
    this.#add("showLog", (variant: unknown) => this.#showLog(variant));
    this.#add("saveReview", () => this.#saveReview());
    this.#add("clearReview", () => this.#session.clear());
    this.#add("toggleOverlay", () => this.#toggleOverlay());
  }

  dispose(): void {
    disposeAll(this.#registered);
  }

  #add(name: string, run: (...args: unknown[]) => unknown): void {
    this.#registered.push(vscode.commands.registerCommand(`tceScope.${name}`, run));
  }

  /** From the palette without an argument; from the explorer, a test or a key binding with a URI or a path. */
  async #reviewPatch(argument: unknown): Promise<void> {
    const uri = argument instanceof vscode.Uri ? argument : typeof argument === "string" && argument !== "" ? vscode.Uri.file(argument) : undefined;
    await this.#review(uri === undefined ? await pickPatch() : await readPatch(uri));
  }

  async #review(patch: PatchInput | undefined): Promise<void> {
    if (patch === undefined) return;
    const tree = await findTree(this.#memory);
    if (tree === undefined) return;
    this.#shown = undefined;
    await this.#show(this.#session.start({ tree, patch, scenario: await scenarioFor(tree, this.#session.input?.scenario) }));
    if (this.#session.result?.patch !== undefined && vscode.workspace.getConfiguration("tceScope").get<boolean>("questions", true)) void this.#session.ask();
  }

  /** On the patch that is open, or on the tree alone. */
  async #runScenario(): Promise<void> {
    const now = this.#session.input;
    const tree = now?.tree ?? (await findTree(this.#memory));
    if (tree === undefined) return;
    const chosen = await pickScenario(now?.scenario ?? (await scenarioFor(tree, undefined)), now?.patch !== undefined, this.#files);
    if (chosen === undefined) return;
    const { scenarioFile: _old, ...same } = now ?? { tree };
    await this.#show(this.#session.start({ ...same, ...chosen }));
  }

  /** Runs what another part of the extension asks for, as if the reader had. */
  async open(input: ReviewInput): Promise<void> {
    this.#shown = undefined;
    await this.#show(this.#session.start(input));
  }

  /** The run is under way before the panel opens: a panel that opens first would bring back the review of the last window. */
  async #show(run: ReturnType<ReviewSession["start"]>): Promise<void> {
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
    await this.#watchRun(run);
  }

  /** Shows progress once a run takes noticeable time and the panel, which shows it too, is out of sight. */
  async #watchRun(run: ReturnType<ReviewSession["start"]> | undefined): Promise<void> {
    if (run === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No review to run again. Start one with “TCE Scope: Review Patch…”."));
      return;
    }
    const timer = setTimeout(() => {
      if (this.#panelVisible()) return;
      void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: "TCE Scope", cancellable: true }, (progress, token) => {
        token.onCancellationRequested(() => this.#session.cancel());
        let done = 0;
        const following = this.#session.onDidProgress(({ step, fraction }) => {
          progress.report({ message: step, increment: Math.max(0, fraction * 100 - done) });
          done = Math.max(done, fraction * 100);
        });
        return run.then(() => void following.dispose());
      });
    }, progressAfterMs);
    const outcome = await run;
    clearTimeout(timer);
    // The panel says what is wrong, with a link to the place.
    if (outcome.kind !== "problem" || this.#panelVisible()) return;
    const [problem] = outcome.problems;
    if (problem === undefined) return;
    const open = "Show";
    const place = problem.place;
    const text = `${place === undefined ? "" : `${place.file}:${place.line}: `}${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`;
    const chosen = await vscode.window.showErrorMessage(text, ...(place === undefined ? [] : [open]));
    if (chosen === open && place !== undefined) await reveal(this.#session, { file: place.file, line: place.line, variant: "before" });
  }

  /** More schedules of the review that is open. */
  async #searchDeeper(): Promise<void> {
    if (this.#session.result === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No review to search. Start one with “TCE Scope: Review Patch…”."));
      return;
    }
    const scenario = scenarioOf(this.#session.result.scenario.name);
    const chosen = await vscode.window.showQuickPick([...searchesOf(scenario)], {
      title: vscode.l10n.t("TCE Scope: Search Deeper"),
      placeHolder: vscode.l10n.t("Choose the schedules to run"),
    });
    if (chosen !== undefined) await this.#watchRun(this.#session.rerun(chosen.wish, chosen.set));
  }

  async #compareHunks(): Promise<void> {
    if (this.#session.result?.patch === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No patch with hunks to select. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
    await this.#session.compareHunks();
  }

  /** From a box in the panel. */
  async #toggleHunk(index: unknown): Promise<void> {
    const run = this.#session.toggleHunk(Number(index));
    if (run !== undefined) await this.#watchRun(run);
    else if (this.#session.result?.patch !== undefined)
      void vscode.window.showInformationMessage(vscode.l10n.t("At least one hunk must stay included. The card “Before” shows the tree without the patch."));
  }

  /** From the palette: all hunks at once. */
  async #chooseHunks(): Promise<void> {
    const { result, input } = this.#session;
    const hunks = result?.patch?.hunks;
    if (hunks === undefined || input === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No patch with hunks to select. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    const off = input.hunks?.off ?? [];
    const items = hunks.map((hunk, index) => ({
      label: `${index + 1}  ${hunk.file}:${hunk.line}`,
      description: hunk.header.replace(/^@@.*?@@\s*/, ""),
      picked: !off.includes(index),
      index,
    }));
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t("TCE Scope: Choose Hunks to Apply"),
      placeHolder: vscode.l10n.t("Hunks to apply"),
      canPickMany: true,
    });
    if (chosen === undefined || chosen.length === 0) return;
    const on = new Set(chosen.map(({ index }) => index));
    await this.#watchRun(this.#session.setHunks(items.map(({ index }) => index).filter((index) => !on.has(index))));
  }

  async #askQuestions(): Promise<void> {
    if (this.#session.result?.patch === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No patch to answer questions about. Review one first: “TCE Scope: Review Patch…”."));
      return;
    }
    await vscode.commands.executeCommand(`${panelViewId}.focus`);
    await this.#session.ask();
  }

  /** The run behind an answer: its scenario becomes that of the review, and the cursor goes to what it is about. */
  async #showRun(name: unknown, set: unknown, variant: unknown): Promise<void> {
    const { input } = this.#session;
    if (input === undefined || typeof name !== "string" || typeof set !== "string" || (variant !== "before" && variant !== "after")) return;
    const parsed = parseParameters(set, scenarioOf(name));
    if (!parsed.ok) return;
    const { scenarioFile: _other, ...rest } = input;
    await this.#watchRun(this.#session.start({ ...rest, scenario: { name, set: parsed.value } }));
    const own = this.#session.result?.[variant];
    if (own === undefined) return;
    this.#session.moveCursor({ t: worstFinding(own.findings)?.t ?? own.detach?.end ?? own.timeline.end, variant });
    await vscode.commands.executeCommand(`${timelineViewId}.focus`);
  }

  /** Runs another command on a finding: that of the tree's item, else the one shown last, else the worst. */
  async #ofFinding(command: string, node: unknown): Promise<void> {
    const found = this.#findingAt(node, undefined) ?? this.#findings().find(({ finding }) => finding === this.#shown) ?? this.#findings()[0];
    if (found === undefined) return;
    const index = this.#session.result?.[found.variant]?.findings.indexOf(found.finding) ?? 0;
    await vscode.commands.executeCommand(`tceScope.${command}`, found.variant, index);
  }

  async #showPatchedFile(argument: unknown): Promise<void> {
    const { input, patched } = this.#session;
    if (input === undefined || patched.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No patched file yet. Review a patch first: “TCE Scope: Review Patch…”."));
      return;
    }
    const asked = argument instanceof vscode.Uri ? argument : vscode.window.activeTextEditor?.document.uri;
    const wanted =
      asked === undefined ? undefined : (pathOfPatched(asked) ?? pathInTree(input.tree, asked) ?? (typeof argument === "string" ? argument : undefined));
    const path =
      patched.find((file) => file.path === wanted)?.path ?? (patched.length === 1 ? patched[0]?.path : await pickPath(patched.map((file) => file.path)));
    if (path === undefined) return;
    await vscode.commands.executeCommand(
      "vscode.diff",
      vscode.Uri.joinPath(input.tree, path),
      patchedUri(path),
      `${path.slice(path.lastIndexOf("/") + 1)} (tree ↔ patched)`,
      { preview: true },
    );
  }

  /** All findings: the tree's, then the patch's, each in reading order. */
  #findings(): readonly Shown[] {
    const { result } = this.#session;
    return (["before", "after"] as const).flatMap((variant) => inReadingOrder(result?.[variant]?.findings ?? []).map((finding) => ({ variant, finding })));
  }

  async #stepFinding(step: 1 | -1): Promise<void> {
    const all = this.#findings();
    if (all.length === 0) {
      void vscode.window.showInformationMessage(
        this.#session.result === undefined
          ? vscode.l10n.t("No review yet. Start one with “TCE Scope: Review Patch…”.")
          : vscode.l10n.t("No findings in this review."),
      );
      return;
    }
    const last = all.findIndex(({ finding }) => finding === this.#shown);
    const next = all[last < 0 ? (step === 1 ? 0 : all.length - 1) : (last + step + all.length) % all.length];
    if (next !== undefined) await this.#showFinding(next);
  }

  async #showFindingAt(variant: unknown, index: unknown): Promise<void> {
    const found = this.#findingAt(variant, index);
    if (found !== undefined) await this.#showFinding(found);
  }

  /** By variant and index, or by the tree's own item. */
  #findingAt(variant: unknown, index: unknown): Shown | undefined {
    if (typeof variant === "object" && variant !== null && "variant" in variant && "index" in variant) return this.#findingAt(variant.variant, variant.index);
    if (variant !== "before" && variant !== "after") return undefined;
    const finding = this.#session.result?.[variant]?.findings[Number(index)];
    return finding === undefined ? undefined : { variant, finding };
  }

  async #showFinding({ variant, finding }: Shown): Promise<void> {
    this.#shown = finding;
    this.#session.moveCursor({ t: finding.t, variant });
    const place = findingPlace(finding);
    await reveal(this.#session, { file: place.file, line: place.line, variant });
  }

  async #copyWitness(variant: unknown, index: unknown): Promise<void> {
    const { result } = this.#session;
    const finding =
      this.#findingAt(variant, index)?.finding ?? this.#shown ?? worstFinding([...(result?.before.findings ?? []), ...(result?.after?.findings ?? [])]);
    const witness = finding?.witness ?? result?.before.witness;
    if (witness === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No witness to copy yet. Review a patch first: “TCE Scope: Review Patch…”."));
      return;
    }
    await vscode.env.clipboard.writeText(witness);
    vscode.window.setStatusBarMessage("Witness copied. Replay it with “tcescope replay --witness”.", 5_000);
  }

  async #showLog(argument: unknown): Promise<void> {
    const { result } = this.#session;
    if (result === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No kernel log yet. Start a review with “TCE Scope: Review Patch…”."));
      return;
    }
    if (result.after === undefined || argument === "before") await showLogDocument("before");
    else if (argument === "after") await showLogDocument("after");
    else await vscode.commands.executeCommand("vscode.diff", logUri("before"), logUri("after"), "Kernel log (before ↔ after)", { preview: true });
  }

  async #saveReview(): Promise<void> {
    const { result, input } = this.#session;
    if (result === undefined || input === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t("No review to save yet. Start one with “TCE Scope: Review Patch…”."));
      return;
    }
    // Beside the tree, not in it: a review is no part of the tree.
    const target = await vscode.window.showSaveDialog({
      title: vscode.l10n.t("Save Review as JSON"),
      defaultUri: vscode.Uri.joinPath(input.tree, "../tce-scope-review.json"),
      filters: { JSON: ["json"] },
    });
    if (target === undefined) return;
    try {
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(`${JSON.stringify({ ...result, ...this.#answered() }, null, 2)}\n`));
    } catch (error) {
      void vscode.window.showErrorMessage(`${target.fsPath} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Answers go into the saved review where they are of the same text, hunks and scenario. */
  #answered(): Pick<ReviewResult, "questions"> {
    const { questions } = this.#session.view;
    return questions?.phase === "complete" && !questions.stale && questions.elsewhere === undefined ? { questions: questions.answers } : {};
  }

  async #toggleOverlay(): Promise<void> {
    const settings = vscode.workspace.getConfiguration("tceScope.overlay");
    await settings.update("enabled", !settings.get<boolean>("enabled", true), vscode.ConfigurationTarget.Global);
  }
}

async function showLogDocument(variant: VariantName): Promise<void> {
  const document = await vscode.workspace.openTextDocument(logUri(variant));
  await vscode.window.showTextDocument(document, { preview: true });
}

async function pickPath(paths: readonly string[]): Promise<string | undefined> {
  return vscode.window.showQuickPick([...paths], {
    title: vscode.l10n.t("TCE Scope: Show Patched File"),
    placeHolder: vscode.l10n.t("Choose a patched file"),
  });
}
