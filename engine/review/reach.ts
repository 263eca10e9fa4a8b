// The reach of a patch: for each hunk the changed lines that have code, and how many of them ran. It tells a reader what
// a verdict does not cover: a file that is not compiled, code that the scenario does not reach.

import type { ChangedLines, HunkReach, HunkResult } from "../patch/index.js";
import type { Compiled } from "../world/index.js";
import type { VariantResult } from "./result.js";

export interface Judged {
  readonly compiled: Compiled;
  readonly result: VariantResult;
}

/** By file: for each line of code the first line of its statement. */
type Statements = ReadonlyMap<string, ReadonlyMap<number, number>>;
type Lines = ReadonlyMap<string, ReadonlySet<number>>;

/** Statements of the linked functions; a line belongs to the innermost statement around it. */
function statementsOf(compiled: Compiled, files: ReadonlySet<string>): Statements {
  const statements = new Map<string, Map<number, number>>();
  const inOrder = compiled.program.lines.filter(({ file }) => files.has(file)).sort((a, b) => a.line - b.line);
  for (const { file, line, end } of inOrder) {
    const ofFile = statements.get(file) ?? new Map<number, number>();
    statements.set(file, ofFile);
    for (let l = line; l <= (end ?? line); l++) ofFile.set(l, line);
  }
  return statements;
}

function ranOf(result: VariantResult): Lines {
  return new Map(result.coverage.map(({ file, lines }) => [file, new Set(lines.map(([line]) => line))]));
}

/** The hunks with their reach in the default run of both variants. @param changed by the hunk's index */
export function withReach(
  hunks: readonly HunkResult[],
  changed: ReadonlyMap<number, ChangedLines>,
  before: Judged | undefined,
  after: Judged | undefined,
): readonly HunkResult[] {
  if (before === undefined || after === undefined) return hunks;
  const files = new Set(hunks.map((h) => h.file));
  const sides = [
    { statements: statementsOf(before.compiled, files), ran: ranOf(before.result), of: (c: ChangedLines) => c.deleted },
    { statements: statementsOf(after.compiled, files), ran: ranOf(after.result), of: (c: ChangedLines) => c.added },
  ];
  return hunks.map((hunk, i) => {
    const lines = changed.get(i);
    if (lines === undefined) return hunk;
    const compiled = [before, after].some((side) => side.compiled.reads(hunk.file));
    let code = 0;
    let ran = 0;
    for (const side of sides)
      for (const line of side.of(lines)) {
        const begins = side.statements.get(hunk.file)?.get(line);
        if (begins === undefined) continue;
        code++;
        if (side.ran.get(hunk.file)?.has(begins) === true) ran++;
      }
    const reach: HunkReach = { compiled, code, ran };
    return { ...hunk, reach };
  });
}

/** For a list of hunks. */
export function reachWords({ compiled, code, ran }: HunkReach): string {
  if (!compiled) return "not compiled, not run";
  if (code === 0) return "no changed line with code in the linked program";
  if (ran === code) return code === 1 ? "its changed code line ran" : `all ${String(code)} changed code lines ran`;
  return ran === 0 ? `none of ${String(code)} changed code lines ran` : `${String(ran)} of ${String(code)} changed code lines ran`;
}

/** Notes that belong to the verdict, the most important first. */
export function reachNotes(hunks: readonly HunkResult[], sameProgram: boolean): readonly string[] {
  const which = (some: readonly HunkResult[]): string =>
    `${some.length === 1 ? "hunk" : "hunks"} ${some.map((h) => String(hunks.indexOf(h) + 1)).join(", ")} (${[...new Set(some.map((h) => h.file))].join(", ")})`;
  const notes: string[] = [];
  const outside = hunks.filter((h) => h.reach?.compiled === false);
  if (outside.length > 0) notes.push(`Not compiled, not run: ${which(outside)}.`);
  const idle = hunks.filter((h) => h.reach !== undefined && h.reach.code > 0 && h.reach.ran === 0);
  if (idle.length > 0) notes.push(`The scenario does not reach ${which(idle)}.`);
  if (sameProgram) notes.push("The patch changes nothing in the compiled code: both verdicts are for the same program.");
  return notes;
}
