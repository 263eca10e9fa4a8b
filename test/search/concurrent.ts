// Concurrent C programs of the tests: compiled with world.c, searched by the engine and by brute force. Brute force must not
// depend on the engine's schedules: it preempts every thread at every visible operation and tries every choice.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { link } from "../../engine/c/link/link.js";
import type { LinkUnit } from "../../engine/c/link/reuse.js";
import type { Program } from "../../engine/c/ir/ir.js";
import { PREDEFINED } from "../../engine/c/preprocess/predefined.js";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";
import { Unit } from "../../engine/c/syntax/unit.js";
import { classOf } from "../../engine/explore/classes.js";
import { dataRaces } from "../../engine/explore/data-races.js";
import { exhaustive } from "../../engine/explore/exhaustive.js";
import { lockInversions } from "../../engine/explore/lock-order.js";
import { Executor, type Found, STALL_NS } from "../../engine/explore/search.js";
import type { HostCall } from "../../engine/machine/core.js";
import type { DecisionSource, ThreadChoice } from "../../engine/machine/decisions.js";
import { type CompiledProgram, compileProgram, Machine } from "../../engine/machine/machine.js";
import type { MachineFinding } from "../../engine/machine/record.js";
import { treeOf } from "../../engine/tree/layered-tree.js";
import { projectDir } from "../../scripts/process.mjs";

const CPUS = 5;
const LIMITS = { virtualTime: 1e13, steps: 1e7, realMs: 60_000 } as const;

const text = (path: string): string => readFileSync(join(projectDir, path), "utf8");
const files = { "world.h": text("test/search/world.h"), "world.c": text("test/search/world.c"), "tcs.h": text("engine/kernel/tcs.h") };
const cache = new PpCache();
let worldUnit: LinkUnit | undefined;

function parse(main: string, source: string, origin: LinkUnit["origin"]): LinkUnit {
  const { tokens, diagnostics } = preprocess({
    tree: treeOf({ ...files, [main]: source }),
    main,
    includePaths: [""],
    forcedIncludes: [],
    defines: [],
    predefined: PREDEFINED,
    supplied: { get: () => undefined },
    cache,
  });
  const unit = Unit.parse(tokens, main);
  const bad = [...diagnostics, ...unit.diagnostics].find((d) => d.severity === "error");
  if (bad !== undefined) throw new Error(`${main}: ${bad.message} at ${JSON.stringify(cache.sourceMap.place(bad.loc))}`);
  return { unit, origin, place: (loc) => cache.sourceMap.place(loc) ?? { file: main, line: 0 } };
}

/** A program with the function test(); its code is the tree's, so that its accesses are visible. */
export function compile(name: string, source: string): CompiledProgram {
  worldUnit ??= parse("world.c", files["world.c"], "provided");
  const program: Program = link([parse(`${name}.c`, `#include "world.h"\n#line 1\n${source}`, "tree"), worldUnit], ["__c_main"]);
  if (program.assumed.size > 0) throw new Error(`${name}: no function ${[...program.assumed.keys()].join(", ")}`);
  return compileProgram(program, { preemptible: true, trace: true });
}

/** The outcome of a run: its values and findings, as a text that is the same for equal outcomes. */
function outcomeOf(values: readonly bigint[], findings: readonly MachineFinding[]): string {
  const found = findings.map((f) => (f.kind === "hang" ? f.kind : `${f.kind}:${f.function}`));
  return [...values.map(String), ...[...new Set(found)].sort()].join(" ");
}

class Values {
  values: bigint[] = [];
  readonly host = new Map<string, HostCall>([
    [
      "__tcs_outcome",
      ([v]) => {
        this.values.push(BigInt(v ?? 0));
        return 0;
      },
    ],
  ]);
}

/** Yields, so that the test runner's messages are handled. */
export const breathe = (): Promise<boolean> =>
  new Promise((done) => {
    setImmediate(() => {
      done(false);
    });
  });

/** Options of a run whose values are not used. */
export const RUN = { params: {}, cpus: CPUS, limits: LIMITS, main: "__c_main", host: new Values().host } as const;

export interface Explored {
  readonly outcomes: readonly string[];
  readonly executions: number;
  /** Findings, for tests that check more than outcomes. */
  readonly findings: readonly MachineFinding[];
  /** Pairs of sites with a data race, and executions with locks in two orders. */
  readonly races: readonly string[];
  readonly inversions: number;
  readonly witnesses: readonly Found[];
}

