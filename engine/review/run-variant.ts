// One variant of the tree: compiled, run in the machine, and converted to a VariantResult. What the engine could not run
// ends in "cannot judge", never in a guess.

import { fingerprint } from "../base/index.js";
import { type CompiledProgram, compileProgram, type DecisionSource, Machine, type RunOptions, type RunOutcome } from "../machine/index.js";
import { STALL_NS } from "../explore/index.js";
import type { Scenario } from "../scenario/index.js";
import type { Compiled } from "../world/index.js";
import { conditionOf, coveredText } from "./words.js";
import type { Finding, Reason, VariantResult } from "./result.js";
import { writeWitness } from "./witness.js";

/** Lets the host handle messages; resolves to true if the work was cancelled. */
export type Breathe = () => Promise<boolean>;

export const LIMITS = { virtualTime: 3_600_000_000_000, steps: 20_000_000_000, realMs: 60_000 } as const;

export interface Loaded {
  readonly compiled: Compiled;
  readonly code: CompiledProgram;
  /** Identifies the program: module and data. */
  readonly hash: string;
}

const loaded = new WeakMap<Compiled["program"], Loaded>();

/** Emits and compiles the module, once per program. */
export function load(compiled: Compiled): Loaded {
  const known = loaded.get(compiled.program);
  if (known !== undefined) return known;
  const code = compileProgram(compiled.program, { preemptible: false });
  const made: Loaded = { compiled, code, hash: hashOf(code, compiled) };
  loaded.set(compiled.program, made);
  return made;
}

function hashOf(code: CompiledProgram, compiled: Compiled): string {
  return fingerprint(
    Uint8Array.from(compiled.hash, (c) => c.charCodeAt(0)),
    code.hash,
  )
    .toString(16)
    .padStart(8, "0");
}

const preemptible = new WeakMap<Loaded, CompiledProgram>();
function preemptibleBuild(l: Loaded): CompiledProgram {
  let code = preemptible.get(l);
  if (code === undefined) preemptible.set(l, (code = compileProgram(l.compiled.program, { preemptible: true })));
  return code;
}

/** The build for a run: one with preemptions needs the preemptible build, the default run does not. */
export function recordedBuild(l: Loaded, preempts: boolean): CompiledProgram {
  return preempts ? preemptibleBuild(l) : l.code;
}

/** Options of a scenario's run. */
export function runOptions(l: Loaded, scenario: Scenario, release: string, decisions: DecisionSource): RunOptions {
  return {
    params: scenario.values,
    cpus: Number(scenario.values["cpus"] ?? 2n),
    decisions,
    limits: LIMITS,
    main: "tcs_main",
    ...(l.compiled.program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
    release,
    stall: STALL_NS,
  };
}

/** Runs a machine to its end; false if cancelled, and then its memory is released. */
export async function runToEnd(machine: Machine, breathe: Breathe): Promise<boolean> {
  let last = Date.now();
  while (machine.step()) {
    if (Date.now() - last < 50) continue;
    if (await breathe()) {
      machine.release();
      return false;
    }
    last = Date.now();
  }
  return true;
}

/** Runs a loaded program; undefined if cancelled. Progress is in virtual ns. */
export async function runLoaded(
  l: Loaded,
  scenario: Scenario,
  release: string,
  decisions: DecisionSource,
  breathe: Breathe,
  onProgress: (t: number) => void,
  preempts = false,
): Promise<RunOutcome | undefined> {
  const machine = new Machine(recordedBuild(l, preempts), { ...runOptions(l, scenario, release, decisions), onProgress });
  if (!(await runToEnd(machine, breathe))) return undefined;
  const outcome = machine.outcome();
  machine.release();
  return outcome;
}

export interface VariantContext {
  readonly scenario: Scenario;
  readonly variant: "before" | "after";
  readonly hash: string;
  /** Printed with the verdict if only some hunks are applied. */
  readonly note?: string;
}

/** The run's outcome as a VariantResult. */
export function toVariant(l: Loaded, out: RunOutcome, cx: VariantContext): VariantResult {
  const { scenario, variant } = cx;
  const witness = writeWitness(scenario, variant, cx.hash, out.decisions);
  const { preemptions } = out.stats;
  const findings = out.findings.map((f): Finding => ({
    ...f,
    ...(out.functions.assumed.length > 0 ? { assumed: out.functions.assumed } : {}),
    condition: f.condition ?? conditionOf(scenario, preemptions),
    witness,
  }));
  const skipped = l.compiled.diagnostics.find((d) => d.severity === "error");
  const missing = out.functions.assumed.length > 0 ? skipped : undefined;
  const reason =
    out.outcome === "cannot-judge"
      ? (out.reason ?? { message: "the run did not end", file: "", line: 0 })
      : missing === undefined
        ? undefined
        : { message: `${missing.message}; ${out.functions.assumed[0] ?? "a function"} was reached but is not defined`, file: missing.file, line: missing.line };
  return {
    outcome: reason !== undefined ? "cannot-judge" : findings.length > 0 ? "finding" : "clean",
    ...(reason === undefined ? {} : { reason: withPlace(l.compiled, reason) }),
    findings,
    covered: {
      text: `${coveredText(scenario, preemptions)}${cx.note === undefined ? "" : ` ${cx.note}`}`,
      executions: 1,
      preemptions,
      cpus: Number(scenario.values["cpus"] ?? 2n),
      buffers: Number(scenario.values["buffers"] ?? 0n),
      memoryModel: "sequential consistency",
    },
    ...(out.lost.length === 0 ? {} : { lost: out.lost }),
    functions: out.functions,
    log: out.log,
    detach: out.detach,
    occupancy: out.occupancy,
    coverage: out.coverage,
    timeline: out.timeline,
    witness,
    mappedAtDetach: out.mappedAtDetach,
    peak: out.peak,
  };
}

/** The reason, with the compiler's details of its place. */
function withPlace(compiled: Compiled, { message, file, line }: { readonly message: string; readonly file: string; readonly line: number }): Reason {
  const explained = file === "" ? undefined : compiled.explain({ message, file, line });
  if (explained === undefined) return { message, file, line };
  const { column, endColumn, source, trail } = explained;
  return { message, file: explained.file, line: explained.line, column, endColumn, source, ...(trail.length > 0 ? { trail } : {}) };
}

/** The result of a variant that could not be compiled. */
export function cannotCompile(reason: { readonly message: string; readonly file: string; readonly line: number }, scenario: Scenario): VariantResult {
  return {
    outcome: "cannot-judge",
    reason,
    findings: [],
    covered: {
      text: "Nothing was run.",
      executions: 0,
      preemptions: 0,
      cpus: Number(scenario.values["cpus"] ?? 2n),
      buffers: Number(scenario.values["buffers"] ?? 0n),
      memoryModel: "sequential consistency",
    },
    functions: { tree: [], provided: [], assumed: [] },
    log: [],
    detach: null,
    occupancy: [],
    coverage: [],
    timeline: { end: 0, lanes: [], spans: [], events: [] },
    witness: "",
    mappedAtDetach: 0,
    peak: 0,
  };
}
