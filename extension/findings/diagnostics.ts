// Findings in the Problems view: at the line of the code under review, with the places where the memory was allocated,
// freed and used. A stale finding is marked as stale.

import * as vscode from "vscode";
import type { Event, Finding, Reason, VariantName } from "../../engine/protocol.js";
import { compilerNotes, errorColumns } from "./compiler-notes.js";
import { disposeAll, type Disposes, findingPlace, frameUnderReview, ownCondition, variantWords } from "../base/index.js";
import { locate, type ReviewSession } from "../review/index.js";

/** A run after an edit usually ends sooner, so that the list does not flicker. */
const staleAfterMs = 800;

export class FindingDiagnostics implements vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #collection = vscode.languages.createDiagnosticCollection("tce-scope");
  readonly #subscriptions: readonly Disposes[];
  #staleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#subscriptions = [
      this.#collection,
      session.onDidChange(() => this.#update()),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration("tceScope.overlay.problems")) this.#publish();
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#staleTimer);
    disposeAll(this.#subscriptions);
  }

  #update(): void {
    clearTimeout(this.#staleTimer);
    if (this.#session.stale) this.#staleTimer = setTimeout(() => this.#publish(), staleAfterMs);
    else if (!this.#session.running || this.#session.result === undefined) this.#publish();
  }

  #publish(): void {
    this.#collection.clear();
    const { result } = this.#session;
    if (result === undefined || !vscode.workspace.getConfiguration("tceScope").get<boolean>("overlay.problems", true)) return;
    const byDocument = new Map<string, { readonly uri: vscode.Uri; readonly list: vscode.Diagnostic[] }>();
    const add = (at: vscode.Location, diagnostic: vscode.Diagnostic): void => {
      const key = at.uri.toString();
      const entry = byDocument.get(key) ?? { uri: at.uri, list: [] };
      byDocument.set(key, entry);
      entry.list.push(diagnostic);
    };
    for (const variant of ["before", "after"] as const) {
      const reason = result[variant]?.reason;
      const there = reason === undefined || reason.file === "" ? undefined : locate(this.#session, { ...reason, variant });
      if (there !== undefined && reason !== undefined) add(there, this.#cannotJudge(reason, variant, there));
      for (const finding of result[variant]?.findings ?? []) {
        const at = locate(this.#session, { ...findingPlace(finding), variant });
        if (at !== undefined) add(at, this.#diagnostic(finding, variant, at));
      }
    }
    for (const { uri, list } of byDocument.values()) this.#collection.set(uri, list);
  }

  #cannotJudge(reason: Reason, variant: VariantName, at: vscode.Location): vscode.Diagnostic {
    const { stale } = this.#session;
    const text = `${stale ? "Before the last edit: " : ""}Cannot judge ${variantWords(variant, this.#session.result?.after === undefined)}: ${reason.message}`;
    const columns = errorColumns(reason);
    const range = columns === undefined ? wholeLine(at) : columnsOf(at, columns);
    const diagnostic = new vscode.Diagnostic(range, text, stale ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Error);
    diagnostic.source = "TCE Scope";
    diagnostic.code = "cannot-judge";
    diagnostic.relatedInformation = compilerNotes(reason).flatMap((note) => {
      const there = locate(this.#session, { ...note, variant });
      return there === undefined ? [] : [new vscode.DiagnosticRelatedInformation(new vscode.Location(there.uri, columnsOf(there, note)), note.message)];
    });
    return diagnostic;
  }

  #diagnostic(finding: Finding, variant: VariantName, at: vscode.Location): vscode.Diagnostic {
    const { stale } = this.#session;
    const range = wholeLine(at);
    const own = ownCondition(finding);
    const message = `${stale ? "Before the last edit: " : ""}${finding.message}${own === undefined ? "" : `\n${own}`}\nSeen ${variantWords(variant, this.#session.result?.after === undefined)}.`;
    const diagnostic = new vscode.Diagnostic(range, message, stale ? vscode.DiagnosticSeverity.Information : severityOf(finding));
    diagnostic.source = "TCE Scope";
    diagnostic.code = finding.kind;
    diagnostic.relatedInformation = [
      ...this.#used(finding, variant),
      ...this.#related("freed", finding.freed, variant),
      ...this.#related("allocated", finding.allocated, variant),
    ];
    return diagnostic;
  }

  #used(finding: Finding, variant: VariantName): readonly vscode.DiagnosticRelatedInformation[] {
    const at = locate(this.#session, { file: finding.file, line: finding.line, variant });
    const what = finding.access === undefined ? "happened" : "used";
    return at === undefined ? [] : [new vscode.DiagnosticRelatedInformation(at, `${what} by ${finding.thread} in ${finding.function}`)];
  }

  #related(word: string, event: Event | undefined, variant: VariantName): readonly vscode.DiagnosticRelatedInformation[] {
    const frame = event === undefined ? undefined : frameUnderReview(event.stack);
    if (frame === undefined) return [];
    const at = locate(this.#session, { ...frame, variant });
    return at === undefined ? [] : [new vscode.DiagnosticRelatedInformation(at, `${word} in ${frame.function}`)];
  }
}

function severityOf(finding: Finding): vscode.DiagnosticSeverity {
  switch (finding.severity) {
    case "oops":
      return vscode.DiagnosticSeverity.Error;
    case "silent":
    case "warning":
      return vscode.DiagnosticSeverity.Warning;
  }
}

/** To the end of the line; the editor does not underline the indent. */
function wholeLine(at: vscode.Location): vscode.Range {
  return new vscode.Range(at.range.start, new vscode.Position(at.range.start.line, Number.MAX_VALUE));
}

/** Columns (1-based, `to` exclusive) of the present line, which a moved line keeps. */
function columnsOf(at: vscode.Location, { from, to }: { readonly from: number; readonly to: number }): vscode.Range {
  const { line } = at.range.start;
  return new vscode.Range(line, from - 1, line, Math.max(to - 1, from));
}
