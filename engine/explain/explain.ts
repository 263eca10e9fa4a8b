// Explains an oops: looks up its functions in the tree, runs the scenarios that reach most of them, with variations, and
// names the run whose log agrees best, with its witness; or reports that none did, and what was tried.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { Judge, patchTree, outcomeWords, type PatchInput, type Reason, type ReviewHost, type VariantResult } from "../review/index.js";
import { makeScenario, scenarios, type ScenarioSpec } from "../scenario/index.js";
import { checkKernelTree, type SourceTree } from "../tree/index.js";
import type { Attempt, ExplainedFrame, ExplainedReport, Explanation, Match, Reproduction } from "./explanation.js";
import { better, matchOf, ownFrames, comparableRun, type ComparableRun, reproduces, isComplete } from "./match.js";
import { type KernelReport, type OopsText, readOops, type ReportKind, type TraceFrame } from "./oops-text.js";
import { TreeFunctions } from "./tree-functions.js";

export interface ExplainInput {
  readonly tree: SourceTree;
  readonly patch?: PatchInput;
  readonly text: string;
}

/** The part of the run's log that is shown: this close (s) to its report, and at most this many lines. */
const EXCERPT_S = 0.02;
const EXCERPT_LINES = 120;
/** Number of scenarios that are varied after each has run with its defaults. */
const VARIED = 3;

type ParameterSet = Readonly<Record<string, string>>;

/** Variations of a scenario's defaults: contents of freed memory, holds, windows. */
const VARIATIONS: readonly ParameterSet[] = [
  { slab: "poisoned" },
  { slab: "reused", seed: "1" },
  { slab: "reused", seed: "2" },
  { slab: "reused", seed: "3" },
  { hold: "135s" },
  { window: "beside" },
  { window: "default" },
  { pageshift: "12" },
  { multitce: "off" },
  { cpus: "4" },
];

/** The report to reproduce: one that ends a thread is the most informative. */
function mostSpecific(reports: readonly KernelReport[]): number {
  for (const kinds of [["oops", "bug", "panic"], ["kasan"], ["warning"], ["trace"]] as const) {
    const at = reports.findIndex((r) => (kinds as readonly string[]).includes(r.kind));
    if (at >= 0) return at;
  }
  return 0;
}

