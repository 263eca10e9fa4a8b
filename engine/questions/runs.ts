// The runs that answers rest on. A scenario is run once on both trees, however many questions need it.
// Must not know a question, nor which tree is right.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { CANCELLED, holdLimit, Judge, patchTree, type PatchInput, type ReviewHost, type Survives, type VariantResult } from "../review/index.js";
import { makeScenario, parseTime, type Scenario, type ScenarioChoice } from "../scenario/index.js";
import { checkKernelTree, type SourceTree } from "../tree/index.js";
import { type HeldWhileSleeping, heldWhileSleeping } from "./held-locks.js";
import { type RemovalWait, removalWait } from "./removal-wait.js";

export interface QuestionsInput {
  readonly tree: SourceTree;
  readonly patch: PatchInput;
  readonly hunks?: readonly number[];
  readonly scenario: ScenarioChoice;
}

type ParameterSet = Readonly<Record<string, string>>;

/** A scenario run on both trees. */
export interface Pair {
  readonly scenario: { readonly name: string; readonly set: ParameterSet };
  readonly before: VariantResult;
  readonly after: VariantResult;
}

/** How long a hold either tree survives; undefined where the scenario has no hold or a run could not be judged. */
export interface HoldLimits {
  readonly before: Survives | undefined;
  readonly after: Survives | undefined;
  /** The shortest hold that the patched tree did not survive, run on both. */
  readonly beyond: Pair | undefined;
}

/** The result of a run, or why there is none. */
type Ran<T> = Promise<Result<T, readonly Problem[]>>;

/** A Problem where the tree is not a kernel tree, the patch does not apply or the scenario does not exist. */
export function prepareRuns(input: QuestionsInput, host: ReviewHost): Result<Runs, readonly Problem[]> {
  const info = checkKernelTree(input.tree);
  if (!info.ok) return fail([info.error]);
  const applied = patchTree(input.tree, input.patch, input.hunks);
  if (!applied.ok) return applied;
  const { name, set, own } = input.scenario;
  const scenario = makeScenario(name, set, own);
  if (!scenario.ok) return fail([{ code: "scenario-name", message: `No scenario '${name}' with these parameters.` }]);
  return ok(new Runs(input, applied.value.tree, scenario.value, info.value.version.text, host));
}

export class Runs {
  private readonly pairs = new Map<string, Pair>();
  private limits: HoldLimits | undefined;

  constructor(
    readonly input: QuestionsInput,
    readonly patched: SourceTree,
    /** The scenario under review. */
    readonly scenario: Scenario,
    private readonly release: string,
    private readonly host: ReviewHost,
  ) {}

  /** The scenario under review. */
  async reviewed(): Ran<Pair> {
    return this.run(this.input.scenario.name, this.input.scenario.set, this.scenario);
  }

  /** The scenario under review with one parameter changed; undefined where it has no such parameter. */
  async changed(parameter: string, value: string): Ran<Pair | undefined> {
    if (this.scenario.values[parameter] === undefined) return ok(undefined);
    const { name, set } = this.input.scenario;
    return this.named(name, { ...set, [parameter]: value });
  }

  /** Another scenario with the reviewed hold and otherwise its own defaults; undefined where it does not take that hold. */
  async other(name: string): Ran<Pair | undefined> {
    const hold = this.input.scenario.set["hold"];
    return this.named(name, hold === undefined || parseTime(hold) === undefined ? {} : { hold });
  }

  /** With buffers that are never released; undefined where the scenario holds none. */
  async neverReleased(): Ran<Pair | undefined> {
    return this.changed("hold", "never");
  }

  /** The patched removal's wait while buffers are never released; undefined where it does not sleep in the tree's code. */
  async removalWait(): Ran<RemovalWait | undefined> {
    const never = await this.neverReleased();
    return never.ok ? ok(never.value === undefined ? undefined : removalWait(never.value.after)) : never;
  }

  /** The locks held in a scenario's sleeps on the patched tree; undefined where there is no such run. */
  async heldLocks({ name, set }: Pair["scenario"], wait: RemovalWait): Promise<HeldWhileSleeping | undefined> {
    const scenario = this.make(name, set);
    const loaded = scenario === undefined ? undefined : await new Judge(this.host, scenario, this.release).prepare(this.patched);
    return scenario === undefined || loaded === undefined ? undefined : heldWhileSleeping(loaded, scenario, wait.site.function, this.host.breathe);
  }

  async holdLimits(): Ran<HoldLimits> {
    if (this.limits !== undefined) return ok(this.limits);
    const limits: (Survives | undefined)[] = [];
    for (const tree of this.scenario.values["hold"] === undefined ? [] : [this.input.tree, this.patched]) {
      limits.push(await this.holdLimit(tree));
      if (await this.host.breathe()) return fail([CANCELLED]);
    }
    const [before, after] = limits;
    const beyond = after?.fails === undefined ? ok(undefined) : await this.changed("hold", `${String(Math.ceil(after.fails / 1e6))}ms`);
    if (!beyond.ok) return beyond;
    this.limits = { before, after, beyond: beyond.value };
    return ok(this.limits);
  }

  private async holdLimit(tree: SourceTree): Promise<Survives | undefined> {
    const loaded = await new Judge(this.host, this.scenario, this.release).prepare(tree);
    if (loaded === undefined) return undefined;
    return holdLimit(loaded, this.scenario, this.host.breathe, (text) => {
      this.host.progress(`Longest hold: ${text}`, 0.2);
    });
  }

  private make(name: string, set: ParameterSet): Scenario | undefined {
    const { scenario } = this.input;
    const made = makeScenario(name, set, name === scenario.name ? scenario.own : undefined);
    return made.ok ? made.value : undefined;
  }

  private async named(name: string, set: ParameterSet): Ran<Pair | undefined> {
    const scenario = this.make(name, set);
    return scenario === undefined ? ok(undefined) : this.run(name, set, scenario);
  }

  private async run(name: string, set: ParameterSet, scenario: Scenario): Ran<Pair> {
    const key = JSON.stringify([name, set]);
    const known = this.pairs.get(key);
    if (known !== undefined) return ok(known);
    const judge = new Judge(this.host, scenario, this.release);
    const before = await judge.judge(this.input.tree, { variant: "before", name: "the tree", from: 0, to: 0.9 });
    if (!before.ok) return before;
    const after = await judge.judge(this.patched, { variant: "after", name: "the patched tree", from: 0, to: 0.9 });
    if (!after.ok) return after;
    const pair: Pair = { scenario: { name, set }, before: before.value, after: after.value };
    this.pairs.set(key, pair);
    return ok(pair);
  }
}
