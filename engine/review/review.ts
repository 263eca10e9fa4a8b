// A review: the tree without and with the patch, each compiled and run. Must not know which of the two is "fixed".

import { sameCode } from "../c/ir/index.js";
import { fail, ok, type Problem, type Result } from "../base/index.js";
import { applyPatch, type ChangedLines, type HunkResult, readPatch } from "../patch/index.js";
import { makeScenario, type ScenarioChoice } from "../scenario/index.js";
import { checkKernelTree, LayeredTree, type SourceTree } from "../tree/index.js";
import { builtinChange } from "./builtin-change.js";
import type { Compiled } from "../world/index.js";
import { type PatchResult, type ReviewResult, SCHEMA, type VariantResult } from "./result.js";
import { Judge, type ReviewHost } from "./judge.js";
import type { SearchRequest } from "./search-variant.js";
import { type Judged, reachNotes, withReach } from "./reach.js";
import { assumptionsOf } from "./words.js";
import { readWitness } from "./witness.js";

export const VERSION = "0.1.0";

export type PatchInput = { readonly name: string; readonly text: string | Uint8Array } | "builtin";

export interface ReviewInput {
  readonly tree: SourceTree;
  readonly patch?: PatchInput;
  /** Indices of the hunks to apply; all if left out. */
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
  /** Replays one variant with these decisions; its program must have this hash. */
  readonly witness?: string;
  /** Search schedules after the default one. */
  readonly search?: SearchRequest;
}

export interface ReviewOutput {
  readonly result: ReviewResult;
  /** New text of each file that the patch changes. */
  readonly patched: ReadonlyMap<string, string>;
}

interface Patched {
  readonly patch: PatchResult;
  readonly files: ReadonlyMap<string, string>;
  readonly tree: SourceTree;
  /** By the hunk's index in `patch.hunks`. */
  readonly changed: ReadonlyMap<number, ChangedLines>;
  readonly note?: string;
}

/**
 * Applies the patch to the tree in memory. A Problem if no hunk applies.
 * @param only indices of the hunks to apply; all if left out. The others are reported as `off`.
 */
export function patchTree(tree: SourceTree, input: PatchInput, only?: readonly number[]): Result<Patched, readonly Problem[]> {
  const chosen = only === undefined ? undefined : new Set(only);
  if (input === "builtin") {
    const b = builtinChange(tree, chosen);
    if (!b.ok) return fail([b.error]);
    return ok({ ...b.value, tree: new LayeredTree([b.value.files], tree), ...noteOf(b.value.patch.hunks, []) });
  }
  const read = readPatch(input.text, input.name);
  if (!read.ok) return fail([read.error]);
  const set = read.value;
  const full = applyPatch(set, tree);
  const off = (i: number): boolean => chosen?.has(i) === false && full.hunks[i]?.status !== "failed";
  const part = set.hunks.some((_, i) => off(i));
  const applied = part ? applyPatch(set, tree, chosen) : full;
  const selected = part ? applied.hunks.values() : undefined;
  const hunks = full.hunks.map((h, i): HunkResult => {
    if (off(i)) return { file: h.file, header: h.header, status: "off", line: h.line };
    return selected === undefined || chosen?.has(i) === false ? h : (selected.next().value ?? h);
  });
  const version = set.version === undefined ? {} : { version: set.version };
  const patch: PatchResult = {
    subject: set.subject,
    from: set.from,
    ...(set.date === undefined ? {} : { date: set.date }),
    ...version,
    repairs: full.repairs,
    hunks,
  };
  const failed = hunks.filter((h) => h.status === "failed");
  if (full.problems.length > 0) return fail(full.problems);
  if (failed.length === hunks.length) {
    return fail([
      ...failed.map((h) => ({
        code: "hunk-failed",
        message: `${h.header}: ${h.detail ?? "not found in the file"}`,
        place: { file: h.file, line: h.line },
      })),
      {
        code: "patch-does-not-fit",
        message: "No hunk of the patch applies to this tree.",
        hint: "Check that this is the kernel version the patch was made for.",
      },
    ]);
  }
  if (full.files.size === 0)
    return fail([
      {
        code: "patch-changes-nothing",
        message: "The patch changes nothing in this tree: every hunk is already applied.",
        hint: "Run the tree alone, or open the tree without the patch.",
      },
    ]);
  const layer = new Map<string, string | undefined>(applied.files);
  for (const path of applied.deleted) if (!layer.has(path)) layer.set(path, undefined);
  return ok({
    patch,
    files: applied.files,
    tree: new LayeredTree([layer], tree),
    changed: applied.changed,
    ...noteOf(hunks, full.repairs),
  });
}

