// Judges one tree: compiles it, runs the default schedule or that of a witness, and searches on request. A review needs
// two of these, the table of hunks one per subset. Must not know which tree is patched.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import type { Hz } from "../kbuild/index.js";
import { replay } from "../machine/index.js";
import type { Scenario } from "../scenario/index.js";
import type { SourceTree } from "../tree/index.js";
import type { Compiled, Compiler } from "../world/index.js";
import type { VariantResult } from "./result.js";
import { type Breathe, cannotCompile, load, type Loaded, runLoaded, toVariant } from "./run-variant.js";
import { type SearchProgress, searchWords } from "./search-progress.js";
import { type SearchRequest, searchVariant } from "./search-variant.js";
import { recorderOf, withStories } from "./stories.js";
import type { Witness } from "./witness.js";

export interface ReviewHost {
  readonly compiler: Compiler;
  readonly breathe: Breathe;
  /** `search`: the same as numbers, if a search is under way. */
  readonly progress: (step: string, fraction: number, search?: SearchProgress) => void;
}

export const CANCELLED: Problem = { code: "cancelled", message: "Cancelled." };

export interface JudgeOptions {
  readonly variant: "before" | "after";
  /** Name of the tree in progress messages: "the patched tree". */
  readonly name: string;
  /** Share of the whole work, from 0 to 1, for progress. */
  readonly from: number;
  readonly to: number;
  /** Printed with the verdict if only part of the patch is applied. */
  readonly note?: string | undefined;
  readonly witness?: Witness | undefined;
  readonly search?: SearchRequest | undefined;
}

export class Judge {
  /** Real time spent so far. */
  compileMs = 0;
  runMs = 0;
  /** The program judged last. */
  compiled: Compiled | undefined;

  constructor(
    private readonly host: ReviewHost,
    private readonly scenario: Scenario,
    private readonly release: string,
  ) {}

  async judge(tree: SourceTree, options: JudgeOptions): Promise<Result<VariantResult, readonly Problem[]>> {
    const { host, scenario } = this;
    const { variant, name, from, to, note, witness } = options;
    const t0 = Date.now();
    const compiled = await this.compile(tree, (path, f) => {
      host.progress(`Compiling ${path}`, from + (to - from) * 0.8 * f);
    });
    this.compileMs += Date.now() - t0;
    if (!compiled.ok) {
      const e = compiled.error;
      if (e.code === "cancelled" || e.place === undefined) return fail([e]);
      return ok(cannotCompile({ message: e.message, file: e.place.file, line: e.place.line }, scenario));
    }
    this.compiled = compiled.value;
    const t1 = Date.now();
    const l = load(compiled.value);
    this.compileMs += Date.now() - t1;
    if (witness !== undefined && witness.hash !== l.hash)
      return fail([
        {
          code: "witness-stale",
          message: `The witness belongs to a different program (${witness.hash}); ${name} is ${l.hash}.`,
          hint: "The tree, the patch or the engine has changed. Run the review again to get a new witness.",
        },
      ]);
    const t2 = Date.now();
    const decisions = replay(witness?.decisions ?? []);
    const onTime = (t: number): void => {
      host.progress(`Running ${name}: ${(t / 1e9).toFixed(1)} s`, from + (to - from) * 0.9);
    };
    const out = await runLoaded(l, scenario, this.release, decisions, host.breathe, onTime, (witness?.decisions.length ?? 0) > 0);
    this.runMs += Date.now() - t2;
    if (out === undefined || out.outcome === "cancelled") return fail([CANCELLED]);
    const result = toVariant(l, out, { scenario, variant, hash: l.hash, ...(note === undefined ? {} : { note }) });
    if (result.outcome === "cannot-judge") return ok(result);
    if (witness !== undefined && result.findings.length > 0) {
      const recorder = recorderOf(l, scenario);
      const findings = withStories(recorder.play(witness.decisions), result.findings);
      recorder.release();
      return ok({ ...result, findings });
    }
    if (options.search === undefined) return ok(result);
    const t3 = Date.now();
    const searched = await searchVariant(l, scenario, variant, result, options.search, host.breathe, (at) => {
      const search = typeof at === "string" ? undefined : { tree: name, ...at };
      const text = typeof at === "string" ? `Searching ${name}: ${at}` : searchWords({ tree: name, ...at });
      host.progress(text, from + (to - from) * 0.95, search);
    });
    this.runMs += Date.now() - t3;
    return searched === undefined ? fail([CANCELLED]) : ok(searched);
  }

  /** The tree's program, for runs by the caller; undefined if it does not compile. */
  async prepare(tree: SourceTree): Promise<Loaded | undefined> {
    const compiled = await this.compile(tree, () => undefined);
    return compiled.ok ? load(compiled.value) : undefined;
  }

  /** Compiles the tree; a Problem if that is impossible. */
  async compile(tree: SourceTree, onUnit: (path: string, fraction: number) => void): Promise<Result<Compiled>> {
    const { spec, values, files } = this.scenario;
    const steps = this.host.compiler.steps(tree, {
      hz: Number(values["hz"] ?? 250n) as Hz,
      source: spec.source,
      ...(files === undefined ? {} : { files }),
      ...(spec.treeFiles === undefined ? {} : { treeFiles: spec.treeFiles }),
      ...(spec.onlyTreeFiles === undefined ? {} : { onlyTreeFiles: spec.onlyTreeFiles }),
    });
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      onUnit(step.value.path, step.value.done / step.value.all);
      if (await this.host.breathe()) return fail(CANCELLED);
    }
  }
}