/** Without a stack: lines that begin with the name of a function of the tree, as many printk()s do. */
function messageReports(text: OopsText, functions: TreeFunctions): readonly KernelReport[] {
  const seen = new Set<string>();
  const out: KernelReport[] = [];
  for (const m of text.messages) {
    const name = /^([A-Za-z_]\w{3,}): \S/.exec(m.text.trim())?.[1];
    if (name === undefined || !/^(?:arch|kernel\/dma|net|drivers\/of)\//.test(functions.find(name)?.file ?? "") || seen.has(m.text)) continue;
    seen.add(m.text);
    out.push({ kind: "message", line: m.line, headline: m.text.trim(), stack: [{ function: name }], allocated: [], freed: [], before: [] });
  }
  return out;
}

/** LIOBN of the window, if the log contains it. */
function liobnOf(text: OopsText): ParameterSet {
  for (const r of text.reports) {
    const at = r.before.map((line) => /^index\s*= 0x([0-9a-f]{1,8})$/.exec(line.trim())?.[1]).find((hex) => hex !== undefined);
    if (at !== undefined && Number.parseInt(at, 16) > 0 && Number.parseInt(at, 16) < 0xffffffff) return { liobn: `0x${at}` };
  }
  return {};
}

/** Why no run can show the log: it is from a machine that is not simulated. */
function otherMachine({ architecture, platform }: OopsText): string | undefined {
  if (architecture !== undefined && architecture !== "powerpc")
    return `The log is from another architecture (${architecture}). No run can show it: only powerpc code of a pSeries machine is run here.`;
  if (platform !== undefined && platform !== "pSeries")
    return `The log is from a ${platform} machine. No run can show it: only a pSeries machine is simulated here.`;
  return undefined;
}

function cannotJudge({ message, file, line }: Reason): Problem {
  return {
    code: "cannot-judge",
    message: `Cannot judge: no scenario can be run on this tree. The first reason: ${message}`,
    ...(file === "" ? {} : { place: { file, line } }),
    hint: "Run tcescope run on the tree for the details.",
  };
}

interface Run {
  readonly spec: ScenarioSpec;
  readonly set: ParameterSet;
  readonly variant: "before" | "after";
  readonly result: VariantResult;
  readonly seen: ComparableRun;
  readonly match: Match | undefined;
}

class Explainer {
  readonly attempts: Attempt[] = [];
  /** Why runs could not be judged, in the order of the runs. */
  readonly unjudged: Reason[] = [];
  private readonly known = (name: string): boolean => this.functions.find(name) !== undefined;

  constructor(
    private readonly host: ReviewHost,
    private readonly release: string,
    private readonly functions: TreeFunctions,
    private readonly trees: readonly (readonly ["before" | "after", SourceTree])[],
    private readonly reports: readonly KernelReport[],
    private readonly target: KernelReport,
  ) {}

  /** Scenarios that compile a file of the stack's functions come first. */
  private order(): readonly ScenarioSpec[] {
    const files = new Set(ownFrames(this.target.stack).map((f) => this.functions.find(f.function)?.file));
    const rank = (spec: ScenarioSpec): number => ((spec.treeFiles ?? []).some((f) => files.has(f.path)) ? 0 : 1);
    return [...scenarios].sort((a, b) => rank(a) - rank(b));
  }

  async run(spec: ScenarioSpec, set: ParameterSet, variant: "before" | "after", tree: SourceTree): Promise<Result<Run, readonly Problem[]>> {
    const scenario = makeScenario(spec.name, set);
    if (!scenario.ok) return scenario;
    const judged = await new Judge(this.host, scenario.value, this.release).judge(tree, { variant, name: spec.name, from: 0, to: 1 });
    if (!judged.ok) return judged;
    const seen = comparableRun(judged.value);
    return ok({ spec, set, variant, result: judged.value, seen, match: matchOf(this.target, seen, this.known) });
  }

  /** The best run; stops at a complete agreement. */
  async search(common: ParameterSet): Promise<Result<Run | undefined, readonly Problem[]>> {
    const runs: Run[] = [];
    let best: Run | undefined;
    const attempt = async (spec: ScenarioSpec, set: ParameterSet): Promise<Problem | undefined> => {
      for (const [variant, tree] of this.trees) {
        const run = await this.run(spec, { ...common, ...set }, variant, tree);
        if (!run.ok) {
          const cancelled = run.error.find((p) => p.code === "cancelled");
          if (cancelled !== undefined) return cancelled;
          continue; // the tree lacks what this scenario needs
        }
        const { match, result } = run.value;
        runs.push(run.value);
        if (result.reason !== undefined) this.unjudged.push(result.reason);
        this.attempts.push({
          scenario: spec.name,
          set: run.value.set,
          variant,
          outcome: outcomeWords(result),
          inOrder: match?.inOrder ?? 0,
          same: match?.same === true,
        });
        if (match !== undefined && (best?.match === undefined || better(match, best.match))) best = run.value;
        if (match !== undefined && isComplete(match)) return undefined;
      }
      return undefined;
    };
    const done = (): boolean => best?.match !== undefined && isComplete(best.match);
    for (const spec of this.order()) {
      const stop = await attempt(spec, {});
      if (stop !== undefined) return fail([stop]);
      if (done()) return ok(best);
    }
    const nearest = new Map<ScenarioSpec, Match>();
    for (const { spec, match } of runs) {
      const known = nearest.get(spec);
      if (match !== undefined && (known === undefined || better(match, known))) nearest.set(spec, match);
    }
    const specs = [...nearest]
      .sort(([, a], [, b]) => (better(a, b) ? -1 : better(b, a) ? 1 : 0))
      .map(([spec]) => spec)
      .slice(0, VARIED);
    for (const spec of specs) {
      for (const set of VARIATIONS) {
        const stop = await attempt(spec, set);
        if (stop !== undefined) return fail([stop]);
        if (done()) return ok(best);
      }
    }
    return ok(best);
  }

  reproduction(run: Run, match: Match): Reproduction {
    const alsoSeen = this.reports.flatMap((r, i) => {
      const m = r === this.target ? undefined : matchOf(r, run.seen, this.known);
      return m !== undefined && reproduces(m) ? [i] : [];
    });
    const { log } = run.result;
    const stamp = (line: string | undefined): number => Number(/^\[ *(\d+\.\d+)\]/.exec(line ?? "")?.[1] ?? NaN);
    const at = stamp(log.find((line) => line.endsWith(match.headline)));
    const defaults = new Map(run.spec.parameters.map((p) => [p.name, p.fallback]));
    return {
      scenario: run.spec.name,
      set: Object.fromEntries(Object.entries(run.set).filter(([k, v]) => defaults.get(k) !== v)),
      variant: run.variant,
      match,
      alsoSeen,
      witness: run.result.witness,
      log: log.filter((line) => Math.abs(stamp(line) - at) < EXCERPT_S).slice(0, EXCERPT_LINES),
    };
  }
}

function verdictWords(verdict: Explanation["verdict"], kind: ReportKind, run: Run | undefined, patched: boolean, attempts: number, unjudged: number): string {
  const from = unjudged === 0 ? "" : ` ${String(unjudged)} of the runs could not be judged.`;
  const runs = attempts === 1 ? "1 run" : `${String(attempts)} runs`;
  if (run?.match === undefined || verdict === "none") return `None of ${runs} shows this ${kind === "message" ? "message" : "stack"}.${from}`;
  const { match, spec, variant } = run;
  const tree = variant === "after" ? "the patched tree" : patched ? "the tree without the patch" : "the tree";
  if (kind === "message" && verdict === "reproduced") return `The scenario ${spec.name} logs the same message on ${tree}.${from}`;
  const functions = `${String(match.inOrder)} of the ${String(match.functions)} stack functions that exist in the tree match in order`;
  if (verdict === "reproduced") return `The scenario ${spec.name} reproduces it on ${tree}: ${functions}.${from}`;
  return `None of ${runs} reproduces it. The closest match is the scenario ${spec.name} on ${tree}: ${functions}${match.same ? (match.outermost ? "" : ", but reached from a different caller") : ", but a different fault or place"}.${from}`;
}

/** Reads a pasted log and searches for a run that shows the same. A text without a kernel report is a Problem. */
export async function explain(input: ExplainInput, host: ReviewHost): Promise<Result<Explanation, readonly Problem[]>> {
  const started = Date.now();
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const patched = input.patch === undefined ? undefined : patchTree(input.tree, input.patch);
  if (patched !== undefined && !patched.ok) return fail(patched.error);
  host.progress("Reading the log", 0.02);
  const text = readOops(input.text);
  const functions = new TreeFunctions(input.tree);
  const reports = text.reports.length > 0 ? text.reports : messageReports(text, functions);
  const index = mostSpecific(reports);
  const target = reports[index];
  if (target === undefined)
    return fail([
      {
        code: "no-report",
        message: "The text contains no oops, KASAN report, warning or call trace.",
        hint: "Paste the kernel log from the first to the last line of the report, as dmesg prints it.",
      },
    ]);
  const trees: readonly (readonly ["before" | "after", SourceTree])[] = [
    ["before", input.tree] as const,
    ...(patched?.ok === true ? [["after", patched.value.tree] as const] : []),
  ];
  const explainer = new Explainer(host, info.value.version.text, functions, trees, reports, target);
  const elsewhere = otherMachine(text);
  const common: ParameterSet = { ...liobnOf(text), ...(target.kind === "kasan" || reports.some((r) => r.kind === "kasan") ? { report: "kasan" } : {}) };
  const found = elsewhere === undefined ? await explainer.search(common) : ok(undefined);
  if (!found.ok) return found;
  const [reason] = explainer.unjudged;
  if (reason !== undefined && explainer.unjudged.length === explainer.attempts.length) return fail([cannotJudge(reason)]);
  const best = found.value;
  const verdict =
    best?.match === undefined ? "none" : reproduces(best.match) ? "reproduced" : best.match.inOrder * 2 >= best.match.functions ? "similar" : "none";
  const placed = (f: TraceFrame): ExplainedFrame => ({ ...f, ...(f.module === undefined ? functions.find(f.function) : undefined) });
  const explained = reports.map((r): ExplainedReport => ({ ...r, stack: r.stack.map(placed), allocated: r.allocated.map(placed), freed: r.freed.map(placed) }));
  let otherVariant: Explanation["otherVariant"];
  if (best !== undefined && patched?.ok === true && verdict !== "none") {
    const other = best.variant === "before" ? "after" : "before";
    const tree = other === "after" ? patched.value.tree : input.tree;
    const run = await explainer.run(best.spec, best.set, other, tree);
    if (!run.ok) return run;
    otherVariant = { variant: other, outcome: outcomeWords(run.value.result), shows: run.value.match !== undefined && reproduces(run.value.match) };
  }
  host.progress("Done", 1);
  return ok({
    tree: { version: info.value.version.text },
    ...(patched?.ok === true ? { patch: patched.value.patch.subject } : {}),
    ...(text.architecture === undefined ? {} : { architecture: text.architecture }),
    ...(text.release === undefined ? {} : { release: text.release }),
    reports: explained,
    wanted: index,
    filesLookedIn: functions.looked,
    verdict,
    words: elsewhere ?? verdictWords(verdict, target.kind, best, patched !== undefined, explainer.attempts.length, explainer.unjudged.length),
    ...(best?.match === undefined || verdict === "none" ? {} : { reproduction: explainer.reproduction(best, best.match) }),
    ...(otherVariant === undefined ? {} : { otherVariant }),
    tried: explainer.attempts,
    timing: { totalMs: Date.now() - started },
  });
}
