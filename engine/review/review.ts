// A review: the tree as it is and the tree with the patch, each compiled and run, side by side. Knows two trees and
// a scenario; it never knows which of them is "fixed".

import { fail, ok, type Problem, type Result } from "../base/result.js";
import { replay } from "../machine/decisions.js";
import { applyPatch, readPatch } from "../patch/patchset.js";
import { makeScenario, type Scenario } from "../scenario/scenario.js";
import { checkKernelTree } from "../tree/kernel-tree.js";
import { LayeredTree } from "../tree/layered-tree.js";
import type { SourceTree } from "../tree/source-tree.js";
import { Compiler, type Compiled } from "../world/compile.js";
import type { Hz } from "../c/kernel-config.js";
import { builtinChange } from "./builtin-change.js";
import { SCHEMA, type PatchResult, type ReviewResult, type VariantResult } from "./result.js";
import { cannotCompile, load, runLoaded, toVariant, type Breathe } from "./run-variant.js";
import { searchVariant, type SearchRequest } from "./search-variant.js";
import { ASSUMPTIONS } from "./words.js";
import { readWitness } from "./witness.js";

export const VERSION = "0.1.0";

export type PatchInput = { readonly name: string; readonly text: string | Uint8Array } | "builtin";

export interface ReviewInput {
  readonly tree: SourceTree;
  readonly patch?: PatchInput;
  readonly scenario: { readonly name: string; readonly set: Readonly<Record<string, string>> };
  /** Replay of one variant by these decisions; its program must have this hash. */
  readonly witness?: string;
  /** Search schedules after the default one. */
  readonly search?: SearchRequest;
}

export interface ReviewOutput {
  readonly result: ReviewResult;
  /** New text of every file the patch changes. */
  readonly patched: ReadonlyMap<string, string>;
}

export interface ReviewHost {
  readonly compiler: Compiler;
  readonly breathe: Breathe;
  readonly progress: (step: string, fraction: number) => void;
}

const CANCELLED: Problem = { code: "cancelled", message: "Cancelled." };

interface Patched {
  readonly patch: PatchResult;
  readonly files: ReadonlyMap<string, string>;
  readonly tree: SourceTree;
  readonly note?: string;
}

/** Lays the patch over the tree. A Problem where nothing of it fits. */
export function layPatch(tree: SourceTree, input: PatchInput): Result<Patched, readonly Problem[]> {
  if (input === "builtin") {
    const b = builtinChange(tree);
    if (!b.ok) return fail([b.error]);
    return ok({ ...b.value, tree: new LayeredTree([b.value.files], tree) });
  }
  const read = readPatch(input.text, input.name);
  if (!read.ok) return fail([read.error]);
  const set = read.value;
  const applied = applyPatch(set, tree);
  const version = set.version === undefined ? {} : { version: String(set.version) };
  const patch: PatchResult = {
    subject: set.subject,
    from: set.from,
    ...(set.date === undefined ? {} : { date: set.date }),
    ...version,
    repairs: applied.repairs,
    hunks: applied.hunks,
  };
  const failed = applied.hunks.filter((h) => h.status === "failed");
  if (applied.problems.length > 0) return fail(applied.problems);
  if (failed.length === applied.hunks.length) {
    return fail([
      ...failed.map((h) => ({
        code: "hunk-failed",
        message: `${h.header}: ${h.detail ?? "found nowhere in the file"}`,
        place: { file: h.file, line: h.line },
      })),
      { code: "patch-does-not-fit", message: "No hunk of the patch fits this tree.", hint: "Check that the tree is the version the patch was made for." },
    ]);
  }
  if (applied.files.size === 0)
    return fail([
      {
        code: "patch-changes-nothing",
        message: "The patch changes nothing in this tree: every hunk is already applied.",
        hint: "Run the tree alone, or open the tree as it was before the patch.",
      },
    ]);
  const layer = new Map<string, string | undefined>(applied.files);
  for (const path of applied.deleted) if (!layer.has(path)) layer.set(path, undefined);
  return ok({
    patch,
    files: applied.files,
    tree: new LayeredTree([layer], tree),
    ...noteOf(applied.hunks.length, failed.length, applied.repairs),
  });
}

/** A verdict on part of a patch says so. */
function noteOf(hunks: number, failed: number, repairs: readonly string[]): { readonly note?: string } {
  const notes = [
    ...(failed === 0 ? [] : [`Only ${String(hunks - failed)} of ${String(hunks)} hunks are in: this is not the patch its author sent.`]),
    ...repairs.filter((r) => r.startsWith("part of the patch is missing")).map((r) => `This is not the whole patch: ${r}.`),
  ];
  return notes.length === 0 ? {} : { note: notes.join(" ") };
}

