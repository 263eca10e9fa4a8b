// The table of hunks: what every subset of a patch's hunks does, so that a reviewer sees which hunk is the fix and which
// has no effect. Hunks of a file that do not compile without each other form a group.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { makeScenario, type ScenarioChoice } from "../scenario/index.js";
import { checkKernelTree, type SourceTree } from "../tree/index.js";
import { Judge, type ReviewHost } from "./judge.js";
import type { HunkCell, HunkTable, VariantResult } from "./result.js";
import { patchTree, type PatchInput } from "./review.js";
import { outcomeWords } from "./words.js";

/** Limit of columns: 2^groups subsets are run for each hold. */
const MAX_GROUPS = 4;

export interface HunkInput {
  readonly tree: SourceTree;
  readonly patch: PatchInput;
  readonly scenario: ScenarioChoice;
  /** Rows: values of the parameter `hold`, for example 3s and 135s. */
  readonly holds: readonly string[];
}

/** Runs the subsets; `onTable` gets the table after every run; cells without a result are undefined. */
export async function hunkTable(input: HunkInput, host: ReviewHost, onTable: (table: HunkTable) => void): Promise<Result<HunkTable, readonly Problem[]>> {
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const patched = patchTree(input.tree, input.patch);
  if (!patched.ok) return patched;
  const all = patched.value.patch.hunks;
  const fitting = all.flatMap((h, i) => (h.status === "failed" || h.status === "already-applied" ? [] : [i]));

  const judged = async (subset: readonly number[], hold: string): Promise<Result<VariantResult, readonly Problem[]>> => {
    const scenario = makeScenario(input.scenario.name, { ...input.scenario.set, hold }, input.scenario.own);
    if (!scenario.ok) return scenario;
    const part = subset.length === 0 ? ok({ tree: input.tree }) : patchTree(input.tree, input.patch, subset);
    if (!part.ok) return part;
    const { tree } = part.value;
    return new Judge(host, scenario.value, info.value.version.text).judge(tree, { variant: "after", name: "a part of the patch", from: 0, to: 1 });
  };

  const first = input.holds[0] ?? "3s";
  const groups: number[][] = [];
  for (const file of new Set(fitting.map((i) => all[i]?.file ?? ""))) {
    const here = fitting.filter((i) => all[i]?.file === file);
    let apart = here.length > 1;
    for (const i of here) {
      if (!apart) break;
      const alone = await judged([i], first);
      if (!alone.ok) return alone;
      apart = alone.value.outcome !== "cannot-judge";
    }
    if (apart) groups.push(...here.map((i) => [i]));
    else groups.push([...here]);
  }
  while (groups.length > MAX_GROUPS) groups.push([...(groups.pop() ?? []), ...(groups.pop() ?? [])].sort((a, b) => a - b));

  const subsets = Array.from({ length: 1 << groups.length }, (_, bits) => groups.flatMap((g, k) => ((bits >> k) & 1 ? g : [])));
  const columns = subsets.map((hunks, bits) => ({ hunks, groups: groups.flatMap((_, k) => ((bits >> k) & 1 ? [k] : [])) }));
  const rows = input.holds.map((hold) => ({ hold, cells: subsets.map((): HunkCell | undefined => undefined) }));
  const table = (): HunkTable => ({
    groups: groups.map((hunks) => ({ hunks, file: all[hunks[0] ?? 0]?.file ?? "", lines: hunks.map((i) => all[i]?.line ?? 0) })),
    columns,
    rows: rows.map((r) => ({ hold: r.hold, cells: [...r.cells] })),
  });
  for (const row of rows) {
    for (const [c, subset] of subsets.entries()) {
      const v = await judged(subset, row.hold);
      if (!v.ok) return v;
      row.cells[c] = cellOf(v.value);
      onTable(table());
    }
  }
  return ok(table());
}

function cellOf(v: VariantResult): HunkCell {
  const worst =
    v.findings.find((f) => f.severity === "oops") ??
    v.findings.find((f) => f.kind === "hang") ??
    v.findings.find((f) => f.severity === "warning") ??
    v.findings[0];
  return {
    outcome: v.outcome,
    words: outcomeWords(v),
    ...(worst === undefined
      ? {}
      : {
          worst: {
            kind: worst.kind,
            severity: worst.severity,
            function: worst.function,
            file: worst.file,
            line: worst.line,
            message: worst.message,
            witness: worst.witness,
          },
        }),
    ...(v.reason === undefined ? {} : { reason: v.reason }),
    removal: typeof v.detach?.end === "number" ? v.detach.end - v.detach.start : null,
    logLines: v.log.length,
  };
}
