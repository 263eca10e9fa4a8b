// A scenario as the user chose it: the reading of names and parameters. A value carries its unit
// (`3s`, `20ms`); an unknown name or value is a Problem that lists the known ones.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { scenarios } from "./catalogue.js";
import { exampleScenario } from "./example.js";
import type { ParameterSpec, ScenarioSpec } from "./spec.js";

/** Virtual ns that stand for "never" (TCS_NEVER of engine/kernel/tcs.h). */
export const NEVER = 0xffffffffffffffffn;

/** A C file of the user's own in place of a built-in scenario's: the text, and its plain file name. */
export interface OwnSource {
  readonly name: string;
  readonly text: string;
}

/** What a host asks for. */
export interface ScenarioChoice {
  readonly name: string;
  readonly set: Readonly<Record<string, string>>;
  readonly own?: OwnSource;
}

export interface Scenario {
  readonly spec: ScenarioSpec;
  /** Texts that stand beside the engine's own C, by their path relative to engine/. */
  readonly files?: ReadonlyMap<string, string>;
  /** Every parameter as the user would write it. */
  readonly parameters: Readonly<Record<string, string>>;
  /** As the machine sees them; times in ns. Words are their index in `values`. */
  readonly values: Readonly<Record<string, bigint>>;
}

/** Where a user's C file stands for the compiler: beside engine/world. */
const OWN_FOLDER = "scenario/";

const units: Readonly<Record<string, bigint>> = { ns: 1n, us: 1000n, ms: 1_000_000n, s: 1_000_000_000n, min: 60_000_000_000n };

/** A time such as `20ms`, `3s`, `1.5s`, `never` in ns, or undefined. */
export function parseTime(text: string): bigint | undefined {
  if (text === "never") return NEVER;
  const m = /^(\d{1,9})(?:\.(\d{1,9}))?(ns|us|ms|s|min)$/.exec(text);
  if (m === null) return undefined;
  const unit = units[m[3] ?? "s"] ?? 1n;
  const fraction = m[2] ?? "";
  const v = BigInt(m[1] ?? "0") * unit + (fraction === "" ? 0n : (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length));
  // A day of virtual time is more than any of these waits; the clock is a double of ns.
  return v <= 86_400_000_000_000n ? v : undefined;
}

function bad(spec: ParameterSpec, text: string, wants: string): Problem {
  return {
    code: "parameter-value",
    message: `'${text}' is not a valid value for ${spec.name} (${spec.purpose}).`,
    hint: `Expected ${wants}; default ${spec.fallback}.`,
  };
}

function parseValue(spec: ParameterSpec, text: string): Result<bigint> {
  switch (spec.kind) {
    case "time": {
      const v = parseTime(text);
      return v === undefined ? fail(bad(spec, text, "a time of up to 24 hours with a unit, such as 20ms, 3s or 135s, or never")) : ok(v);
    }
    case "word": {
      const i = spec.values?.indexOf(text) ?? -1;
      return i < 0 ? fail(bad(spec, text, (spec.values ?? []).join(", "))) : ok(BigInt(i));
    }
    case "count":
    case "number": {
      const given = /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? Number(text) : NaN;
      if (spec.values !== undefined) return spec.values.includes(String(given)) ? ok(BigInt(given)) : fail(bad(spec, text, spec.values.join(", ")));
      const min = spec.min ?? 0;
      const max = spec.max ?? 0xffffffff;
      return Number.isInteger(given) && given >= min && given <= max
        ? ok(BigInt(given))
        : fail(bad(spec, text, `a whole number from ${String(min)} to ${String(max)}`));
    }
  }
}

/** A scenario of the catalogue, or the example's. */
export function scenarioNamed(name: string): ScenarioSpec | undefined {
  return name === exampleScenario.name ? exampleScenario : scenarios.find((s) => s.name === name);
}

/** The scenario `name` with the parameters a user set and, perhaps, actors of their own; every problem is reported. */
export function makeScenario(name: string, set: Readonly<Record<string, string>>, own?: OwnSource): Result<Scenario, readonly Problem[]> {
  const builtin = scenarioNamed(name);
  if (builtin === undefined)
    return fail([{ code: "scenario-name", message: `Unknown scenario '${name}'.`, hint: `Scenarios: ${scenarios.map((s) => s.name).join(", ")}.` }]);
  const spec = own === undefined ? builtin : { ...builtin, source: `${OWN_FOLDER}${own.name}` };
  const problems: Problem[] = [];
  const parameters: Record<string, string> = {};
  const values: Record<string, bigint> = {};
  for (const key of Object.keys(set)) {
    if (!spec.parameters.some((p) => p.name === key))
      problems.push({
        code: "parameter-name",
        message: `${spec.name} has no parameter '${key}'.`,
        hint: `Parameters: ${spec.parameters.map((p) => `${p.name}=${p.fallback}`).join(", ")}.`,
      });
  }
  for (const p of spec.parameters) {
    const text = (Object.hasOwn(set, p.name) ? set[p.name] : undefined) ?? p.fallback;
    const v = parseValue(p, text.trim());
    if (v.ok) {
      parameters[p.name] = text.trim();
      values[p.name] = v.value;
    } else problems.push(v.error);
  }
  if (problems.length === 0 && (values["late"] ?? 0n) > (values["buffers"] ?? 0n))
    problems.push({
      code: "parameter-value",
      message: `late=${parameters["late"] ?? ""} is more than buffers=${parameters["buffers"] ?? ""}.`,
      hint: "late must not exceed buffers.",
    });
  const files = own === undefined ? {} : { files: new Map([[spec.source, own.text]]) };
  return problems.length > 0 ? fail(problems) : ok({ spec, parameters, values, ...files });
}
