// The times that the commit message names against those that the runs show, and its promise to wait for all buffers.

import { ok } from "../base/index.js";
import { readPatch } from "../patch/index.js";
import { type Evidence, type PatchInput, time } from "../review/index.js";
import { addedWords, namedTimes, untilAll } from "./named-times.js";
import { doesNotApply, type Question, runEvidence } from "./question.js";
import { median, waitLimit } from "./removal-wait.js";

interface Mail {
  /** Subject and commit message. */
  readonly message: string;
  /** Comments and strings of the added lines. */
  readonly added: string;
}

/** A time that the runs show and the message should name. */
interface Measured {
  readonly what: string;
  readonly ns: number;
  /** How much longer than the requested time it may be: sleeps end on a jiffy. */
  readonly slack: number;
}

function readMail(patch: PatchInput): Mail | undefined {
  if (patch === "builtin") return undefined;
  const read = readPatch(patch.text, patch.name);
  return read.ok ? { message: `${read.value.subject}.\n\n${read.value.body}`, added: addedWords(read.value) } : undefined;
}

function fits(ns: number, measured: Measured): boolean {
  return measured.ns >= ns * 0.999 && measured.ns <= ns + measured.slack;
}

export const textMatches: Question = {
  id: "text-matches",
  wording: "Does the commit message match the code?",
  async answer(runs) {
    const mail = readMail(runs.input.patch);
    if (mail === undefined) return doesNotApply("the built-in change has no message.");
    const never = await runs.neverReleased();
    if (!never.ok) return never;
    const waiting = await runs.removalWait();
    if (!waiting.ok) return waiting;
    const wait = waiting.value;

    const jiffy = 1e9 / Number(runs.scenario.values["hz"] ?? 250n);
    const found: Measured[] = [];
    const limit = never.value === undefined || wait === undefined ? undefined : waitLimit(never.value.after, wait);
    if (wait !== undefined) {
      const pause = median(wait.pauses);
      found.push({ what: `pause in ${wait.site.function}`, ns: pause, slack: 2 * jiffy });
      if (limit !== undefined) found.push({ what: `limit of the wait in ${wait.site.function}`, ns: limit, slack: pause + 2 * jiffy });
    }
    const named = namedTimes(mail.message);
    const inCode = namedTimes(mail.added);
    const promise = untilAll(mail.message);
    if (named.length === 0 && found.length === 0 && promise === undefined) return doesNotApply("the commit message names no time, and the runs show no wait.");

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
      const comment = inCode.find((t) => fits(t.ns, f));
      parts.push(
        `The commit message doesn't mention the ${f.what}: ${time(f.ns)} measured${comment === undefined ? "" : `, “${comment.words}” in the patch's own comments and messages`}.`,
      );
      if (comment !== undefined) evidence.push({ k: "quote", text: comment.sentence });
    }
    if (promise !== undefined && limit !== undefined) {
      wrong++;
      parts.push(`The commit message promises to wait until all are unmapped; with buffers never released, the wait gave up after ${time(limit)}.`);
      evidence.push({ k: "quote", text: promise });
    }
    if (never.value !== undefined && wait !== undefined) evidence.push(runEvidence(never.value, "after"));
    return ok({ tone: wrong > 0 ? "note" : "good", answer: parts.join(" "), evidence });
  },
};
