// The longest hold of the late buffers that a variant survives in the default schedule, for scenarios that have a hold.
// Silent corruption counts as a failure, warnings do not.

import { longestSurvived } from "../explore/index.js";
import { Machine, replay, type RunOptions } from "../machine/index.js";
import type { Scenario } from "../scenario/index.js";
import { type Breathe, LIMITS, type Loaded } from "./run-variant.js";
import type { Survives } from "./result.js";
import { time } from "./words.js";

const MS = 1_000_000;
/** The longest hold tried, apart from one without an end. */
const CAP = 1_000_000 * MS;
const NEVER = 0xffffffffffffffffn;

/** Undefined if the scenario has no hold, a run can't be judged, or the search was cancelled. */
export async function holdLimit(l: Loaded, scenario: Scenario, breathe: Breathe, onProgress: (text: string) => void): Promise<Survives | undefined> {
  if (scenario.values["hold"] === undefined) return undefined;
  const { program } = l.compiled;
  const options = (hold: bigint): RunOptions => ({
    params: { ...scenario.values, hold },
    cpus: Number(scenario.values["cpus"] ?? 2n),
    decisions: replay([]),
    limits: LIMITS,
    main: "tcs_main",
    ...(program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
  });
  let machine: Machine | undefined;
  const survives = async (hold: bigint): Promise<boolean | undefined> => {
    if (machine === undefined) machine = new Machine(l.code, options(hold));
    else machine.start(options(hold));
    let last = Date.now();
    while (machine.step()) {
      if (Date.now() - last < 50) continue;
      if (await breathe()) return undefined;
      last = Date.now();
    }
    const { end, findings } = machine.progress;
    return end?.k === "cannot" || end?.k === "cancelled" ? undefined : findings.every((f) => f.severity === "warning");
  };
  const limit = await longestSurvived(
    (ns) => {
      onProgress(`hold of ${time(ns)}`);
      return survives(BigInt(ns));
    },
    MS,
    CAP,
  );
  if (limit === undefined) return undefined;
  const never = await survives(NEVER);
  if (never === undefined) return undefined;
  return { hold: limit.survived, ...(limit.failed === undefined ? {} : { fails: limit.failed }), never, executions: limit.executions + 1 };
}

/** "Survives a hold of up to 135.2 s; fails at 135.201 s; survives if the buffers are never released." */
export function survivesText(s: Survives): string {
  const never = `${s.never ? "survives" : "fails"} if the buffers are never released`;
  if (s.fails === undefined) return `Survives every hold tried, up to ${time(s.hold)}; ${never}.`;
  if (s.hold === 0) return `Survives no hold: fails at ${time(s.fails)}; ${never}.`;
  return `Survives a hold of up to ${time(s.hold)}; fails at ${time(s.fails)}; ${never}.`;
}