/** Runs a review, or a tree alone where there is no patch. Problems are the user's to mend; it never throws on input. */
export async function review(input: ReviewInput, host: ReviewHost): Promise<Result<ReviewOutput, readonly Problem[]>> {
  const started = Date.now();
  let compileMs = 0;
  let runMs = 0;
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const release = info.value.version.text;
  let wanted = input.scenario;
  const witness = input.witness === undefined ? undefined : readWitness(input.witness);
  if (witness !== undefined) {
    if (!witness.ok) return fail([witness.error]);
    wanted = { name: witness.value.scenario, set: witness.value.set };
  }
  const scenario = makeScenario(wanted.name, wanted.set);
  if (!scenario.ok) return fail(scenario.error);
  host.progress("Reading the patch", 0.02);
  const patched = input.patch === undefined ? undefined : layPatch(input.tree, input.patch);
  if (patched !== undefined && !patched.ok) return fail(patched.error);
  if (witness?.ok === true && witness.value.variant === "after" && patched === undefined)
    return fail([{ code: "witness-patch", message: "This witness is of a patched tree, and no patch was given.", hint: "Give the same patch with --patch." }]);

  const one = async (
    variant: "before" | "after",
    tree: SourceTree,
    from: number,
    to: number,
    note: string | undefined,
  ): Promise<Result<VariantResult, readonly Problem[]>> => {
    const t0 = Date.now();
    const compiled = await compileBreathing(host, tree, scenario.value, (path, f) => {
      host.progress(`Compiling ${path}`, from + (to - from) * 0.8 * f);
    });
    compileMs += Date.now() - t0;
    if (!compiled.ok) {
      const e = compiled.error;
      if (e.code === "cancelled" || e.place === undefined) return fail([e]);
      return ok(cannotCompile({ message: e.message, file: e.place.file, line: e.place.line }, scenario.value));
    }
    const t1 = Date.now();
    const l = load(compiled.value);
    compileMs += Date.now() - t1;
    if (witness?.ok === true && witness.value.hash !== l.hash)
      return fail([
        {
          code: "witness-stale",
          message: `The witness is of another program (${witness.value.hash}); this ${variant === "after" ? "patched tree" : "tree"} is ${l.hash}.`,
          hint: "The tree, the patch or the engine changed since. Run the review again for a fresh witness.",
        },
      ]);
    const t2 = Date.now();
    const decisions = replay(witness?.ok === true ? witness.value.decisions : []);
    const out = await runLoaded(
      l,
      scenario.value,
      release,
      decisions,
      host.breathe,
      (t) => {
        host.progress(`Running ${variant === "before" ? "the tree" : "the patched tree"}: ${(t / 1e9).toFixed(1)} s`, from + (to - from) * 0.9);
      },
      witness?.ok === true && witness.value.decisions.length > 0,
    );
    runMs += Date.now() - t2;
    if (out === undefined || out.outcome === "cancelled") return fail([CANCELLED]);
    const told = toVariant(l, out, { scenario: scenario.value, variant, hash: l.hash, ...(note === undefined ? {} : { note }) });
    if (input.search === undefined || told.outcome === "cannot-judge") return ok(told);
    const t3 = Date.now();
    const searched = await searchVariant(l, scenario.value, variant, told, input.search, host.breathe, (text) => {
      host.progress(`Searching ${variant === "before" ? "the tree" : "the patched tree"}: ${text}`, from + (to - from) * 0.95);
    });
    runMs += Date.now() - t3;
    return searched === undefined ? fail([CANCELLED]) : ok(searched);
  };

  const only = witness?.ok === true ? witness.value.variant : undefined;
  const both = patched?.ok === true && only === undefined;
  const before =
    only === "after" && patched?.ok === true
      ? await one("after", patched.value.tree, 0.05, 1, patched.value.note)
      : await one("before", input.tree, 0.05, both ? 0.7 : 1, undefined);
  if (!before.ok) return before;
  const after = both ? await one("after", patched.value.tree, 0.7, 1, patched.value.note) : undefined;
  if (after !== undefined && !after.ok) return after;
  const assumptions = [...ASSUMPTIONS];
  if (patched?.ok === true && patched.value.note !== undefined) assumptions.unshift(patched.value.note);
  const result: ReviewResult = {
    schema: SCHEMA,
    tool: { name: "tcescope", version: VERSION },
    tree: { version: release },
    ...(patched?.ok === true ? { patch: patched.value.patch } : {}),
    scenario: { name: scenario.value.spec.name, parameters: scenario.value.parameters },
    ...(only === undefined ? {} : { replayed: only }),
    before: before.value,
    ...(after === undefined ? {} : { after: after.value }),
    assumptions,
    timing: { totalMs: Date.now() - started, compileMs, runMs },
  };
  host.progress("Done", 1);
  return ok({ result, patched: patched?.ok === true ? patched.value.files : new Map() });
}

async function compileBreathing(
  host: ReviewHost,
  tree: SourceTree,
  scenario: Scenario,
  onUnit: (path: string, fraction: number) => void,
): Promise<Result<Compiled>> {
  const steps = host.compiler.steps(tree, {
    hz: Number(scenario.values["hz"] ?? 250n) as Hz,
    source: scenario.spec.source,
    ...(scenario.spec.treeFiles === undefined ? {} : { treeFiles: scenario.spec.treeFiles }),
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onUnit(step.value.path, step.value.done / step.value.all);
    if (await host.breathe()) return fail(CANCELLED);
  }
}
