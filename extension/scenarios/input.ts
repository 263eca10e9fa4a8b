// A scenario's parameters as the user types them: `hold=3s late=4`. The engine's catalogue defines which names and
// values are valid; this file only parses the text.

import { fail, formatProblem, ok, type Result } from "../../engine/base/index.js";
import { lateUnmap, makeScenario, scenarioNamed, type ScenarioSpec, type SearchWish } from "../../engine/protocol.js";

export const defaultScenario: ScenarioSpec = lateUnmap;

/** The scenario of that name, or the default: a saved review may name a scenario that no longer exists. */
export function scenarioOf(name: string): ScenarioSpec {
  return scenarioNamed(name) ?? defaultScenario;
}

export const presets = [
  { hold: "20ms", label: "Held for 20 ms", detail: "Shorter than one pause of a typical wait loop" },
  { hold: "3s", label: "Held for 3 s", detail: "A buffer held by the network stack for a while" },
  { hold: "135s", label: "Held for 135 s", detail: "Longer than the limit of a typical wait loop" },
  { hold: "never", label: "Never released", detail: "A buffer that is never unmapped" },
] as const;

const within: Pick<SearchWish, "executions" | "depth" | "budgetMs"> = { executions: 1_000_000, depth: 3, budgetMs: 15_000 };

export interface DeeperSearch {
  readonly label: string;
  readonly detail: string;
  readonly wish: SearchWish;
  /** Parameters that the scenario gets for this search only. */
  readonly set?: Readonly<Record<string, string>>;
}

/** The searches that a user can choose from, each bounded in real time. */
const searches: readonly DeeperSearch[] = [
  {
    label: "One preemption, every schedule",
    detail: "Exhaustive up to one preemption, at most 15 s per variant",
    wish: { ...within, algorithm: "exhaustive", preemptions: 1 },
  },
  {
    label: "Two preemptions, every schedule",
    detail: "Exhaustive up to two preemptions, at most 15 s per variant",
    wish: { ...within, algorithm: "exhaustive", preemptions: 2 },
  },
  {
    label: "Every hold and number of late buffers",
    detail: "Exhaustive up to one preemption with 1, 2, … late buffers, held just below the limit, just past it, and never released; at most 60 s per variant",
    wish: { ...within, budgetMs: 60_000, algorithm: "exhaustive", preemptions: 1, vary: ["late", "hold"] },
  },
  {
    label: "One failure anywhere",
    detail: "Exhaustive without preemptions, each allocation, hypercall and RTAS call failing in turn; at most 60 s per variant",
    wish: { ...within, budgetMs: 60_000, algorithm: "exhaustive", preemptions: 0 },
    set: { choose: "all" },
  },
  { label: "Random schedules", detail: "Sampled for 15 s per variant", wish: { ...within, algorithm: "random", preemptions: 4 } },
  {
    label: "Probabilistic concurrency testing",
    detail: "Sampled by thread priorities for 15 s per variant, for bugs of depth 3",
    wish: { ...within, algorithm: "pct", preemptions: 4 },
  },
];

/** The searches that the scenario has the parameters for. */
export function searchesOf(scenario: ScenarioSpec): readonly DeeperSearch[] {
  const has = (name: string): boolean => scenario.parameters.some((p) => p.name === name);
  return searches.filter(({ wish, set }) => Object.keys(set ?? {}).every(has) && (wish.vary ?? []).every(has));
}

/** Parses `name=value …`, separated by blanks or commas. The error is a text for the user that lists the valid names. */
export function parseParameters(text: string, scenario: ScenarioSpec = defaultScenario): Result<Readonly<Record<string, string>>, string> {
  const set: Record<string, string> = {};
  for (const word of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const [, name, value] = /^([^=]+)=([^=]+)$/.exec(word) ?? [];
    if (name === undefined || value === undefined) return fail(`'${word}' is not of the form name=value. Parameters: ${defaults(scenario)}.`);
    set[name] = value;
  }
  const checked = makeScenario(scenario.name, set);
  return checked.ok ? ok(set) : fail(checked.error.map((problem) => formatProblem(problem).replaceAll(/\n\s*/g, " ")).join(" "));
}

export function defaults(scenario: ScenarioSpec = defaultScenario): string {
  return scenario.parameters.map(({ name, fallback }) => `${name}=${fallback}`).join(", ");
}

export function formatParameters(set: Readonly<Record<string, string>>): string {
  return Object.entries(set)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}
