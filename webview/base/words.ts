// Numbers and states as text, for the panel and the timeline. Must not depend on the DOM.

import { counted, t } from "./l10n.js";
import type { Finding, HunkResult, VariantName, VariantResult } from "../../engine/protocol.js";

/** A duration in virtual ns as text: "14 ms", "3.08 s". */
export function duration(ns: number): string {
  if (ns < 1_000) return `${Math.round(ns)} ns`;
  if (ns < 1_000_000) return `${short(ns / 1_000)} µs`;
  if (ns < 1_000_000_000) return `${short(ns / 1_000_000)} ms`;
  return `${short(ns / 1_000_000_000)} s`;
}

/** A moment of virtual time, to the microsecond: "3.000 412 s". */
export function moment(ns: number): string {
  const us = Math.round(ns / 1_000);
  const fraction = String(us % 1_000_000).padStart(6, "0");
  return `${Math.floor(us / 1_000_000)}.${fraction.slice(0, 3)} ${fraction.slice(3)} s`;
}

/** To the nanosecond: "3.000 412 180 s". */
export function preciseMoment(ns: number): string {
  const rounded = Math.round(ns);
  return `${Math.floor(rounded / 1e9)}.${String(rounded % 1e9)
    .padStart(9, "0")
    .replace(/(\d{3})(?=\d)/g, "$1 ")} s`;
}

function short(value: number): string {
  return value >= 1_000 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}

/** A time parameter for people: "120.011 s" for `120011ms`. */
export function timeText(parameter: string): string {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ns|us|ms|s|min)$/.exec(parameter) ?? [];
  if (number === undefined) return parameter;
  if (unit === "ms" && Number(number) >= 1000) return `${Number(number) / 1000} s`;
  return `${number} ${unit === "us" ? "µs" : (unit ?? "")}`;
}

export function holdText(hold: string): string {
  return hold === "never" ? t("buffers never released") : t("hold {0}", timeText(hold));
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** With a minus sign instead of a hyphen, for running text. */
export function returnCode(rc: number): string {
  return rc < 0 ? `−${-rc}` : String(rc);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** With the last folder: both files of a review are often called iommu.c. */
export function shortPath(path: string): string {
  return path.split("/").slice(-2).join("/");
}

export type Tone = "error" | "warning" | "silent" | "good" | "unknown";

export interface Verdict {
  readonly mark: string;
  readonly title: string;
  readonly tone: Tone;
}

const severityRank: Readonly<Record<Finding["severity"], number>> = { oops: 0, silent: 2, warning: 3 };

/** A hang ranks next to an oops, even if nothing is logged: the machine is lost in both cases. */
function rank({ kind, severity }: Finding): number {
  return kind === "hang" ? Math.min(1, severityRank[severity]) : severityRank[severity];
}

export interface IndexedFinding {
  readonly finding: Finding;
  /** Index into the variant's findings. */
  readonly index: number;
}

/** In reading order: the most severe first, each severity by time. */
export function inReadingOrder(findings: readonly Finding[]): readonly IndexedFinding[] {
  return findings.map((finding, index) => ({ finding, index })).sort((a, b) => rank(a.finding) - rank(b.finding) || a.finding.t - b.finding.t);
}

/** The finding to show first. */
export function worstFinding(findings: readonly Finding[]): Finding | undefined {
  return inReadingOrder(findings)[0]?.finding;
}

export function severityVerdict(severity: Finding["severity"]): Verdict {
  switch (severity) {
    case "oops":
      return { mark: "✖", title: t("Oops"), tone: "error" };
    case "silent":
      return { mark: "◆", title: t("Silent error"), tone: "silent" };
    case "warning":
      return { mark: "▲", title: t("Warning"), tone: "warning" };
  }
}

/** Must be shown with `covered.text`, which is the bound of a "nothing found". */
export function verdictOf(variant: VariantResult): Verdict {
  switch (variant.outcome) {
    case "clean":
      return { mark: "✓", title: t("Nothing found"), tone: "good" };
    case "cannot-judge":
      return { mark: "?", title: t("Cannot judge"), tone: "unknown" };
    case "finding": {
      const worst = worstFinding(variant.findings);
      if (worst === undefined) return { mark: "✖", title: t("Finding"), tone: "error" };
      return worst.kind === "hang" ? { mark: "✖", title: t("Hang"), tone: "error" } : severityVerdict(worst.severity);
    }
  }
}

export function hunkStatus(hunk: HunkResult): { readonly mark: string; readonly words: string; readonly tone: Tone } {
  switch (hunk.status) {
    case "applied":
      return { mark: "✓", words: t("applied"), tone: "good" };
    case "offset":
      return {
        mark: "✓",
        words:
          hunk.offset === undefined
            ? t("applied with offset")
            : hunk.offset < 0
              ? counted(-hunk.offset, "applied, offset −{0} line", "applied, offset −{0} lines")
              : counted(hunk.offset, "applied, offset {0} line", "applied, offset {0} lines"),
        tone: "good",
      };
    case "fuzz":
      return { mark: "≈", words: hunk.fuzz === undefined ? t("applied with fuzz") : t("applied, fuzz {0}", hunk.fuzz), tone: "warning" };
    case "already-applied":
      return { mark: "=", words: t("already applied"), tone: "silent" };
    case "off":
      return { mark: "○", words: t("excluded"), tone: "silent" };
    case "failed":
      return { mark: "✖", words: t("does not apply"), tone: "error" };
  }
}

/** How much of the hunk ran; undefined if it has no code. */
export function hunkReach({ reach }: HunkResult): { readonly words: string; readonly warn: boolean } | undefined {
  if (reach === undefined || (reach.compiled && reach.code === 0)) return undefined;
  if (!reach.compiled) return { words: t("not compiled, not run"), warn: true };
  if (reach.ran === 0) return { words: t("did not run"), warn: true };
  return { words: counted(reach.code, "{1} of {0} code line ran", "{1} of {0} code lines ran", reach.ran), warn: false };
}

export function variantTitle(variant: VariantName, alone: boolean): string {
  if (variant === "after") return t("With the patch");
  return alone ? t("The tree") : t("Before");
}

/** "none", "1–3, 5", "all": numbers from 1, adjacent numbers joined. */
export function subsetWords(subset: readonly number[], all: number): string {
  if (subset.length === 0) return t("none");
  if (subset.length === all) return t("all");
  const runs: { from: number; to: number }[] = [];
  for (const hunk of [...subset].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last?.to === hunk - 1) last.to = hunk;
    else runs.push({ from: hunk, to: hunk });
  }
  return runs.map(({ from, to }) => (from === to ? String(from + 1) : `${from + 1}–${to + 1}`)).join(", ");
}