/** What a verdict on part of a patch must say. */
function noteOf(hunks: readonly HunkResult[], repairs: readonly string[]): { readonly note?: string } {
  const failed = hunks.filter((h) => h.status === "failed").length;
  const off = hunks.flatMap((h, i) => (h.status === "off" ? [String(i + 1)] : []));
  const notes = [
    ...(failed === 0 ? [] : [`Only ${String(hunks.length - failed)} of ${String(hunks.length)} hunks apply: this is not the complete patch.`]),
    ...(off.length === 0 ? [] : [`Excluded: ${off.length === 1 ? "hunk" : "hunks"} ${off.join(", ")} of ${String(hunks.length)}.`]),
    ...repairs.filter((r) => r.startsWith("part of the patch is missing")).map((r) => `This is not the complete patch: ${r}.`),
  ];
  return notes.length === 0 ? {} : { note: notes.join(" ") };
}

/** Runs a review, or the tree alone if there is no patch. Problems are errors in the input; it never throws on input. */
export async function review(input: ReviewInput, host: ReviewHost): Promise<Result<ReviewOutput, readonly Problem[]>> {
  const started = Date.now();
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const release = info.value.version.text;
  let choice = input.scenario;
  const witness = input.witness === undefined ? undefined : readWitness(input.witness);
  if (witness !== undefined) {
    if (!witness.ok) return fail([witness.error]);
    choice = { name: witness.value.scenario, set: witness.value.set };
  }
  const scenario = makeScenario(choice.name, choice.set, input.scenario.own);
  if (!scenario.ok) return fail(scenario.error);
  host.progress("Reading the patch", 0.02);
  const patched = input.patch === undefined ? undefined : patchTree(input.tree, input.patch, input.hunks);
  if (patched !== undefined && !patched.ok) return fail(patched.error);
  if (witness?.ok === true && witness.value.variant === "after" && patched === undefined)
    return fail([
      { code: "witness-patch", message: "This witness belongs to a patched tree, but no patch was given.", hint: "Pass the same patch with --patch." },
    ]);

  const replayed = witness?.ok === true ? witness.value : undefined;
  const only = replayed?.variant;
  const both = patched?.ok === true && only === undefined;
  const judge = new Judge(host, scenario.value, release);
  const { search } = input;
  const note = patched?.ok === true ? patched.value.note : undefined;
  const before =
    only === "after" && patched?.ok === true
      ? await judge.judge(patched.value.tree, { variant: "after", name: "the patched tree", from: 0.05, to: 1, note, witness: replayed })
      : await judge.judge(input.tree, { variant: "before", name: "the tree", from: 0.05, to: both ? 0.7 : 1, witness: replayed, search });
  if (!before.ok) return before;
  const beforeCode = judge.compiled;
  const after = both ? await judge.judge(patched.value.tree, { variant: "after", name: "the patched tree", from: 0.7, to: 1, note, search }) : undefined;
  if (after !== undefined && !after.ok) return after;
  const judged = (compiled: Compiled | undefined, one: VariantResult | undefined): Judged | undefined =>
    compiled === undefined || one === undefined || one.outcome === "cannot-judge" ? undefined : { compiled, result: one };
  const reached =
    patched?.ok === true
      ? withReach(patched.value.patch.hunks, patched.value.changed, judged(beforeCode, before.value), judged(judge.compiled, after?.value))
      : [];
  const same = after !== undefined && beforeCode !== undefined && judge.compiled !== undefined && sameCode(beforeCode.program, judge.compiled.program);
  const assumptions = [...reachNotes(reached, same), ...assumptionsOf(scenario.value)];
  if (note !== undefined) assumptions.unshift(note);
  const result: ReviewResult = {
    schema: SCHEMA,
    tool: { name: "tcescope", version: VERSION },
    tree: { version: release },
    ...(patched?.ok === true ? { patch: { ...patched.value.patch, hunks: reached } } : {}),
    scenario: { name: scenario.value.spec.name, parameters: scenario.value.parameters },
    ...(only === undefined ? {} : { replayed: only }),
    before: before.value,
    ...(after === undefined ? {} : { after: after.value }),
    assumptions,
    timing: { totalMs: Date.now() - started, compileMs: judge.compileMs, runMs: judge.runMs },
  };
  host.progress("Done", 1);
  return ok({ result, patched: patched?.ok === true ? patched.value.files : new Map() });
}
