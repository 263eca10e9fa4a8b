// The one review that is open: what was asked, what came back, whether the tree was edited since, and the moment of
// virtual time everybody looks at. Knows the editor's documents, but no view.

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
  TreeSpec,
  VariantName,
  ViewState,
} from "../../engine/protocol.js";
import { disposeAll, type Disposes, endOf, momentOfWorst, type TextEdit, worstFinding } from "../base/index.js";
import { EngineClient, type EngineHost, type EngineOutcome, type OnProgress } from "../engine/index.js";
import {
  type HunkChoice,
  hunksOn,
  isSource,
  requestPatch,
  restored,
  type ReviewInput,
  saved,
  type SavedInput,
  scenarioFileName,
  searchWorkers,
  type Unsaved,
  unsavedDocuments,
} from "./input.js";
import { askedElsewhere, ofOtherScenario } from "./same-scenario.js";
import { TextPlaces } from "./text-places.js";
import { exists, pathInTree, TreeReader, watchTree } from "../tree/index.js";

export interface Progress {
  readonly step: string;
  readonly fraction: number;
}

export interface Cursor {
  readonly t: number;
  readonly variant: VariantName;
}

const savedKey = "tceScope.review";
/** Within a wait loop's limit, and beyond it. */
const usualHolds = ["3s", "135s"] as const;

const startOfTime: Cursor = { t: 0, variant: "before" };
const rerunDelayMs = 150;

export class ReviewSession implements vscode.Disposable {
  readonly #engine: EngineClient;
  readonly #hasDisk: boolean;
  readonly #processors: number;
  readonly #reader = new TreeReader();
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #progressed = new vscode.EventEmitter<Progress>();
  readonly #moved = new vscode.EventEmitter<Cursor>();
  /** Something other than the cursor and the progress changed. */
  readonly onDidChange = this.#changed.event;
  readonly onDidProgress = this.#progressed.event;
  readonly onDidMoveCursor = this.#moved.event;
  readonly #subscriptions: Disposes[] = [];

  #input: ReviewInput | undefined;
  #result: ReviewResult | undefined;
  #patched: readonly PatchedFile[] = [];
  #hunkTable: { readonly table: HunkTable; readonly complete: boolean } | undefined;
  #questions: NonNullable<ViewState["questions"]> | undefined;
  #askedOf: ReviewInput["scenario"] | undefined;
  /** Set while questions are being answered: they run behind the review that is shown, and give way to any other run. */
  #asking: object | undefined;
  #problems: readonly Problem[] = [];
  #progress: Progress | undefined;
  #stale = false;
  #editedDuringRun = false;
  #cursor = startOfTime;
  #cursorChosen = false;
  /** The table of hunks is of another text or scenario: it goes with the next result. */
  #tableOutdated = false;
  #run = 0;
  #explaining = 0;
  #rerunTimer: ReturnType<typeof setTimeout> | undefined;
  /** Documents whose unsaved text went into the last run. */
  #unsavedInRun: ReadonlySet<string> = new Set();
  #treeWatchers: readonly Disposes[] = [];
  readonly #places = new TextPlaces();
  /** Name of the scenario file that the result is of. */
  #ownScenario: string | undefined;

  constructor(engine: EngineHost, memory: vscode.Memento) {
    this.#memory = memory;
    this.#hasDisk = engine.hasDisk;
    this.#processors = engine.processors;
    this.#engine = new EngineClient(engine.start, this.#reader.read);
    this.#subscriptions.push(
      vscode.workspace.onDidChangeTextDocument((event) => this.#documentChanged(event)),
      // The engine reads what was saved again, also where a file system tells nobody of its changes.
      vscode.workspace.onDidSaveTextDocument((document) => this.#forgetText(document.uri)),
      // Closing without saving takes away the unsaved text that was run.
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.#unsavedInRun.has(document.uri.toString())) this.#treeChanged(document.uri);
      }),
    );
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
      ...(this.#questions === undefined ? {} : { questions: askedElsewhere(this.#questions, this.#askedOf, this.#input?.scenario) }),
      hunksOff: this.#input?.hunks?.off ?? [],
      comparable: this.#input?.patch !== undefined,
      ...(this.#ownScenario === undefined ? {} : { ownScenario: this.#ownScenario }),
      stale: this.#stale,
      problems: this.#problems,
      cursor: this.#cursor,
    };
  }

