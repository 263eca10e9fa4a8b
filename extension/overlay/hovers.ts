// The story of a finding on hover: where the memory was used, freed and allocated, each a link, its condition, and actions.
// Shows nothing while the result is stale.

import * as vscode from "vscode";
import type { Event, Finding, Frame, VariantName } from "../../engine/protocol.js";
import { locate, patchedScheme, pathOfPatched, type ReviewSession } from "../review/index.js";
import { findingPlace, inReadingOrder, moment, ownCondition, severityMark } from "../base/index.js";

const showLine = "tceScope.showLine";
const commands = [showLine, "tceScope.showFinding", "tceScope.showTimeline", "tceScope.copyWitness", "tceScope.debugWitness", "tceScope.replayFinding"];

export class FindingHovers implements vscode.HoverProvider, vscode.Disposable {
  readonly #session: ReviewSession;
  readonly #registration: vscode.Disposable;

  constructor(session: ReviewSession) {
    this.#session = session;
    this.#registration = vscode.languages.registerHoverProvider([{ pattern: "**/*.{c,h}" }, { scheme: patchedScheme }], this);
  }

  dispose(): void {
    this.#registration.dispose();
  }

  provideHover(document: vscode.TextDocument, position: vscode.Position): vscode.Hover | undefined {
    const { result, stale } = this.#session;
    if (result === undefined || stale) return undefined;
    const variant: VariantName = pathOfPatched(document.uri) === undefined ? "before" : "after";
    const all = result[variant]?.findings ?? [];
    const stories = inReadingOrder(all).flatMap((finding) => {
      const index = all.indexOf(finding);
      const at = locate(this.#session, { ...findingPlace(finding), variant });
      return at?.uri.toString() === document.uri.toString() && at.range.start.line === position.line ? [this.#story(finding, index, variant)] : [];
    });
    return stories.length === 0 ? undefined : new vscode.Hover(stories);
  }

  #story(finding: Finding, index: number, variant: VariantName): vscode.MarkdownString {
    const text = new vscode.MarkdownString(undefined, true);
    text.isTrusted = { enabledCommands: commands };
    text.appendMarkdown(`**${severityMark(finding.severity)}**: `);
    text.appendText(finding.message);
    text.appendMarkdown(
      `\n\n${this.#stack(finding.access === undefined ? "seen" : "used", `${finding.thread} at ${moment(finding.t)}`, finding.stack, variant)}`,
    );
    if (finding.freed !== undefined) text.appendMarkdown(`  \n${this.#event("freed", finding.freed, variant)}`);
    if (finding.allocated !== undefined) text.appendMarkdown(`  \n${this.#event("allocated", finding.allocated, variant)}`);
    const own = ownCondition(finding);
    if (own !== undefined) {
      text.appendMarkdown("\n\n");
      text.appendText(own);
    }
    if (finding.assumed !== undefined && finding.assumed.length > 0)
      text.appendMarkdown(`\n\nAssumed functions on the path: ${finding.assumed.map((name) => `\`${name}\``).join(", ")}`);
    const args = encodeURIComponent(JSON.stringify([variant, String(index)]));
    text.appendMarkdown(
      `\n\n[Go to this time](command:tceScope.showFinding?${args}) · [Timeline](command:tceScope.showTimeline) · [Debug](command:tceScope.debugWitness?${args}) · [Replay](command:tceScope.replayFinding?${args}) · [Copy witness](command:tceScope.copyWitness?${args})`,
    );
    return text;
  }

  #event(word: string, event: Event, variant: VariantName): string {
    return this.#stack(word, `at ${moment(event.t)}`, event.stack, variant);
  }

  /** Frames from the innermost outwards, separated by arrows, each a link to the source. */
  #stack(word: string, when: string, stack: readonly Frame[], variant: VariantName): string {
    const frames = stack
      .filter((frame) => frame.provided !== true)
      .slice(0, 4)
      .map((frame) => this.#link(frame, variant));
    return `*${word}* ${when}: ${frames.join(" ← ")}`;
  }

  #link(frame: Frame, variant: VariantName): string {
    const label = `${frame.function.replaceAll("_", "\\_")}:${frame.line}`;
    if (locate(this.#session, { ...frame, variant }) === undefined) return label;
    return `[${label}](command:${showLine}?${encodeURIComponent(JSON.stringify([frame.file, frame.line, variant]))})`;
  }
}
