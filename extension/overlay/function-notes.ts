// What a run did in each function of a file: how often it was entered, what it left mapped, what was found in it.
// Must not depend on vscode: reads one variant's result and the file's text.

import type { Finding, VariantResult } from "../../engine/protocol.js";
import { findingPlace, plural } from "../base/index.js";

export interface FunctionNote {
  readonly name: string;
  /** 1-based line of its name in the text that was run. */
  readonly line: number;
  readonly times: number;
  /** TCEs mapped after its last change of them; undefined if it changed none. */
  readonly mapped: number | undefined;
  /** Virtual ns of its worst finding, else of its last change of the table, else of its first event; undefined without any. */
  readonly moment: number | undefined;
  /** Indices into the variant's findings, worst first. */
  readonly findings: readonly number[];
}

/** @param lineText the text of a line that was run; undefined if the line was edited since */
export function functionNotes(variant: VariantResult, file: string, lineText: (line: number) => string | undefined): readonly FunctionNote[] {
  const ran = new Set(variant.functions.tree);
  const lines = variant.coverage.find((entry) => entry.file === file)?.lines ?? [];
  return lines.flatMap(([line, times]) => {
    const name = definedAt(lineText(line), ran);
    return name === undefined ? [] : [noteOf(variant, file, name, line, times)];
  });
}

/** The function whose definition has its name on this line; in kernel style such a line is not indented. */
function definedAt(text: string | undefined, ran: ReadonlySet<string>): string | undefined {
  if (text === undefined || /^[\s#*/]/.test(text) || text.trimEnd().endsWith(";")) return undefined;
  const name = /(\w+)\s*\(/.exec(text)?.[1];
  return name !== undefined && ran.has(name) ? name : undefined;
}

function noteOf(variant: VariantResult, file: string, name: string, line: number, times: number): FunctionNote {
  const inside = (at: { readonly function: string; readonly file: string } | undefined): boolean => at?.function === name && at.file === file;
  const readings = variant.occupancy.filter((reading) => inside(reading.site));
  const findings = variant.findings.map((finding, index) => ({ finding, index })).filter(({ finding }) => inside(findingPlace(finding)));
  findings.sort((a, b) => rank[a.finding.severity] - rank[b.finding.severity] || a.finding.t - b.finding.t);
  const event = variant.timeline.events.find((e) => "site" in e && inside(e.site));
  return {
    name,
    line,
    times,
    mapped: readings.at(-1)?.mapped,
    moment: findings[0]?.finding.t ?? readings.at(-1)?.t ?? event?.t,
    findings: findings.map(({ index }) => index),
  };
}

const rank: Readonly<Record<Finding["severity"], number>> = { oops: 0, silent: 1, warning: 2 };

/** "ran 12 times · left 4 mapped · ✖ 1 oops · ◆ 3 silent". */
export function noteWords(note: FunctionNote, variant: VariantResult): string {
  const count = (severity: Finding["severity"]): number => note.findings.filter((i) => variant.findings[i]?.severity === severity).length;
  const [oopses, silent, warnings] = [count("oops"), count("silent"), count("warning")];
  return [
    `ran ${plural(note.times, "time")}`,
    ...(note.mapped === undefined ? [] : [`left ${note.mapped} mapped`]),
    ...(oopses === 0 ? [] : [`✖ ${plural(oopses, "oops", "oopses")}`]),
    ...(silent === 0 ? [] : [`◆ ${silent} silent`]),
    ...(warnings === 0 ? [] : [`▲ ${plural(warnings, "warning")}`]),
  ].join(" · ");
}
