// The questions that reviewers ask of a patch to this code, answered by runs of the two trees. A question that no run
// can answer says why. It knows two trees, a scenario and the mail's text; it never knows which tree is right.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { readPatch } from "../patch/index.js";
import { makeScenario, parseTime, type Scenario, type ScenarioChoice } from "../scenario/index.js";
import { checkKernelTree, type SourceTree } from "../tree/index.js";
import { afterLimit, blocked, cleanRemoval, longestHold, neverReleased, pagePoolAnswer } from "./answers-runs.js";
import { logging, type Mail, otherCallers, textMatches } from "./answers-text.js";
import { heldWhileSleeping, type HeldWhileSleeping } from "./held-locks.js";
import { type Answer, CANCELLED, holdLimit, Judge, layPatch, type PatchInput, type ReviewHost, type Survives, type VariantResult } from "../review/index.js";
import { addedWords } from "./named-times.js";
import { removalWait } from "./removal-wait.js";

export interface QuestionsInput {
  readonly tree: SourceTree;
  readonly patch: PatchInput;
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
}

/** A scenario run on both trees. */
export interface Pair {
  readonly scenario: { readonly name: string; readonly set: Readonly<Record<string, string>> };
  readonly before: VariantResult;
  readonly after: VariantResult;
}

/** How long the hold is survived on either tree, and the runs on either side of the limit. */
export interface Holds {
  readonly before: Survives | undefined;
  readonly after: Survives | undefined;
  /** The shortest hold that the patched tree did not survive, run on both. */
  readonly beyond: Pair | undefined;
  /** What the tree says of the longest time that IP defragmentation holds a packet: ns and place. */
  readonly fragments: { readonly ns: number; readonly file: string; readonly line: number } | undefined;
}

/** Answers arrive one by one through `onAnswer`, each time as the list so far. */
export async function answerQuestions(
  input: QuestionsInput,
  host: ReviewHost,
  onAnswer: (answers: readonly Answer[]) => void,
): Promise<Result<readonly Answer[], readonly Problem[]>> {
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const laid = layPatch(input.tree, input.patch, input.hunks);
  if (!laid.ok) return laid;
  const release = info.value.version.text;
  const patched = laid.value.tree;
  const answers: Answer[] = [];
  const tell = (answer: Answer): void => {
    answers.push(answer);
    onAnswer([...answers]);
    host.progress(`Answered: ${answer.question}`, Math.min(0.95, answers.length / 10));
  };
  const make = (name: string, set: Readonly<Record<string, string>>): Scenario | undefined => {
    const made = makeScenario(name, set, name === input.scenario.name ? input.scenario.own : undefined);
    return made.ok ? made.value : undefined;
  };
  const pairOf = async (name: string, set: Readonly<Record<string, string>>): Promise<Result<Pair, readonly Problem[]> | undefined> => {
    const scenario = make(name, set);
    if (scenario === undefined) return undefined;
    const judge = new Judge(host, scenario, release);
    const before = await judge.judge(input.tree, { variant: "before", name: "the tree", from: 0, to: 0.9 });
    if (!before.ok) return before;
    const after = await judge.judge(patched, { variant: "after", name: "the patched tree", from: 0, to: 0.9 });
    return after.ok ? ok({ scenario: { name, set }, before: before.value, after: after.value }) : after;
  };

  const { name, set } = input.scenario;
  const scenario = make(name, set);
  if (scenario === undefined) return fail([{ code: "scenario-name", message: `No scenario '${name}' with these parameters.` }]);
  const base = await pairOf(name, set);
  if (base?.ok !== true) return base ?? fail([CANCELLED]);
  const never = scenario.values["hold"] === undefined ? undefined : await pairOf(name, { ...set, hold: "never" });
  if (never?.ok === false) return never;

  const holds = await holdsOf(scenario);
  if (holds === "cancelled") return fail([CANCELLED]);
  tell(longestHold(base.value, holds));
  tell(afterLimit(holds));
  const forever = never?.value;
  const wait = forever === undefined ? undefined : removalWait(forever.after);
  tell(neverReleased(forever, wait));

  const quiet = scenario.values["late"] === undefined ? undefined : await pairOf(name, { ...set, late: "0" });
  if (quiet?.ok === false) return quiet;
  tell(cleanRemoval(quiet?.value));

  const heldIn = async (one: Scenario): Promise<HeldWhileSleeping | undefined> => {
    const loaded = wait === undefined ? undefined : await new Judge(host, one, release).prepare(patched);
    return wait === undefined || loaded === undefined ? undefined : heldWhileSleeping(loaded, one, wait.site.function, host.breathe);
  };
  const held = await heldIn(scenario);
  const two = wait === undefined ? undefined : await pairOf("two-removals", holdOnly(set));
  if (two?.ok === false) return two;
  tell(blocked(base.value, wait, held, two?.value));

  tell(logging(forever, wait));
  tell(textMatches(mailOf(), forever, wait, scenario));

  const taking = wait === undefined ? undefined : make("vfio-takes-group", holdOnly(set));
  const taken = taking === undefined ? undefined : await pairOf("vfio-takes-group", holdOnly(set));
  if (taken?.ok === false) return taken;
  const vfio = taking === undefined || taken === undefined ? undefined : { pair: taken.value, held: await heldIn(taking) };
  tell(otherCallers(patched, base.value, wait, vfio));

  const pool = await pairOf("page-pool", holdOnly(set));
  if (pool?.ok === false) return pool;
  tell(pagePoolAnswer(pool?.value));
  return ok(answers);

  function mailOf(): Mail | undefined {
    if (input.patch === "builtin") return undefined;
    const read = readPatch(input.patch.text, input.patch.name);
    return read.ok ? { message: `${read.value.subject}.\n\n${read.value.body}`, added: addedWords(read.value) } : undefined;
  }

  async function holdsOf(s: Scenario): Promise<Holds | "cancelled"> {
    const nothing: Holds = { before: undefined, after: undefined, beyond: undefined, fragments: fragmentTime(input.tree) };
    if (s.values["hold"] === undefined) return nothing;
    const one = new Judge(host, s, release);
    const limits: (Survives | undefined)[] = [];
    for (const tree of [input.tree, patched]) {
      const l = await one.prepare(tree);
      limits.push(
        l === undefined
          ? undefined
          : await holdLimit(l, s, host.breathe, (text) => {
              host.progress(`Longest hold: ${text}`, 0.2);
            }),
      );
      if (await host.breathe()) return "cancelled";
    }
    const [before, after] = limits;
    const fails = after?.fails;
    const beyond = fails === undefined ? undefined : await pairOf(name, { ...set, hold: `${String(Math.ceil(fails / 1e6))}ms` });
    return { ...nothing, before, after, beyond: beyond?.ok === true ? beyond.value : undefined };
  }
}

/** Other scenarios take over the hold and no more: their other parameters are their own. */
function holdOnly(set: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const hold = set["hold"];
  return hold === undefined || parseTime(hold) === undefined ? {} : { hold };
}

/** IP_FRAG_TIME of the tree: seconds, as a product with HZ. */
function fragmentTime(tree: SourceTree): Holds["fragments"] {
  const file = "include/net/ip.h";
  const lines = (tree.read(file) ?? "").split("\n");
  const at = lines.findIndex((line) => /^#define\s+IP_FRAG_TIME\b/.test(line));
  const seconds = Number(/\(\s*(\d+)\s*\*\s*HZ\s*\)/.exec(lines[at] ?? "")?.[1] ?? NaN);
  return Number.isFinite(seconds) ? { ns: seconds * 1e9, file, line: at + 1 } : undefined;
}
