// The settings that a search varies in addition to schedules: the number of late buffers, and the hold: just below the
// limit that bisection found, just above it, and without an end. Each setting is a separate scenario, so that a witness
// names it and replays without the search.

import { NEVER, type Scenario } from "../scenario/index.js";
import type { Survives } from "./result.js";
import { holdText, parametersInWords, time } from "./words.js";

export type Varied = "late" | "hold";

export interface GridPoint {
  readonly scenario: Scenario;
  /** The condition, in addition to the schedule, of a finding that no earlier point shows. */
  readonly needs?: string;
}

function withValue(scenario: Scenario, name: string, text: string, value: bigint): Scenario {
  return { ...scenario, parameters: { ...scenario.parameters, [name]: text }, values: { ...scenario.values, [name]: value } };
}

/** The points in search order, the simplest first; the scenario as given is always among them. */
export function gridOf(scenario: Scenario, survives: Survives | undefined, vary: readonly Varied[]): readonly GridPoint[] {
  const points: GridPoint[] = [];
  const late = Number(scenario.values["late"] ?? 0n);
  if (vary.includes("late")) for (let n = 1; n < late; n++) points.push({ scenario: withValue(scenario, "late", String(n), BigInt(n)) });
  points.push({ scenario });
  if (!vary.includes("hold") || survives === undefined) return points;
  const given = scenario.values["hold"] ?? 0n;
  const at = (ns: number, needs: string | undefined): void => {
    if (BigInt(ns) === given || ns === 0) return;
    points.push({ scenario: withValue(scenario, "hold", `${String(ns / 1e6)}ms`, BigInt(ns)), ...(needs === undefined ? {} : { needs }) });
  };
  at(survives.hold, Number(given) < survives.hold ? `Needs a hold longer than ${time(Number(given))}.` : undefined);
  if (survives.fails !== undefined) at(survives.fails, Number(given) <= survives.hold ? `Needs a hold longer than ${time(survives.hold)}.` : undefined);
  if (given !== NEVER) points.push({ scenario: withValue(scenario, "hold", "never", NEVER), needs: "Needs buffers that are never released." });
  return points;
}

/** "2 buffers, 2 of them held for 3s, 2 CPUs", and the other settings. */
export function pointsInWords(points: readonly GridPoint[], done: number, scenario: Scenario): string {
  const given = parametersInWords(scenario);
  if (points.length === 1) return given;
  const others = points
    .filter((p) => p.scenario !== scenario)
    .map((p) =>
      p.scenario.parameters["late"] === scenario.parameters["late"]
        ? holdText(p.scenario.parameters["hold"] ?? "")
        : `${p.scenario.parameters["late"] ?? ""} late`,
    );
  const incomplete = done === points.length ? "" : ` (only the first ${String(done)} of these ${String(points.length)} settings searched completely)`;
  return `${given}, and with ${others.join(", ")}${incomplete}`;
}
