// Witness strings, which replay a run: `scenario:parameters:variant:hash:decisions`. Parameters with their default value
// are left out, `-` means none. The hash identifies the program; with any other program the witness is stale.

import { fail, ok, type Result } from "../base/index.js";
import { decodeDecisions, type Deviation } from "../machine/index.js";
import { type Scenario, scenarios } from "../scenario/index.js";

export interface Witness {
  readonly scenario: string;
  readonly set: Readonly<Record<string, string>>;
  readonly variant: "before" | "after";
  readonly hash: string;
  readonly decisions: readonly Deviation[];
}

export function writeWitness(scenario: Scenario, variant: "before" | "after", hash: string, decisions: string): string {
  const set = scenario.spec.parameters.filter((p) => scenario.parameters[p.name] !== p.fallback).map((p) => `${p.name}=${scenario.parameters[p.name] ?? ""}`);
  return [scenario.spec.name, set.length === 0 ? "-" : set.join(","), variant, hash, decisions === "" ? "-" : decisions].join(":");
}

export function readWitness(text: string): Result<Witness> {
  const bad = (message: string): Result<never> =>
    fail({
      code: "witness",
      message,
      hint: "A witness has five parts, scenario:parameters:before|after:hash:decisions; copy the complete string from a finding.",
    });
  const parts = text.trim().split(":");
  const [name, set, variant, hash, decisions] = parts;
  if (parts.length !== 5 || name === undefined || set === undefined || hash === undefined || decisions === undefined) return bad("This is not a witness.");
  if (!scenarios.some((s) => s.name === name)) return bad(`The witness names an unknown scenario: '${name}'.`);
  if (variant !== "before" && variant !== "after") return bad(`The witness has '${variant ?? ""}' where 'before' or 'after' is expected.`);
  const parameters: Record<string, string> = {};
  if (set !== "-") {
    for (const pair of set.split(",")) {
      const at = pair.indexOf("=");
      if (at <= 0) return bad(`'${pair}' is not a parameter of a witness (KEY=VALUE).`);
      parameters[pair.slice(0, at)] = pair.slice(at + 1);
    }
  }
  const deviations = decisions === "-" ? [] : decodeDecisions(decisions);
  if (deviations === undefined) return bad("The witness's decision string is corrupt.");
  return ok({ scenario: name, set: parameters, variant, hash, decisions: deviations });
}
