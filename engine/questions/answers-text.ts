// Answers that compare words with runs: the times a mail names against those found, what is printed how often, and who
// else comes to the waiting code. Every number in an answer was read from the text or measured in a run.

import type { Scenario } from "../scenario/index.js";
import type { SourceTree } from "../tree/index.js";
import { limitOf, notApplying, plural, runEvidence, time } from "./answers-runs.js";
import { callersOf } from "./callers.js";
import type { HeldWhileSleeping } from "./held-locks.js";
import { namedTimes, untilAll } from "./named-times.js";
import type { Pair } from "./questions.js";
import { median, type RemovalWait } from "./removal-wait.js";
import { type Answer, type Evidence, outcomeWords, type VariantResult } from "../review/index.js";

export interface Mail {
  /** Subject and commit message. */
  readonly message: string;
  /** Comments and strings of the added lines. */
  readonly added: string;
}

/** Something the runs show that a text should name. */
interface Found {
  readonly what: string;
  readonly ns: number;
  /** How much longer than the time asked for it may be: sleeps end with a jiffy. */
  readonly slack: number;
}

export function textMatches(mail: Mail | undefined, forever: Pair | undefined, wait: RemovalWait | undefined, scenario: Scenario): Answer {
  const [id, question] = ["text-matches", "Does the commit message match the code?"];
  if (mail === undefined) return notApplying(id, question, "the built-in change has no message.");
  const jiffy = 1e9 / Number(scenario.values["hz"] ?? 250n);
  const found: Found[] = [];
  const limit = forever === undefined ? undefined : limitOf(forever.after, wait);
  if (wait !== undefined) {
    const pause = median(wait.pauses);
    found.push({ what: `pause in ${wait.site.function}`, ns: pause, slack: 2 * jiffy });
    if (limit !== undefined) found.push({ what: `limit of the wait in ${wait.site.function}`, ns: limit, slack: pause + 2 * jiffy });
  }
  const named = namedTimes(mail.message);
  const inCode = namedTimes(mail.added);
  const promise = untilAll(mail.message);
  if (named.length === 0 && found.length === 0 && promise === undefined)
    return notApplying(id, question, "the commit message names no time, and the runs show no wait.");
  const fits = (ns: number, f: Found): boolean => f.ns >= ns * 0.999 && f.ns <= ns + f.slack;
  const evidence: Evidence[] = [];
  const parts: string[] = [];
  let wrong = 0;
  for (const t of named) {
    const match = found.find((f) => fits(t.ns, f));
    if (match === undefined) {
      wrong++;
      parts.push(`The commit message says “${t.words}”; no wait in the runs lasts that long.`);
    } else parts.push(`The commit message says “${t.words}”; the ${match.what} measures ${time(match.ns)}.`);
    evidence.push({ k: "quote", text: t.sentence });
  }
  for (const f of found) {
    if (named.some((t) => fits(t.ns, f))) continue;
    wrong++;
    const beside = inCode.find((t) => fits(t.ns, f));
    parts.push(
      `The commit message doesn't mention the ${f.what}: ${time(f.ns)} measured${beside === undefined ? "" : `, “${beside.words}” in the patch's own comments and messages`}.`,
    );
    if (beside !== undefined) evidence.push({ k: "quote", text: beside.sentence });
  }
  if (promise !== undefined && limit !== undefined) {
    wrong++;
    parts.push(`The commit message promises to wait until all are unmapped; with buffers never released, the wait gave up after ${time(limit)}.`);
    evidence.push({ k: "quote", text: promise });
  }
  if (forever !== undefined && wait !== undefined) evidence.push(runEvidence(forever, "after"));
  return { id, question, tone: wrong > 0 ? "note" : "good", answer: parts.join(" "), evidence };
}

