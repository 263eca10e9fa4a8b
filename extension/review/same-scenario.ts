// Whether answers and replayed runs are of the scenario that is shown; where not, which other one it is. Pure.

import type { Problem } from "../../engine/base/index.js";
import type { ReviewResult, ScenarioChoice, ViewState } from "../../engine/protocol.js";

type Questions = NonNullable<ViewState["questions"]>;

/** Answers, with the scenario that was asked about where another is open by now. */
export function askedElsewhere(questions: Questions, of: ScenarioChoice | undefined, now: ScenarioChoice | undefined): Questions {
  if (of === undefined || JSON.stringify(of) === JSON.stringify(now)) return questions;
  const set = Object.entries(of.set)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return { ...questions, elsewhere: { name: of.name, set } };
}

/** Two runs side by side are of one scenario, or say nothing. Undefined: they are. */
export function ofOtherScenario({ name, parameters }: ReviewResult["scenario"], reviewed: ReviewResult["scenario"]): Problem | undefined {
  if (JSON.stringify({ name, parameters }) === JSON.stringify({ name: reviewed.name, parameters: reviewed.parameters })) return undefined;
  const set = Object.entries(parameters).filter(([key, value]) => reviewed.name !== name || reviewed.parameters[key] !== value);
  return {
    code: "witness-scenario",
    message: `The witness belongs to a different scenario than this review: ${name}${set.map(([key, value]) => ` ${key}=${value}`).join("")}.`,
    hint: "Run that scenario first: “TCE Scope: Run Scenario…”.",
  };
}
