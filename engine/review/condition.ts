// The condition of a finding as a sentence: which thread is preempted between which lines, in which unmap, and how many of
// the explored executions show it. It is derived from the recorded witness alone.

import type { Recording, Switch } from "../explore/index.js";
import type { Frame } from "../machine/index.js";
import type { Scenario } from "../scenario/index.js";
import { parametersInWords } from "./words.js";

function place(f: Frame): string {
  return `${f.function} (${f.file}:${String(f.line)})`;
}

/** The buffer that a thread was unmapping at time `t`, as a phrase; empty if none. */
function bufferOf({ outcome }: Recording, thread: number, t: number): string {
  const event = outcome.timeline.events.findLast((e) => e.k === "unmap" && e.thread === thread && e.t <= t);
  return event?.k === "unmap" ? `, unmapping buffer ${String(event.buffer)}` : "";
}

function heldWords(recording: Recording, s: Switch): string {
  const { after, before } = s;
  const same = after?.file === before?.file && after?.line === before?.line;
  const where = before === undefined ? "" : after === undefined || same ? ` in ${place(before)}` : ` between ${place(after)} and ${place(before)}`;
  return `${s.heldName} is preempted${where}${bufferOf(recording, s.held, s.t)}${where === "" ? "" : ","} while ${s.goesName} runs`;
}

function how(preemptions: number): string {
  return preemptions === 1 ? "1 preemption" : `${String(preemptions)} preemptions`;
}

function ordinal(n: number): string {
  const teens = n % 100 > 10 && n % 100 < 14;
  return `${String(n)}${teens ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
}

/** "Needs 1 preemption: kworker/1:1 is preempted between … and …, while drmgr runs. Seen in 3 of 40 executions with …" */
export function conditionWords(recording: Recording, switches: readonly Switch[], scenario: Scenario, times: number, executions: number): string {
  const shown = `Seen in ${String(times)} of ${String(executions)} executions with ${parametersInWords(scenario)}.`;
  const held = switches.filter((s) => s.kind === "preemption");
  const occurrences = new Map<string, number>();
  const answers = recording.choices.flatMap((c) => {
    const nth = (occurrences.get(c.what) ?? 0) + 1;
    occurrences.set(c.what, nth);
    return c.value === 0 ? [] : [`${c.what} (${c.n > 2 ? `${String(c.value)}, ` : ""}the ${ordinal(nth)} since the driver's start)`];
  });
  if (answers.length > 0)
    return `Needs that ${answers.join(" and that ")}${held.length === 0 ? "" : `, and ${how(held.length)}: ${held.map((s) => heldWords(recording, s)).join("; ")}`}. ${shown}`;
  if (held.length === 0) return `Needs no preemption${switches.length === 0 ? "" : ", only another order of waiting threads"}. ${shown}`;
  return `Needs ${how(held.length)}: ${held.map((s) => heldWords(recording, s)).join("; ")}. ${shown}`;
}
