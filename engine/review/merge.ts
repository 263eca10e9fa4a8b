// Joins the parts of a search that ran separately. Each part ran the default schedule and its share of the branches with
// everything below them, so together they ran every execution of the whole search, some of them twice.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { keyOf } from "../explore/index.js";
import type { ConcurrencyWarning, Covered, Finding, ReviewResult, VariantResult } from "./result.js";

function bad(message: string): Result<never, readonly Problem[]> {
  return fail([{ code: "merge", message, hint: "Pass the JSON files of all parts of one search: --shard 1/n to n/n, with all other options equal." }]);
}

/** Must be equal in all parts. */
function identity(r: ReviewResult): string {
  return JSON.stringify([r.schema, r.tool, r.tree, r.patch, r.scenario, r.before.witness, r.after?.witness]);
}

/** The joined result, or why these are not parts of one search. */
export function mergeParts(parts: readonly ReviewResult[]): Result<ReviewResult, readonly Problem[]> {
  const [first] = parts;
  if (first === undefined) return bad("There is nothing to merge.");
  const other = parts.findIndex((p) => identity(p) !== identity(first));
  if (other >= 0) return bad(`Part ${String(other + 1)} has a different tree, patch, scenario or program than part 1.`);
  const shards = parts.map((p) => p.before.covered.search?.shard ?? p.after?.covered.search?.shard);
  const count = shards[0]?.count ?? 0;
  const missing = Array.from({ length: count }, (_, i) => i).find((i) => !shards.some((s) => s?.index === i && s.count === count));
  if (missing !== undefined) return bad(`Part ${String(missing + 1)} of ${String(count)} is missing.`);
  if (count === 0 || parts.length !== count) return bad("These files are not the parts of one search.");
  const afters = parts.flatMap((p) => p.after ?? []);
  return ok({
    ...first,
    before: mergeVariants(parts.map((p) => p.before)),
    ...(afters.length === parts.length ? { after: mergeVariants(afters) } : {}),
    timing: {
      totalMs: Math.max(...parts.map((p) => p.timing.totalMs)),
      compileMs: sum(parts.map((p) => p.timing.compileMs)),
      runMs: sum(parts.map((p) => p.timing.runMs)),
    },
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function mergeVariants(parts: readonly VariantResult[]): VariantResult {
  const [first] = parts;
  if (first === undefined) throw new Error("no variant to merge");
  const cannot = parts.find((p) => p.outcome === "cannot-judge");
  if (cannot !== undefined || first.covered.search === undefined) return cannot ?? first;
  const found = new Map<string, Finding>();
  for (const finding of parts.flatMap((p) => p.findings)) {
    const known = found.get(keyOf(finding));
    found.set(keyOf(finding), known === undefined ? finding : joined(known, finding));
  }
  const warnings = new Map<string, ConcurrencyWarning>();
  for (const w of parts.flatMap((p) => p.concurrency ?? [])) {
    const known = warnings.get(w.message);
    warnings.set(w.message, { ...w, executions: w.executions + (known?.executions ?? 0) });
  }
  const covered = mergeCovered(parts.map((p) => p.covered));
  const findings = [...found.values()].map((f) => counted(f, covered.search?.settings ?? []));
  return {
    ...first,
    findings,
    outcome: findings.length > 0 ? "finding" : "clean",
    covered,
    ...(first.concurrency === undefined ? {} : { concurrency: [...warnings.values()] }),
  };
}

/** The simpler witness, by the order that a search uses; its counts are summed over all parts. */
function joined(a: Finding, b: Finding): Finding {
  if (a.search === undefined || b.search === undefined) return a.search === undefined ? a : b;
  const decisions = (f: Finding): string => f.witness.slice(f.witness.lastIndexOf(":") + 1);
  const [x, y] = [a.search, b.search];
  const order =
    x.setting - y.setting ||
    x.preemptions - y.preemptions ||
    x.answers - y.answers ||
    x.beside - y.beside ||
    decisions(a).length - decisions(b).length ||
    (decisions(a) <= decisions(b) ? -1 : 1);
  const best = order <= 0 ? a : b;
  if (x.setting !== y.setting || best.search === undefined) return best;
  return { ...best, search: { ...best.search, times: x.times + y.times } };
}

/** The finding counted over all executions of its setting, including those of parts that did not show it. */
function counted(f: Finding, settings: readonly number[]): Finding {
  const executions = settings[f.search?.setting ?? -1];
  if (f.search === undefined || executions === undefined) return f;
  const seen = `Seen in ${String(f.search.times)} of ${String(executions)} executions`;
  const condition = f.condition?.replace(/Seen in \d+ of \d+ executions?/, seen);
  return { ...f, search: { ...f.search, executions }, ...(condition === undefined ? {} : { condition }) };
}

/** The weakest claim of the parts, with the executions of all; some ran in more than one part. */
function mergeCovered(parts: readonly Covered[]): Covered {
  const searches = parts.flatMap((c) => c.search ?? []);
  const weakest = parts.reduce((a, b) => ((b.search?.complete ?? -1) < (a.search?.complete ?? -1) ? b : a));
  const open = parts.find((c) => c.search?.end !== "complete") ?? weakest;
  const operations = sum(searches.map((s) => s.operations));
  const executions = sum(searches.length === 0 ? [] : parts.map((c) => c.executions - 1));
  const { shard: _, ...search } = open.search ?? { algorithm: "exhaustive", complete: -1, end: "cancelled", operations: 0, realMs: 0, settings: [] };
  const most = Math.max(0, ...searches.map((s) => s.settings.length));
  const settings = Array.from({ length: most }, (_, i) => sum(searches.map((s) => s.settings[i] ?? 0)));
  const states = sum(searches.map((s) => s.states ?? 0));
  const met = states === 0 ? "" : ` ${String(states)} states,`;
  const counts = `${String(executions)} executions in ${String(parts.length)} parts,${met} ${String(operations)} operations`;
  return {
    ...open,
    text: open.text.replace(/^Part \d+ of \d+, to be merged: /, "").replace(/\d+ executions?, (?:\d+ states?, )?\d+ operations?/, counts),
    executions: executions + 1,
    preemptions: Math.min(...parts.map((c) => c.preemptions)),
    search: {
      ...search,
      complete: Math.min(...searches.map((s) => s.complete)),
      operations,
      ...(states === 0 ? {} : { states }),
      realMs: Math.max(...searches.map((s) => s.realMs)),
      settings,
    },
  };
}
