// Numbers, severities and outcomes as text, for the editor's own surfaces. Must not depend on vscode.

import type { Finding, Frame, ReviewResult, VariantName, VariantResult } from "../../engine/protocol.js";

/** A duration in virtual ns as text: "14 ms", "3.08 s". */
export function duration(ns: number): string {
  if (ns < 1_000) return `${ns} ns`;
  if (ns < 1_000_000) return `${trim(ns / 1_000)} µs`;
  if (ns < 1_000_000_000) return `${trim(ns / 1_000_000)} ms`;
  return `${trim(ns / 1_000_000_000)} s`;
}

/** A moment of virtual time, to the microsecond: "3.000 412 s". */
export function moment(ns: number): string {
  const us = Math.round(ns / 1_000);
  const fraction = String(us % 1_000_000).padStart(6, "0");
  return `${Math.floor(us / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)} s`;
}

function trim(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** With a minus sign instead of a hyphen, for running text. */
export function returnCode(rc: number): string {
  return rc < 0 ? `−${-rc}` : String(rc);
}

/** Severity as a word, where no mark can be shown. */
export function severityWord(severity: Finding["severity"]): string {
  return severityMark(severity).slice(2);
}

/** Severity as a mark and a word: never colour alone. */
export function severityMark(severity: Finding["severity"]): string {
  switch (severity) {
    case "oops":
      return "✖ oops";
    case "silent":
      return "◆ silent";
    case "warning":
      return "▲ warning";
  }
}

const severityRank: Readonly<Record<Finding["severity"], number>> = { oops: 0, silent: 2, warning: 3 };

/** A hang ranks next to an oops, even if nothing is logged: the machine is lost in both cases. */
function rank({ kind, severity }: Finding): number {
  return kind === "hang" ? Math.min(1, severityRank[severity]) : severityRank[severity];
}

/** In reading order: the most severe first, each severity by time. */
export function inReadingOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => rank(a) - rank(b) || a.t - b.t);
}

/** The finding to show first. */
export function worstFinding(findings: readonly Finding[]): Finding | undefined {
  return inReadingOrder(findings)[0];
}

/** The condition of this finding; undefined if it is that of the whole run, which the panel's card shows. */
export function ownCondition({ condition, kind, search }: Finding): string | undefined {
  return search !== undefined || kind === "hang" ? condition : undefined;
}

/** A variant's outcome, with the shortest form of its bound. */
export function outcomeWords(variant: VariantResult): string {
  switch (variant.outcome) {
    case "clean":
      return `✓ nothing found in ${plural(variant.covered.executions, "run")}`;
    case "cannot-judge":
      return "? cannot judge";
    case "finding": {
      const worst = worstFinding(variant.findings);
      return worst === undefined ? "✖ finding" : worst.kind === "hang" ? "✖ hang" : severityMark(worst.severity);
    }
  }
}

/** @param alone there is no patch */
export function variantWords(variant: VariantName, alone: boolean): string {
  if (variant === "after") return "with the patch";
  return alone ? "in the unpatched tree" : "before the patch";
}

/** The innermost frame under arch/powerpc, else the innermost in the tree; frames that the engine provides do not count. */
export function frameUnderReview(stack: readonly Frame[]): Frame | undefined {
  const own = stack.filter((frame) => frame.provided !== true);
  return own.find((frame) => frame.file.startsWith("arch/powerpc/")) ?? own[0];
}

/** The place of a finding in the code under review: its own, or that of the innermost caller under arch/powerpc. */
export function findingPlace(finding: Finding): Frame {
  const own: Frame = { function: finding.function, file: finding.file, line: finding.line };
  return own.file.startsWith("arch/powerpc/") ? own : (frameUnderReview(finding.stack) ?? own);
}

/** Virtual ns at which the longer of the two runs ended. */
export function endOf(result: ReviewResult): number {
  return Math.max(result.before.timeline.end, result.after?.timeline.end ?? 0);
}

/** The moment of the worst finding: without the patch, if it has findings there. */
export function momentOfWorst(result: ReviewResult): { readonly t: number; readonly variant: VariantName } {
  const before = worstFinding(result.before.findings);
  if (before !== undefined) return { t: before.t, variant: "before" };
  const after = worstFinding(result.after?.findings ?? []);
  if (after !== undefined) return { t: after.t, variant: "after" };
  return { t: result.before.detach?.end ?? endOf(result), variant: "before" };
}
