// The longest hold that either tree survives, next to the longest that IP defragmentation may cause.

import { ok } from "../base/index.js";
import { type Evidence, type Survives, time } from "../review/index.js";
import type { SourceTree } from "../tree/index.js";
import { cannotJudge, doesNotApply, limitText, plural, type Question, runEvidence } from "./question.js";
import type { Pair } from "./runs.js";

function everyHold(s: Survives): string {
  return `every hold tried (up to ${limitText(s.hold)}), ${s.never ? "and a hold that never ends" : "but not a hold that never ends"}`;
}

/** "Survives a hold of up to 120.010 s; 120.011 s oopses (before: 4 ms)." */
function survivesSentence(before: Survives, after: Survives, beyond: Pair | undefined): string {
  const was = before.fails === undefined ? everyHold(before) : before.hold === 0 ? "none" : limitText(before.hold);
  if (after.fails === undefined) return `Survives ${everyHold(after)} (before: ${was}).`;
  const fails = beyond?.after.findings.some((f) => f.severity === "oops") === true ? "oopses" : "fails";
  if (after.hold === 0) return `Survives no hold: ${limitText(after.fails)} ${fails} (before: ${was}).`;
  return `Survives a hold of up to ${limitText(after.hold)}; ${limitText(after.fails)} ${fails} (before: ${was}).`;
}

/** The tree's IP_FRAG_TIME in ns, and where it is defined; there it is a number of seconds times HZ. */
function fragmentTime(tree: SourceTree): { readonly ns: number; readonly file: string; readonly line: number } | undefined {
  const file = "include/net/ip.h";
  const lines = (tree.read(file) ?? "").split("\n");
  const at = lines.findIndex((line) => /^#define\s+IP_FRAG_TIME\b/.test(line));
  const seconds = Number(/\(\s*(\d+)\s*\*\s*HZ\s*\)/.exec(lines[at] ?? "")?.[1] ?? NaN);
  return Number.isFinite(seconds) ? { ns: seconds * 1e9, file, line: at + 1 } : undefined;
}

export const longestHold: Question = {
  id: "longest-hold",
  wording: "How long may the network stack hold a buffer?",
  async answer(runs) {
    const reviewed = await runs.reviewed();
    if (!reviewed.ok) return reviewed;
    const limits = await runs.holdLimits();
    if (!limits.ok) return limits;
    const { scenario, before: unpatched } = reviewed.value;
    const { before, after, beyond } = limits.value;
    if (scenario.set["hold"] === undefined && unpatched.detach === null && after === undefined) return doesNotApply("the scenario holds no buffer.");
    if (after === undefined || before === undefined) return cannotJudge("no hold limit could be determined in this scenario.");
    const evidence: Evidence[] = beyond === undefined ? [] : [runEvidence(beyond, "after")];
    const parts = [survivesSentence(before, after, beyond)];
    const fragments = fragmentTime(runs.input.tree);
    if (fragments !== undefined) {
      const survived = after.fails === undefined || fragments.ns < after.fails;
      parts.push(`IP defragmentation may hold a packet for ${time(fragments.ns)}: ${survived ? "survived" : "not survived"}.`);
      evidence.push({ k: "place", text: "IP_FRAG_TIME", file: fragments.file, line: fragments.line, variant: "before" });
    }
    parts.push(
      `Measured to 1 ms by ${plural(before.executions + after.executions, "run")} of the default schedule (no preemptions). Oopses and silent corruption count as failures, warnings do not.`,
    );
    const worse = (after.fails ?? Infinity) < (before.fails ?? Infinity);
    const tone = after.fails === undefined ? "good" : worse || (fragments !== undefined && after.fails <= fragments.ns) ? "bad" : "note";
    return ok({ tone, answer: parts.join(" "), evidence });
  },
};