  /** Runs a review; the one before it is forgotten, unless only the scenario or the tree's text differ. */
  start(input: ReviewInput): Promise<EngineOutcome> {
    const sameSubject = this.#input?.tree.toString() === input.tree.toString() && JSON.stringify(this.#input.patch) === JSON.stringify(input.patch);
    if (!sameSubject) this.#forgetResult();
    else if (this.#result !== undefined) this.#stale = true;
    this.#tableOutdated = true;
    this.#cursorChosen = false;
    this.#input = input;
    this.#watch(input.tree);
    void this.#memory.update(savedKey, saved(input));
    return this.#execute();
  }

  /** After a reload of the window: runs again what was open, if the tree is still there and edits would run it, too. */
  async restore(): Promise<void> {
    if (this.#isOpen() || !autoRun()) return;
    const kept = this.#memory.get<SavedInput>(savedKey);
    if (kept === undefined) return;
    const input = restored(kept);
    if (!(await exists(input.tree)) || this.#isOpen()) return;
    await this.start(input);
  }

  #isRunning(): boolean {
    return this.running;
  }

  #isOpen(): boolean {
    return this.#input !== undefined;
  }

  /** Runs again, and reads the whole tree again where the editor's file system is the only way to it. */
  runAgain(): Promise<EngineOutcome> | undefined {
    if (this.#input !== undefined) this.#engine.changed(this.#input.tree.toString());
    return this.rerun();
  }

  /** @param search schedules to run beside the default one; an edit after it runs the default schedule only, to stay fast */
  rerun(search?: SearchWish, set?: ScenarioChoice["set"]): Promise<EngineOutcome> | undefined {
    return this.#input === undefined ? undefined : this.#execute(search, set);
  }

  /** Runs again with one hunk of the patch switched off, or on again. The last one that is on stays on. */
  toggleHunk(index: number): Promise<EngineOutcome> | undefined {
    const input = this.#input;
    const count = this.#result?.patch?.hunks.length ?? 0;
    if (input?.patch === undefined || !(index >= 0 && index < count)) return undefined;
    const off = new Set(input.hunks?.off ?? []);
    if (!off.delete(index)) off.add(index);
    if (off.size >= count) return undefined;
    return this.#chooseHunks(input, { off: [...off].sort((a, b) => a - b), of: count });
  }

  /** Runs again with exactly these hunks switched off; undefined where nothing changes. */
  setHunks(off: readonly number[]): Promise<EngineOutcome> | undefined {
    const input = this.#input;
    const count = this.#result?.patch?.hunks.length ?? 0;
    if (input?.patch === undefined || off.length >= count || JSON.stringify(off) === JSON.stringify(input.hunks?.off ?? [])) return undefined;
    return this.#chooseHunks(input, { off, of: count });
  }

  /** All hunks on again. */
  allHunks(): Promise<EngineOutcome> | undefined {
    return this.#input?.hunks === undefined ? undefined : this.#chooseHunks(this.#input, { off: [], of: 0 });
  }

  #chooseHunks({ hunks: _old, ...input }: ReviewInput, hunks: HunkChoice): Promise<EngineOutcome> {
    this.#input = hunks.off.length === 0 ? input : { ...input, hunks };
    void this.#memory.update(savedKey, saved(this.#input));
    this.#outdate();
    return this.#execute();
  }

  /** What is shown is of another text, scenario or choice of hunks than what is wanted. */
  #outdate(): void {
    if (this.#result !== undefined) this.#stale = true;
    if (this.#questions !== undefined) this.#questions = { ...this.#questions, stale: true };
  }

  /** Answers what reviewers ask of the patch, behind the review that is shown. Undefined: there is no patch to ask about. */
  async ask(): Promise<EngineOutcome | undefined> {
    const input = this.#input;
    if (this.#result === undefined || input?.patch === undefined || this.running) return undefined;
    const asking = (this.#asking = {});
    this.#askedOf = input.scenario;
    const still = (): boolean => this.#asking === asking;
    const show = (answers: readonly Answer[], phase: NonNullable<ViewState["questions"]>["phase"]): void => {
      this.#questions = { answers, phase, stale: false };
      this.#changed.fire();
    };
    show([], "asking");
    const outcome = await this.#engine.run(
      {
        type: "questions",
        tree: this.#treeSpec(input.tree, unsavedDocuments(input.tree)),
        patch: requestPatch(input.patch),
        ...hunksOn(input),
        scenario: input.scenario,
      },
      () => undefined,
      {
        answers: (answers) => {
          if (still()) show(answers, "asking");
        },
      },
    );
    if (!still()) return outcome;
    this.#asking = undefined;
    const soFar = this.#questions;
    if (outcome.kind === "questions") show(outcome.answers, "complete");
    else if (soFar !== undefined) {
      this.#questions = { ...soFar, phase: "broken-off" };
      this.#changed.fire();
    }
    return outcome;
  }

  /** Runs every subset of the patch's hunks, with the hold at hand and those that tell most. Undefined: nothing to take apart. */
  async compareHunks(): Promise<EngineOutcome | undefined> {
    const input = this.#input;
    if (this.#result === undefined || input?.patch === undefined) return undefined;
    clearTimeout(this.#rerunTimer);
    const run = ++this.#run;
    this.#progress = { step: "Comparing hunks", fraction: 0 };
    this.#changed.fire();
    const outcome = await this.#engine.run(
      {
        type: "hunks",
        tree: this.#treeSpec(input.tree, unsavedDocuments(input.tree)),
        patch: requestPatch(input.patch),
        scenario: input.scenario,
        holds: [...new Set([this.#result.scenario.parameters["hold"] ?? usualHolds[0], ...usualHolds])],
      },
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
   * Looks for the run that a pasted kernel log shows, with the patch at hand. The review that is open stays; what edits
   * would run waits until the answer is there, and a run that this one overtook is made up for.
   */
  async explain(tree: vscode.Uri, text: string, onProgress: OnProgress): Promise<EngineOutcome> {
    clearTimeout(this.#rerunTimer);
    const overtaken = this.#isRunning();
    const patch = this.#input?.tree.toString() === tree.toString() ? this.#input.patch : undefined;
    this.#explaining++;
    const outcome = await this.#engine.run(
      {
        type: "explain",
        tree: this.#treeSpec(tree, unsavedDocuments(tree)),
        ...(patch === undefined ? {} : { patch: patch.kind === "builtin" ? ("builtin" as const) : { name: patch.name, text: patch.text } }),
        text,
      },
      onProgress,
    );
    this.#explaining--;
    if (overtaken && outcome.kind !== "cancelled" && !this.#isRunning()) void this.#execute();
    return outcome;
  }

  /** A pasted log is being explained: runs that nobody asked for wait. */
  get explaining(): boolean {
    return this.#explaining > 0;
  }

  /**
   * Plays a witness again on the text that the editor has now. The run takes its variant's place in the review; the result
   * says which one is a replay.
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
    const { patch } = input;
    const outcome = await this.#engine.run(
      {
        type: "replay",
        tree: this.#treeSpec(input.tree, unsavedDocuments(input.tree)),
        ...(patch === undefined ? {} : { patch: requestPatch(patch), ...hunksOn(input) }),
        ...(input.scenario.own === undefined ? {} : { own: input.scenario.own }),
        witness,
      },
      this.#progressOf(run),
    );
    if (run !== this.#run) return outcome;
    this.#progress = undefined;
    // Whatever is wrong with the witness, the review stands as it was.
    if (outcome.kind === "result") {
      const { result, patched } = outcome;
      const replayed = result.replayed ?? "before";
      const other = ofOtherScenario(result.scenario, reviewed.scenario);
      if (other !== undefined) {
        this.#changed.fire();
        return { kind: "problem", problems: [other] };
      }
      const whole = replayed === "before" ? { ...reviewed, before: result.before } : { ...reviewed, after: result.before };
      this.#cursorChosen = false;
      this.#finish({ kind: "result", result: { ...whole, replayed }, patched: replayed === "after" ? patched : this.#patched });
      const worst = worstFinding(result.before.findings);
      this.moveCursor({ t: worst?.t ?? result.before.timeline.end, variant: replayed });
    } else this.#changed.fire();
    return outcome;
  }

  /** Opens a recorded run of the review, of the tree as the editor has it now. Reports like a run of its own. */
  openDebug(witness: string, finding: FindingKey | undefined, onProgress: OnProgress): Promise<EngineOutcome> {
    const input = this.#input;
    if (input === undefined) return Promise.resolve({ kind: "cancelled" });
    clearTimeout(this.#rerunTimer);
    const { patch } = input;
    return this.#engine.run(
      {
        type: "debug-open",
        tree: this.#treeSpec(input.tree, unsavedDocuments(input.tree)),
        ...(patch === undefined ? {} : { patch: requestPatch(patch), ...hunksOn(input) }),
        ...(input.scenario.own === undefined ? {} : { own: input.scenario.own }),
        witness,
        ...(finding === undefined ? {} : { finding: { kind: finding.kind, function: finding.function, line: finding.line } }),
      },
      onProgress,
    );
  }

  /** Asks a run that `openDebug` opened. */
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
    disposeAll(this.#treeWatchers);
    this.#treeWatchers = [];
    this.#forgetResult();
    this.#changed.fire();
  }

  moveCursor(cursor: Cursor): void {
    this.#cursorChosen = true;
    if (cursor.t === this.#cursor.t && cursor.variant === this.#cursor.variant) return;
    this.#cursor = cursor;
    this.#moved.fire(cursor);
  }

  /** Where a line of the tree's text that was run is now (1-based); undefined when it was edited. */
  place(file: string, line: number): number | undefined {
    return this.#places.place(file, line);
  }

  dispose(): void {
    clearTimeout(this.#rerunTimer);
    this.#engine.dispose();
    disposeAll(this.#treeWatchers);
    this.#changed.dispose();
    this.#progressed.dispose();
    this.#moved.dispose();
    disposeAll(this.#subscriptions);
  }

  async #execute(search?: SearchWish, set: ScenarioChoice["set"] = {}): Promise<EngineOutcome> {
    clearTimeout(this.#rerunTimer);
    const input = this.#input;
    if (input === undefined) return { kind: "cancelled" };
    const run = ++this.#run;
    this.#editedDuringRun = false;
    this.#places.runBegins();
    const unsaved = unsavedDocuments(input.tree);
    this.#unsavedInRun = new Set(unsaved.map(({ document }) => document.uri.toString()));
    this.#progress = { step: "Starting the engine", fraction: 0 };
    this.#changed.fire();
    const outcome = await this.#engine.search(
      {
        type: "review",
        tree: this.#treeSpec(input.tree, unsaved),
        ...(input.patch === undefined ? {} : { patch: requestPatch(input.patch), ...hunksOn(input) }),
        scenario: { ...input.scenario, set: { ...input.scenario.set, ...set } },
        ...(search === undefined ? {} : { search }),
      },
      searchWorkers(this.#processors),
      this.#progressOf(run),
    );
    if (run === this.#run) this.#finish(outcome);
    return outcome;
  }

  #treeSpec(tree: vscode.Uri, unsaved: readonly Unsaved[]): TreeSpec {
    const overlays = unsaved.map(({ path, document }) => ({ path, text: document.getText() }));
    if (this.#hasDisk && tree.scheme === "file") return { root: tree.fsPath, overlays };
    this.#reader.refresh();
    return { root: tree.toString(), from: "host", overlays };
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

  /** First where the worst happens; later runs leave the cursor where the reader put it. */
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

  #documentChanged(event: vscode.TextDocumentChangeEvent): void {
    const input = this.#input;
    if (input === undefined || event.contentChanges.length === 0) return;
    if (this.changePatch(event.document.uri, event.document.getText())) return;
    const path = pathInTree(input.tree, event.document.uri);
    if (path === undefined || !isSource(path)) return;
    const edits = event.contentChanges.map((change): TextEdit => ({ start: change.range.start, end: change.range.end, text: change.text }));
    this.#places.edited(path, event.document.lineCount, edits);
    this.#edited();
  }

  /** The text of a patch file; true where it is the one under review. */
  changePatch(uri: vscode.Uri, text: string): boolean {
    const input = this.#input;
    if (input?.patch?.kind !== "text" || input.patch.uri?.toString() !== uri.toString()) return false;
    if (input.patch.text === text) return true;
    const { hunks: _old, ...rest } = input;
    this.#input = { ...rest, patch: { ...input.patch, text } };
    this.#edited();
    return true;
  }

  #forgetText(uri: vscode.Uri): void {
    const tree = this.#input?.tree;
    const path = tree === undefined ? undefined : pathInTree(tree, uri);
    if (tree !== undefined && path !== undefined) this.#engine.changed(tree.toString(), [path]);
  }

  #treeChanged(uri: vscode.Uri): void {
    const tree = this.#input?.tree;
    if (tree === undefined) return;
    const path = pathInTree(tree, uri);
    if (path !== undefined && isSource(path)) this.#edited();
  }

  /** Nothing is lost: whatever arrives while a run is under way makes another run, which overtakes it. */
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

  #watch(tree: vscode.Uri): void {
    disposeAll(this.#treeWatchers);
    this.#treeWatchers = watchTree(tree, {
      forget: (uri) => this.#forgetText(uri),
      changed: (uri) => this.#treeChanged(uri),
      folderGone: () => {
        this.#engine.changed(tree.toString());
        this.#edited();
      },
    });
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
