// Who else reaches the wait: VFIO when it takes the group, by a run, and other callers, by a search of the source.

import { ok } from "../base/index.js";
import { type Evidence, outcomeWords, time, type VariantResult } from "../review/index.js";
import { callersOf } from "./caller-search.js";
import type { HeldWhileSleeping } from "./held-locks.js";
import { doesNotApply, plural, type Question, runEvidence } from "./question.js";
import type { Pair } from "./runs.js";

/** Callers listed at most. */
const MAX_CALLERS = 12;
/** The span of `vfio-takes-group` in which the group changes hands. */
const TAKE = "VFIO: take the group";
/** A difference, in ns, from which on the wait delays VFIO. */
const DELAY_NS = 10e6;

/** What the wait does to VFIO taking the group; undefined where it does not delay it. */
function vfioDelay(
  pair: Pair,
  held: HeldWhileSleeping | undefined,
): { readonly text: string; readonly worse: boolean; readonly evidence: Evidence } | undefined {
  const taking = (v: VariantResult): number | undefined => {
    const span = v.timeline.spans.find((s) => s.name === TAKE);
    return span === undefined ? undefined : span.end - span.start;
  };
  const [b, a] = [taking(pair.before), taking(pair.after)];
  if (b === undefined || a === undefined || a - b < DELAY_NS) return undefined;
  const locks = held === undefined || held.held.length === 0 ? "" : `, holding ${held.held.map((l) => l.name).join(", ")}`;
  const worse = pair.before.outcome === "clean" && pair.after.outcome !== "clean";
  const found = pair.before.outcome === "clean" && !worse ? "" : `: ${outcomeWords(pair.before)} before, ${outcomeWords(pair.after)} with the patch`;
  return {
    text: `VFIO also reaches it when it takes the group: ${time(b)} before, ${time(a)} with the patch${locks}${found}.`,
    worse,
    evidence: runEvidence(pair, "after", `VFIO takes the group, with the patch: ${outcomeWords(pair.after)}`),
  };
}

export const callers: Question = {
  id: "callers",
  wording: "Which other callers reach the wait?",
  async answer(runs) {
    const waiting = await runs.removalWait();
    if (!waiting.ok) return waiting;
    const wait = waiting.value;
    if (wait === undefined) return doesNotApply("the patched removal does not sleep in the tree's code.");
    const reviewed = await runs.reviewed();
    if (!reviewed.ok) return reviewed;
    const vfio = await runs.other("vfio-takes-group");
    if (!vfio.ok) return vfio;
    const listed = callersOf(runs.patched, wait.site.function, wait.site.file);
    if (listed === undefined) return doesNotApply("the folders of this tree cannot be listed.");

    const delay = vfio.value === undefined ? undefined : vfioDelay(vfio.value, await runs.heldLocks(vfio.value.scenario, wait));
    const ran = new Set([...reviewed.value.after.functions.tree, ...(delay === undefined ? [] : (vfio.value?.after.functions.tree ?? []))]);
    const others = listed.filter((c) => !ran.has(c.function));
    const evidence = [...others, ...listed.filter((c) => ran.has(c.function))]
      .slice(0, MAX_CALLERS)
      .map((c): Evidence => ({ k: "place", text: c.function, file: c.file, line: c.line, variant: "after" }));
    const files = new Set(others.map((c) => c.file)).size;
    const where = delay === undefined ? "this run" : "these runs";
    const text =
      others.length === 0
        ? `Source search finds ${plural(listed.length, "caller")}, all executed in ${where}.`
        : `Source search finds ${plural(others.length, "caller")} in ${plural(files, "file")} not executed in ${where}: ${others
            .slice(0, MAX_CALLERS)
            .map((c) => c.function)
            .join(", ")}${others.length > MAX_CALLERS ? ", …" : ""}. Whether they may sleep there was not tested.`;
    return ok({
      tone: delay?.worse === true ? "bad" : others.length === 0 && delay === undefined ? "good" : "note",
      answer: delay === undefined ? text : `${delay.text} ${text}`,
      evidence: delay === undefined ? evidence : [delay.evidence, ...evidence],
    });
  },
};
