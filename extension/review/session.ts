// The current review: its input, its result, whether the tree was edited since, and the moment of virtual time that all
// views show. Must not depend on a view.

import * as vscode from "vscode";
import type { Problem } from "../../engine/base/index.js";
import type {
  Answer,
  DebugCommand,
  DebugReply,
  FindingKey,
  HunkTable,
  PatchedFile,
  ReviewResult,
  ScenarioChoice,
  SearchWish,
  VariantName,
  ViewState,
} from "../../engine/protocol.js";
import { endOf, momentOfWorst, worstFinding } from "../base/index.js";
import { EngineClient, type EngineHost, type EngineOutcome, type OnProgress } from "../engine/index.js";
import { exists } from "../tree/index.js";
import { type HunkChoice, restored, type ReviewInput, saved, type SavedInput, scenarioFileName } from "./input.js";
import { RequestBuilder, searchWorkers, unsavedDocuments } from "./requests.js";
import { otherScenario, withScenarioAsked } from "./same-scenario.js";
import { TextPlaces } from "./text-places.js";
import { TreeEdits } from "./tree-edits.js";

export interface Progress {
  readonly step: string;
  readonly fraction: number;
}

export interface Cursor {
  readonly t: number;
  readonly variant: VariantName;
}

const savedKey = "tceScope.review";
/** Below and above the limit of a typical wait loop. */
const usualHolds = ["3s", "135s"] as const;

const startOfTime: Cursor = { t: 0, variant: "before" };
const rerunDelayMs = 150;

export class ReviewSession implements vscode.Disposable {
  readonly #engine: EngineClient;
  readonly #processors: number;
  readonly #requests: RequestBuilder;
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progressed = new vscode.EventEmitter<Progress>();
  readonly #moved = new vscode.EventEmitter<Cursor>();
  /** Something other than the cursor and the progress changed. */
  readonly onDidChange = this.#changed.event;
  readonly onDidProgress = this.#progressed.event;
  readonly onDidMoveCursor = this.#moved.event;
  readonly #edits: TreeEdits;

  #input: ReviewInput | undefined;
  #result: ReviewResult | undefined;
  #patched: readonly PatchedFile[] = [];
  #hunkTable: { readonly table: HunkTable; readonly complete: boolean } | undefined;
  #questions: NonNullable<ViewState["questions"]> | undefined;
  #scenarioAsked: ReviewInput["scenario"] | undefined;
  /** Set while questions are being answered: they run in the background, and any other run replaces them. */
  #asking: object | undefined;
  #problems: readonly Problem[] = [];
  #progress: Progress | undefined;
  #stale = false;
  #editedDuringRun = false;
  #cursor = startOfTime;
  #cursorChosen = false;
  /** The hunk table is for another text or scenario; the next result removes it. */
  #tableOutdated = false;
  #run = 0;
  #explaining = 0;
  #rerunTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #places = new TextPlaces();
  /** Name of the result's scenario file. */
  #ownScenario: string | undefined;

