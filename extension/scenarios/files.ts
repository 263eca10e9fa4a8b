// Scenario files of the workspace (*.tcescope.json) and the C files next to them: found, read (open editors first), and
// checked while they are typed. The scenario under review follows its files; problems are shown at their lines.

import * as vscode from "vscode";
import { fail, ok, type Problem, type Result } from "../../engine/base/index.js";
import { readScenarioFile, type ScenarioChoice, scenarioOfFile } from "../../engine/protocol.js";
import { disposeAll, type Disposes } from "../base/index.js";
import { findFilesWithin } from "../tree/index.js";
import type { ReviewSession } from "../review/index.js";

export interface WorkspaceScenario {
  readonly uri: vscode.Uri;
  readonly choice: Result<{ readonly scenario: ScenarioChoice; readonly purpose?: string }, readonly Problem[]>;
}

const suffix = ".tcescope.json";
const pattern = `**/*${suffix}`;
const notSearched = "**/{node_modules,.git}/**";
const mostFiles = 200;
/** The list of scenarios waits for the search. */
const longestSearchMs = 3_000;
/** The scenario runs again after a pause in typing. */
const settleMs = 400;

export class ScenarioFiles implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #collection = vscode.languages.createDiagnosticCollection("tce-scope-scenario");
  readonly #subscriptions: readonly Disposes[];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    const edited = (document: vscode.TextDocument): void => {
      if (document.uri.path.endsWith(suffix)) void this.#check(document.uri);
      if (this.#belongs(document.uri)) this.#follow();
    };
    this.#subscriptions = [
      this.#collection,
      vscode.workspace.onDidOpenTextDocument((document) => {
        if (document.uri.path.endsWith(suffix)) void this.#check(document.uri);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) edited(document);
      }),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (document.uri.path.endsWith(suffix)) void this.#check(document.uri);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) this.#collection.delete(uri);
      }),
    ];
    for (const document of vscode.workspace.textDocuments) if (document.uri.path.endsWith(suffix)) void this.#check(document.uri);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    disposeAll(this.#subscriptions);
  }

  /** All scenario files of the workspace, sorted by path; checks each. */
  async find(): Promise<readonly WorkspaceScenario[]> {
    const uris = await findFilesWithin(longestSearchMs, pattern, notSearched, mostFiles);
    const found = await Promise.all(uris.map((uri) => this.#check(uri)));
    return found.filter((f) => f !== undefined).sort((a, b) => a.uri.path.localeCompare(b.uri.path));
  }

  async showProblem({ uri, choice }: WorkspaceScenario): Promise<void> {
    const line = choice.ok ? 1 : (choice.error[0]?.place?.line ?? 1);
    const at = new vscode.Position(line - 1, 0);
    await vscode.window.showTextDocument(uri, { preview: true, selection: new vscode.Range(at, at) });
    await vscode.commands.executeCommand("workbench.actions.view.problems");
  }

  async #check(uri: vscode.Uri): Promise<WorkspaceScenario | undefined> {
    const text = await textOf(uri);
    if (text === undefined) {
      this.#collection.delete(uri);
      return undefined;
    }
    const name = uri.path.slice(uri.path.lastIndexOf("/") + 1);
    const read = readScenarioFile(text, name);
    const source = read.ok && read.value.source !== undefined ? await textOf(vscode.Uri.joinPath(uri, "..", read.value.source)) : undefined;
    const choice = scenarioOfFile(text, name, () => source);
    this.#collection.set(uri, choice.ok ? [] : choice.error.map((problem) => diagnosticOf(problem, text)));
    if (!choice.ok) return { uri, choice: fail(choice.error) };
    const purpose = read.ok ? read.value.purpose : undefined;
    return { uri, choice: ok({ scenario: choice.value, ...(purpose === undefined ? {} : { purpose }) }) };
  }

  /** Whether the scenario under review is defined by this file. */
  #belongs(uri: vscode.Uri): boolean {
    const input = this.#session.input;
    if (input?.scenarioFile === undefined) return false;
    const source = input.scenario.own?.name;
    const sourceFile = source === undefined ? undefined : vscode.Uri.joinPath(input.scenarioFile, "..", source);
    return uri.toString() === input.scenarioFile.toString() || uri.toString() === sourceFile?.toString();
  }

  #follow(): void {
    clearTimeout(this.#timer);
    if (!vscode.workspace.getConfiguration("tceScope").get<boolean>("autoRun", true)) return;
    this.#timer = setTimeout(() => {
      if (this.#session.explaining) {
        this.#follow();
        return;
      }
      const file = this.#session.input?.scenarioFile;
      if (file === undefined) return;
      void this.#check(file).then((current) => {
        const input = this.#session.input;
        if (current?.choice.ok !== true || input?.scenarioFile?.toString() !== file.toString()) return;
        void this.#session.start({ ...input, scenario: current.choice.value.scenario });
      });
    }, settleMs);
  }
}

/** Prefers the text of an open editor to that on disk. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => !document.isClosed && document.uri.toString() === uri.toString());
  if (open !== undefined) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}

function diagnosticOf(problem: Problem, text: string): vscode.Diagnostic {
  const line = (problem.place?.line ?? 1) - 1;
  const words = text.split("\n")[line] ?? "";
  const from = words.length - words.trimStart().length;
  const range = new vscode.Range(line, from, line, Math.max(words.trimEnd().length, from + 1));
  const diagnostic = new vscode.Diagnostic(range, `${problem.message}${problem.hint === undefined ? "" : ` ${problem.hint}`}`, vscode.DiagnosticSeverity.Error);
  diagnostic.source = "TCE Scope";
  diagnostic.code = problem.code;
  return diagnostic;
}
