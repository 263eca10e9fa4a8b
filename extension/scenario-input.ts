// The scenario's parameters as a person types them: `hold=3s late=4`. Tells at once what is not known, and what is.
// The engine has the last word; this only spares a round trip.

import { fail, ok, type Result } from "../engine/base/result.js";

export interface Parameter {
  readonly name: string;
  readonly dflt: string;
  readonly what: string;
  readonly values: string;
  readonly valid: RegExp;
}

const time = /^(\d+(\.\d+)?(ns|us|ms|s|min)|never)$/;
const count = /^\d+$/;

/** Parameters of the scenario `late-unmap`. */
export const parameters: readonly Parameter[] = [
  { name: "buffers", dflt: "16", what: "buffers the driver maps", values: "a number, such as 16", valid: count },
  { name: "late", dflt: "4", what: "buffers unmapped after the detach", values: "a number, at most buffers", valid: count },
  {
    name: "hold",
    dflt: "3s",
    what: "how long after the detach began they are held",
    values: "a time with its unit, such as 20ms, 3s or 135s, or never",
    valid: time,
  },
  { name: "window", dflt: "dynamic", what: "the DMA window", values: "a layout, such as dynamic", valid: /^[\w-]+$/ },
  {
    name: "liobn",
    dflt: "0x70000016",
    what: "logical I/O bus number of the window",
    values: "a number, such as 0x70000016",
    valid: /^(0x[0-9a-fA-F]{1,8}|\d+)$/,
  },
  { name: "pageshift", dflt: "16", what: "size of an I/O page, as a shift", values: "a number, such as 12, 16 or 21", valid: count },
  { name: "hz", dflt: "250", what: "timer interrupts a second", values: "100, 250, 300 or 1000", valid: /^(100|250|300|1000)$/ },
  { name: "cpus", dflt: "2", what: "CPUs", values: "a number, 1 to 8", valid: /^[1-8]$/ },
  { name: "seed", dflt: "1", what: "seed of all that is random", values: "a number", valid: count },
];

export const presets = [
  { hold: "20ms", label: "Held for 20 ms", detail: "Shorter than one pause of the usual wait loop" },
  { hold: "3s", label: "Held for 3 s", detail: "A buffer that the network stack keeps for a while" },
  { hold: "135s", label: "Held for 135 s", detail: "Longer than a wait loop usually waits" },
  { hold: "never", label: "Never released", detail: "A buffer that does not come back" },
] as const;

/** Reads `name=value …`, separated by blanks or commas. */
export function parseParameters(text: string): Result<Readonly<Record<string, string>>, string> {
  const set: Record<string, string> = {};
  for (const word of text.split(/[\s,]+/).filter((part) => part !== "")) {
    const [name = "", value, ...rest] = word.split("=");
    const parameter = parameters.find((known) => known.name === name);
    if (parameter === undefined) return fail(`There is no parameter '${name}'. Known: ${parameters.map((known) => known.name).join(", ")}.`);
    if (value === undefined || rest.length > 0) return fail(`Write ${name}=${parameter.dflt}: ${parameter.values}.`);
    if (!parameter.valid.test(value)) return fail(`${name} (${parameter.what}) takes ${parameter.values}; '${value}' is not.`);
    set[name] = value;
  }
  return ok(set);
}

export function formatParameters(set: Readonly<Record<string, string>>): string {
  return parameters
    .filter(({ name }) => set[name] !== undefined)
    .map(({ name }) => `${name}=${set[name] ?? ""}`)
    .join(" ");
}