  constructor(engine: EngineHost, memory: vscode.Memento) {
    this.#memory = memory;
    this.#processors = engine.processors;
    this.#requests = new RequestBuilder(engine.hasDisk);
    this.#engine = new EngineClient(engine.start, this.#requests.read);
    this.#edits = new TreeEdits({
      patchTyped: (document) => this.changePatch(document.uri, document.getText()),
      linesTyped: (path, lineCount, edits) => this.#places.edited(path, lineCount, edits),
      changed: () => this.#edited(),
      outdated: (tree, paths) => this.#engine.changed(tree.toString(), paths),
    });
  }

  get input(): ReviewInput | undefined {
    return this.#input;
  }
  get result(): ReviewResult | undefined {
    return this.#result;
  }
  get patched(): readonly PatchedFile[] {
    return this.#patched;
  }
  get stale(): boolean {
    return this.#stale;
  }
  get running(): boolean {
    return this.#progress !== undefined;
  }
  get cursor(): Cursor {
    return this.#cursor;
  }

  get view(): ViewState {
    const phase = this.running ? "running" : this.#problems.length > 0 ? "problem" : this.#result === undefined ? "empty" : "ready";
    return {
      phase,
      ...(this.#progress === undefined ? {} : { progress: this.#progress }),
      ...(this.#result === undefined ? {} : { result: this.#result }),
      ...(this.#hunkTable === undefined ? {} : { hunkTable: this.#hunkTable }),
      ...(this.#questions === undefined ? {} : { questions: withScenarioAsked(this.#questions, this.#scenarioAsked, this.#input?.scenario) }),
      hunksOff: this.#input?.hunks?.off ?? [],
      comparable: this.#input?.patch !== undefined,
      ...(this.#ownScenario === undefined ? {} : { ownScenario: this.#ownScenario }),
      stale: this.#stale,
      problems: this.#problems,
      cursor: this.#cursor,
    };
  }

  /** Runs a review. The previous result is discarded, unless only the scenario or the tree's text differ. */
  start(input: ReviewInput): Promise<EngineOutcome> {
    const sameSubject = this.#input?.tree.toString() === input.tree.toString() && JSON.stringify(this.#input.patch) === JSON.stringify(input.patch);
    if (!sameSubject) this.#forgetResult();
    else if (this.#result !== undefined) this.#stale = true;
    this.#tableOutdated = true;
    this.#cursorChosen = false;
    this.#input = input;
    this.#edits.watch(input.tree);
    void this.#memory.update(savedKey, saved(input));
    return this.#execute();
  }

  /** After a reload of the window: runs the saved review again, if its tree still exists and edits would also run it. */
  async restore(): Promise<void> {
    if (this.#isOpen() || !autoRun()) return;
    const last = this.#memory.get<SavedInput>(savedKey);
    if (last === undefined) return;
    const input = restored(last);
    if (!(await exists(input.tree)) || this.#isOpen()) return;
    await this.start(input);
  }

  #isRunning(): boolean {
    return this.running;
  }

  #isOpen(): boolean {
    return this.#input !== undefined;
  }

  /** Runs again; an engine without a disk also reads the whole tree again. */
  runAgain(): Promise<EngineOutcome> | undefined {
    if (this.#input !== undefined) this.#engine.changed(this.#input.tree.toString());
    return this.rerun();
  }

  /** @param search schedules to run in addition to the default one; a run after an edit has only the default, to stay fast */
  rerun(search?: SearchWish, set?: ScenarioChoice["set"]): Promise<EngineOutcome> | undefined {
    return this.#input === undefined ? undefined : this.#execute(search, set);
  }

  /** Runs again with one hunk excluded, or included again. The last included hunk cannot be excluded. */
  toggleHunk(index: number): Promise<EngineOutcome> | undefined {
    const input = this.#input;
    const count = this.#result?.patch?.hunks.length ?? 0;
    if (input?.patch === undefined || !(index >= 0 && index < count)) return undefined;
    const off = new Set(input.hunks?.off ?? []);
    if (!off.delete(index)) off.add(index);
    if (off.size >= count) return undefined;
    return this.#chooseHunks(input, { off: [...off].sort((a, b) => a - b), of: count });
  }

  /** Runs again with exactly these hunks excluded; undefined if nothing changes. */
  setHunks(off: readonly number[]): Promise<EngineOutcome> | undefined {
    const input = this.#input;
    const count = this.#result?.patch?.hunks.length ?? 0;
    if (input?.patch === undefined || off.length >= count || JSON.stringify(off) === JSON.stringify(input.hunks?.off ?? [])) return undefined;
    return this.#chooseHunks(input, { off, of: count });
  }

  /** Includes all hunks again. */
  allHunks(): Promise<EngineOutcome> | undefined {
    return this.#input?.hunks === undefined ? undefined : this.#chooseHunks(this.#input, { off: [], of: 0 });
  }

  #chooseHunks({ hunks: _old, ...input }: ReviewInput, hunks: HunkChoice): Promise<EngineOutcome> {
    this.#input = hunks.off.length === 0 ? input : { ...input, hunks };
    void this.#memory.update(savedKey, saved(this.#input));
    this.#outdate();
    return this.#execute();
  }

  /** The result shown is for another text, scenario or choice of hunks than the input. */
  #outdate(): void {
    if (this.#result !== undefined) this.#stale = true;
    if (this.#questions !== undefined) this.#questions = { ...this.#questions, stale: true };
  }

  /** Answers the review questions in the background. Undefined: there is no patch, or a run is in progress. */
  async ask(): Promise<EngineOutcome | undefined> {
    const input = this.#input;
    if (this.#result === undefined || input?.patch === undefined || this.running) return undefined;
    const asking = (this.#asking = {});
    this.#scenarioAsked = input.scenario;
    const isCurrent = (): boolean => this.#asking === asking;
    const show = (answers: readonly Answer[], phase: NonNullable<ViewState["questions"]>["phase"]): void => {
      this.#questions = { answers, phase, stale: false };
      this.#changed.fire();
    };
    show([], "asking");
    const outcome = await this.#engine.run(this.#requests.questions(input, input.patch), () => undefined, {
      answers: (answers) => {
        if (isCurrent()) show(answers, "asking");
      },
    });
    if (!isCurrent()) return outcome;
    this.#asking = undefined;
    const soFar = this.#questions;
    if (outcome.kind === "questions") show(outcome.answers, "complete");
    else if (soFar !== undefined) {
      this.#questions = { ...soFar, phase: "broken-off" };
      this.#changed.fire();
    }
    return outcome;
  }

  /** Runs every subset of the patch's hunks, with the current hold and the usual ones. Undefined: there is no patch. */
  async compareHunks(): Promise<EngineOutcome | undefined> {
    const input = this.#input;
    if (this.#result === undefined || input?.patch === undefined) return undefined;
    clearTimeout(this.#rerunTimer);
    const run = ++this.#run;
    this.#progress = { step: "Comparing hunks", fraction: 0 };
    this.#changed.fire();
    const outcome = await this.#engine.run(
      this.#requests.hunks(input, input.patch, [...new Set([this.#result.scenario.parameters["hold"] ?? usualHolds[0], ...usualHolds])]),
      this.#progressOf(run),
      {
        table: (table) => {
          if (run !== this.#run) return;
          this.#hunkTable = { table, complete: false };
          this.#changed.fire();
        },
      },
    );
    if (run === this.#run) this.#finish(outcome);
    return outcome;
  }

  /**
   * Searches for the run that a pasted kernel log shows, with the current patch. The review stays as it is; runs after
   * edits are deferred until the explanation is there, and a run that this one replaced is started again.
   */
  async explain(tree: vscode.Uri, text: string, onProgress: OnProgress): Promise<EngineOutcome> {
    clearTimeout(this.#rerunTimer);
    const replaced = this.#isRunning();
    const patch = this.#input?.tree.toString() === tree.toString() ? this.#input.patch : undefined;
    this.#explaining++;
    const outcome = await this.#engine.run(this.#requests.explain(tree, patch, text), onProgress);
    this.#explaining--;
    if (replaced && outcome.kind !== "cancelled" && !this.#isRunning()) void this.#execute();
    return outcome;
  }

  /** A pasted log is being explained: automatic runs are deferred. */
  get explaining(): boolean {
    return this.#explaining > 0;
  }

  /**
   * Replays a witness on the text that the editor has now. The run replaces that of its variant in the review;
   * `result.replayed` names the variant.
   */
  async replay(witness: string): Promise<EngineOutcome> {
    const input = this.#input;
    const reviewed = this.#result;
    if (input === undefined || reviewed === undefined) return { kind: "cancelled" };
    clearTimeout(this.#rerunTimer);
    const run = ++this.#run;
    this.#editedDuringRun = false;
    this.#places.runBegins();
    this.#progress = { step: "Replaying", fraction: 0 };
    this.#changed.fire();
    const outcome = await this.#engine.run(this.#requests.replay(input, witness), this.#progressOf(run));
    if (run !== this.#run) return outcome;
    this.#progress = undefined;
    // If the witness cannot be replayed, the review stays as it was.
    if (outcome.kind === "result") {
      const { result, patched } = outcome;
      const replayed = result.replayed ?? "before";
      const mismatch = otherScenario(result.scenario, reviewed.scenario);
      if (mismatch !== undefined) {
        this.#changed.fire();
        return { kind: "problem", problems: [mismatch] };
      }
      const merged = replayed === "before" ? { ...reviewed, before: result.before } : { ...reviewed, after: result.before };
      this.#cursorChosen = false;
      this.#finish({ kind: "result", result: { ...merged, replayed }, patched: replayed === "after" ? patched : this.#patched });
      const worst = worstFinding(result.before.findings);
      this.moveCursor({ t: worst?.t ?? result.before.timeline.end, variant: replayed });
    } else this.#changed.fire();
    return outcome;
  }

  /** Opens a recorded run for debugging, with the text that the editor has now. */
  openDebug(witness: string, finding: FindingKey | undefined, onProgress: OnProgress): Promise<EngineOutcome> {
    const input = this.#input;
    if (input === undefined) return Promise.resolve({ kind: "cancelled" });
    clearTimeout(this.#rerunTimer);
    return this.#engine.run(this.#requests.debug(input, witness, finding), onProgress);
  }

  /** Sends a command to a run that `openDebug` opened. */
  debug(session: number, command: DebugCommand): Promise<DebugReply> {
    return this.#engine.debug(session, command);
  }

  cancel(): void {
    clearTimeout(this.#rerunTimer);
    this.#engine.cancel();
  }

  clear(): void {
    this.cancel();
    this.#run++;
    this.#input = undefined;
    this.#progress = undefined;
    void this.#memory.update(savedKey, undefined);
    this.#edits.unwatch();
    this.#forgetResult();
    this.#changed.fire();
  }

  moveCursor(cursor: Cursor): void {
    this.#cursorChosen = true;
    if (cursor.t === this.#cursor.t && cursor.variant === this.#cursor.variant) return;
    this.#cursor = cursor;
    this.#moved.fire(cursor);
  }

  /** The present number of a line of the text that was run (both 1-based); undefined if the line was edited. */
  place(file: string, line: number): number | undefined {
    return this.#places.place(file, line);
  }

  dispose(): void {
    clearTimeout(this.#rerunTimer);
    this.#engine.dispose();
    this.#edits.dispose();
    this.#changed.dispose();
    this.#progressed.dispose();
    this.#moved.dispose();
  }

  async #execute(search?: SearchWish, set: ScenarioChoice["set"] = {}): Promise<EngineOutcome> {
    clearTimeout(this.#rerunTimer);
    const input = this.#input;
    if (input === undefined) return { kind: "cancelled" };
    const run = ++this.#run;
    this.#editedDuringRun = false;
    this.#places.runBegins();
    const unsaved = unsavedDocuments(input.tree);
    this.#edits.runBegins(unsaved);
    this.#progress = { step: "Starting the engine", fraction: 0 };
    this.#changed.fire();
    const request = this.#requests.review(input, unsaved, search, set);
    const outcome = await this.#engine.search(request, searchWorkers(this.#processors), this.#progressOf(run));
    if (run === this.#run) this.#finish(outcome);
    return outcome;
  }

  #progressOf(run: number): OnProgress {
    return (step, fraction) => {
      if (run !== this.#run) return;
      this.#progress = { step, fraction };
      this.#progressed.fire(this.#progress);
    };
  }

  #finish(outcome: EngineOutcome): void {
    this.#progress = undefined;
    switch (outcome.kind) {
      case "result":
        this.#result = outcome.result;
        if (this.#tableOutdated) this.#hunkTable = undefined;
        this.#tableOutdated = false;
        this.#patched = outcome.patched;
        this.#problems = [];
        this.#stale = this.#editedDuringRun;
        this.#places.runShown();
        this.#ownScenario = scenarioFileName(this.#input);
        this.#cursor = this.#cursorAfter(outcome.result);
        break;
      case "hunks":
        this.#hunkTable = { table: outcome.table, complete: true };
        break;
      case "questions":
        break;
      case "problem":
        this.#problems = outcome.problems;
        this.#stale = this.#result !== undefined;
        break;
      case "debug":
      case "explained":
      case "cancelled":
        break;
    }
    this.#changed.fire();
  }

  /** At first the moment of the worst finding; later runs leave the cursor where the user put it. */
  #cursorAfter(result: ReviewResult): Cursor {
    return this.#cursorChosen ? { ...this.#cursor, t: Math.min(this.#cursor.t, endOf(result)) } : momentOfWorst(result);
  }

  #forgetResult(): void {
    this.#result = undefined;
    this.#hunkTable = undefined;
    this.#questions = undefined;
    this.#asking = undefined;
    this.#patched = [];
    this.#problems = [];
    this.#stale = false;
    this.#cursor = startOfTime;
    this.#cursorChosen = false;
    this.#places.forget();
  }

  /** Takes the new text of a patch file; false if it is not the patch under review. */
  changePatch(uri: vscode.Uri, text: string): boolean {
    const input = this.#input;
    if (input?.patch?.kind !== "text" || input.patch.uri?.toString() !== uri.toString()) return false;
    if (input.patch.text === text) return true;
    const { hunks: _old, ...rest } = input;
    this.#input = { ...rest, patch: { ...input.patch, text } };
    this.#edited();
    return true;
  }

  /** No edit is lost: an edit during a run starts another run, which replaces it. */
  #edited(): void {
    this.#editedDuringRun = true;
    this.#tableOutdated = true;
    if (this.#result !== undefined && !this.#stale) {
      this.#outdate();
      this.#changed.fire();
    }
    if (!autoRun()) return;
    this.#rerunSoon();
  }

  #rerunSoon(): void {
    clearTimeout(this.#rerunTimer);
    this.#rerunTimer = setTimeout(() => {
      if (this.explaining) this.#rerunSoon();
      else void this.#execute();
    }, rerunDelayMs);
  }
}

function autoRun(): boolean {
  return vscode.workspace.getConfiguration("tceScope").get<boolean>("autoRun", true);
}