export function logging(forever: Pair | undefined, wait: RemovalWait | undefined): Answer {
  const [id, question] = ["logging", "How much does the wait print?"];
  if (wait === undefined || forever === undefined) return notApplying(id, question, "the patched removal does not sleep in the tree's code.");
  const [most] = wait.lines;
  const all = wait.lines.reduce((sum, l) => sum + l.times, 0);
  const run = runEvidence(forever, "after");
  if (most === undefined) return { id, question, tone: "good", answer: "It prints nothing.", evidence: [run] };
  const each = all / wait.pauses.length;
  const per = each > 0.9 && each < 1.1 ? "one line per pause" : `${String(Number(each.toPrecision(2)))} lines per pause`;
  const rate = (1e9 * all) / Math.max(1, wait.end - wait.start);
  return {
    id,
    question,
    tone: all > 10 ? "note" : "good",
    answer: `${plural(all, "line")} in ${time(wait.end - wait.start)}: ${per} of ${time(median(wait.pauses))}, ${String(Number(rate.toPrecision(2)))} per second. “${most.text.trim()}” is printed ${plural(most.times, "time")}.`,
    evidence: [run],
  };
}

const MOST_CALLERS = 12;

/** The scenario in which VFIO takes the group, and the locks held where the wait sleeps in it. */
export interface Taking {
  readonly pair: Pair;
  readonly held: HeldWhileSleeping | undefined;
}

/** The span of `vfio-takes-group` in which the group changes hands. */
const TAKE = "VFIO: take the group";

/** What the wait does to VFIO's taking the group; undefined where it is not held up. */
function takingTheGroup({ pair, held }: Taking): { readonly text: string; readonly worse: boolean; readonly evidence: Evidence } | undefined {
  const took = (v: VariantResult): number | undefined => {
    const span = v.timeline.spans.find((s) => s.name === TAKE);
    return span === undefined ? undefined : span.end - span.start;
  };
  const [b, a] = [took(pair.before), took(pair.after)];
  if (b === undefined || a === undefined || a - b < 10e6) return undefined;
  const locks = held === undefined || held.held.length === 0 ? "" : `, holding ${held.held.map((l) => l.name).join(", ")}`;
  const worse = pair.before.outcome === "clean" && pair.after.outcome !== "clean";
  const found = pair.before.outcome === "clean" && !worse ? "" : `: ${outcomeWords(pair.before)} before, ${outcomeWords(pair.after)} with the patch`;
  return {
    text: `VFIO also reaches it when it takes the group: ${time(b)} before, ${time(a)} with the patch${locks}${found}.`,
    worse,
    evidence: runEvidence(pair, "after", `VFIO takes the group, with the patch: ${outcomeWords(pair.after)}`),
  };
}

export function otherCallers(tree: SourceTree, base: Pair, wait: RemovalWait | undefined, vfio: Taking | undefined): Answer {
  const [id, question] = ["callers", "Which other callers reach the wait?"];
  if (wait === undefined) return notApplying(id, question, "the patched removal does not sleep in the tree's code.");
  const callers = callersOf(tree, wait.site.function, wait.site.file);
  if (callers === undefined) return notApplying(id, question, "the folders of this tree cannot be listed.");
  const taking = vfio === undefined ? undefined : takingTheGroup(vfio);
  const ran = new Set([...base.after.functions.tree, ...(taking === undefined ? [] : (vfio?.pair.after.functions.tree ?? []))]);
  const others = callers.filter((c) => !ran.has(c.function));
  const evidence = [...others, ...callers.filter((c) => ran.has(c.function))]
    .slice(0, MOST_CALLERS)
    .map((c): Evidence => ({ k: "place", text: c.function, file: c.file, line: c.line, variant: "after" }));
  const files = new Set(others.map((c) => c.file)).size;
  const runs = taking === undefined ? "this run" : "these runs";
  const text =
    others.length === 0
      ? `Source search finds ${plural(callers.length, "caller")}, all executed in ${runs}.`
      : `Source search finds ${plural(others.length, "caller")} in ${plural(files, "file")} not executed in ${runs}: ${others
          .slice(0, MOST_CALLERS)
          .map((c) => c.function)
          .join(", ")}${others.length > MOST_CALLERS ? ", …" : ""}. Whether they may sleep there was not tested.`;
  return {
    id,
    question,
    tone: taking?.worse === true ? "bad" : others.length === 0 && taking === undefined ? "good" : "note",
    answer: taking === undefined ? text : `${taking.text} ${text}`,
    evidence: taking === undefined ? evidence : [taking.evidence, ...evidence],
  };
}