/** The engine's exhaustive search up to `bound` preemptions; outcomes are of executions that were run to their end. */
export async function searched(
  code: CompiledProgram,
  bound: number,
  {
    reduce = true,
    states = true,
    shard,
  }: { readonly reduce?: boolean; readonly states?: boolean; readonly shard?: { readonly index: number; readonly count: number } } = {},
): Promise<Explored & { readonly complete: number; readonly states: number; readonly classes: number; readonly split: readonly string[] }> {
  const v = new Values();
  const executor = new Executor(code, { params: {}, cpus: CPUS, limits: LIMITS, main: "__c_main", host: v.host }, () => true);
  const outcomes = new Set<string>();
  const races = new Set<string>();
  let inversions = 0;
  const classes = new Map<string, string>();
  const split = new Set<string>();
  const result = await exhaustive(executor, { preemptions: bound, executions: 500_000, realMs: 60_000 }, breathe, () => undefined, {
    reduce,
    states,
    ...(shard === undefined ? {} : { shard }),
    onExecution: (e, rest) => {
      const whole = rest === undefined;
      const outcome = outcomeOf(v.values, e.findings);
      v.values = [];
      if (whole) outcomes.add(outcome);
      const { operations, choices } = executor.schedule;
      if (whole) {
        const one = classOf(operations, choices);
        const known = classes.get(one);
        if (known === undefined) classes.set(one, outcome);
        else if (known !== outcome) split.add(`${known} | ${outcome}`);
      }
      const all = rest === undefined ? operations : [...operations, ...rest()];
      dataRaces(all, ({ first, second }) => races.add([all[first]?.site ?? -1, all[second]?.site ?? -1].sort((a, b) => a - b).join(" ")));
      lockInversions(all, () => inversions++);
    },
  });
  if (result.end !== "complete") throw new Error(`the search ended: ${result.end} ${result.reason?.message ?? ""}`);
  return {
    outcomes: [...outcomes].sort(),
    executions: result.executions,
    findings: result.findings.map((f) => f.finding),
    complete: result.complete,
    races: [...races].sort(),
    witnesses: result.findings,
    inversions,
    states: result.states ?? 0,
    classes: classes.size,
    split: [...split],
  };
}

// ---- brute force ---------------------------------------------------------------------------------------------------------

/** The thread that executed the last operation, the threads held up by preemptions, and their cost. */
interface Point {
  readonly last: number;
  readonly held: readonly number[];
  readonly cost: number;
}

/** Interrupts a step: a thread must be chosen. */
class ThreadRequested extends Error {
  constructor(readonly choices: readonly ThreadChoice[]) {
    super("a thread must be chosen");
  }
}

/** Interrupts a step: the code requests one of `n` answers. */
class ChoiceRequested extends Error {
  constructor(readonly n: number) {
    super("a choice is requested");
  }
}

class Interrupting implements DecisionSource {
  /** The next thread to choose. */
  answer: number | undefined;
  pickThread(choices: readonly ThreadChoice[]): number {
    const { answer } = this;
    if (answer === undefined) throw new ThreadRequested(choices);
    this.answer = undefined;
    return answer;
  }
  /** Answers to the choices of this step, in order. */
  script: readonly number[] = [];
  used = 0;
  choose(_what: string, n: number): number {
    const value = this.script[this.used++];
    if (value === undefined) throw new ChoiceRequested(n);
    return value;
  }
  budget(): number {
    return 1;
  }
  save(): readonly number[] {
    return [];
  }
  restore(): void {
    // Nothing is kept between two choices.
  }
}

/** Every choice at every operation, up to `bound` preemptions; undefined if that takes more than `most` executions. */
export function brute(code: CompiledProgram, bound: number, most: number): readonly string[] | undefined {
  const v = new Values();
  const outcomes = new Set<string>();
  let executions = 0;
  const source = new Interrupting();
  const machine = new Machine(code, { params: {}, cpus: CPUS, decisions: source, limits: LIMITS, main: "__c_main", host: v.host, stall: STALL_NS });

  /** One step with these answers; returns the threads or the number of answers if there is more than one. */
  const step = (answer: number | undefined, script: readonly number[]): readonly ThreadChoice[] | number | boolean => {
    source.answer = answer;
    source.script = script;
    source.used = 0;
    try {
      return machine.step();
    } catch (e) {
      if (e instanceof ThreadRequested) return e.choices;
      if (e instanceof ChoiceRequested) return e.n;
      throw e;
    }
  };
  const finish = (): void => {
    const { end, findings } = machine.progress;
    if (end?.k === "cannot") throw new Error(`brute force: ${end.message}`);
    executions++;
    outcomes.add(outcomeOf(v.values, findings));
    v.values = [];
  };
  /** One step and what follows, for every answer to the choices in it. */
  const attempt = (
    before: { readonly machine: ReturnType<Machine["snapshot"]>; readonly values: readonly bigint[] },
    answer: number | undefined,
    script: readonly number[],
    next: () => void,
  ): readonly ThreadChoice[] | undefined => {
    machine.restore(before.machine);
    v.values = [...before.values];
    const made = step(answer, script);
    if (typeof made === "number") {
      for (let value = 0; value < made; value++) attempt(before, answer, [...script, value], next);
      return undefined;
    }
    if (typeof made !== "boolean") return made;
    if (made) next();
    else finish();
    return undefined;
  };
  const explore = (from: Point): void => {
    if (executions > most) return;
    const before = { machine: machine.snapshot(), values: [...v.values] };
    const choices = attempt(before, undefined, [], () => {
      const { current } = machine.progress.threads;
      explore({ last: current, held: from.held.filter((id) => id !== current), cost: from.cost });
    });
    if (choices === undefined) return;
    const { last, held } = from;
    const ready = choices.filter((c) => c.later !== true);
    const lastReady = ready.some((c) => c.id === last && c.wakes === undefined);
    const fresh = ready.some((r) => !held.includes(r.id));
    for (const [i, c] of choices.entries()) {
      const price = (lastReady && c.id !== last) || (c.later === true && fresh) ? 1 : 0;
      if (from.cost + price > bound || executions > most) continue;
      const stand = price === 0 ? [] : c.later === true ? ready.map((r) => r.id) : [last];
      attempt(before, i, [], () => {
        explore({ last: c.id, held: [...held, ...stand].filter((id) => id !== c.id), cost: from.cost + price });
      });
    }
  };
  explore({ last: 0, held: [], cost: 0 });
  return executions > most ? undefined : [...outcomes].sort();
}
