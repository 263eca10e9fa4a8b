// Whether answers and replayed runs belong to the scenario of the review, and which other scenario they belong to if not.
// Must not depend on the session.

import type { Problem } from "../../engine/base/index.js";
import type { ReviewResult, ScenarioChoice, ViewState } from "../../engine/protocol.js";

type Questions = NonNullable<ViewState["questions"]>;

/** The answers, with the scenario they were asked for if it is no longer the current one. */
export function withScenarioAsked(questions: Questions, asked: ScenarioChoice | undefined, current: ScenarioChoice | undefined): Questions {
  if (asked === undefined || JSON.stringify(asked) === JSON.stringify(current)) return questions;
  const set = Object.entries(asked.set)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
  return { ...questions, elsewhere: { name: asked.name, set } };
}

/** The problem of a witness from another scenario: two runs can be compared only in one scenario. Undefined: it is the same. */
export function otherScenario({ name, parameters }: ReviewResult["scenario"], reviewed: ReviewResult["scenario"]): Problem | undefined {
  if (JSON.stringify({ name, parameters }) === JSON.stringify({ name: reviewed.name, parameters: reviewed.parameters })) return undefined;
  const set = Object.entries(parameters).filter(([key, value]) => reviewed.name !== name || reviewed.parameters[key] !== value);
  return {
    code: "witness-scenario",
    message: `The witness belongs to a different scenario than this review: ${name}${set.map(([key, value]) => ` ${key}=${value}`).join("")}.`,
    hint: "Run that scenario first: “TCE Scope: Run Scenario…”.",
  };
}
