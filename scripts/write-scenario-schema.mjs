// Writes docs/scenario.schema.json: the JSON Schema of scenario files (*.tcescope.json), generated from the catalogue, for
// completion and validation in editors. Run it after a change of the catalogue; a test checks that the file is current.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { format } from "prettier";
import { loadEngine } from "./c.mjs";
import { projectDir } from "./process.mjs";

export const SCHEMA_PATH = join(projectDir, "docs", "scenario.schema.json");

/** @param {{ readonly kind: string, readonly values?: readonly string[], readonly min?: number, readonly max?: number, readonly fallback: string, readonly purpose: string }} p */
function parameter(p) {
  const common = { description: p.purpose, default: p.fallback };
  if (p.kind === "time") return { ...common, type: "string", pattern: "^(never|\\d{1,9}(\\.\\d{1,9})?(ns|us|ms|s|min))$" };
  if (p.kind === "word") return { ...common, enum: p.values };
  if (p.values !== undefined) return { ...common, enum: [...p.values.map(Number), ...p.values] };
  return {
    ...common,
    oneOf: [
      { type: "integer", minimum: p.min ?? 0, maximum: p.max ?? 0xffffffff },
      { type: "string", pattern: "^(0x[0-9a-fA-F]{1,8}|\\d{1,10})$" },
    ],
  };
}

/** @param {readonly { readonly name: string, readonly purpose: string, readonly parameters: readonly any[] }[]} scenarios */
export function scenarioSchema(scenarios) {
  const [first] = scenarios;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "TCE Scope scenario",
    type: "object",
    required: ["scenario"],
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      scenario: {
        description: "The built-in scenario to start from.",
        enum: scenarios.map((s) => s.name),
        enumDescriptions: scenarios.map((s) => s.purpose),
      },
      purpose: { description: "A one-line description for lists of scenarios.", type: "string" },
      source: {
        description: "A C file in the same folder that replaces the scenario's C file. It defines tcs_main().",
        type: "string",
        pattern: "^[\\w-][\\w.-]*\\.c$",
      },
      parameters: {
        description: "Parameters that are not set keep the scenario's defaults.",
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries((first?.parameters ?? []).map((p) => [p.name, parameter(p)])),
      },
    },
  };
}

/** The schema file's text for the current catalogue. */
export async function scenarioSchemaText() {
  const { scenarios } = await loadEngine(`export * from "./engine/scenario/index.js";`);
  return format(JSON.stringify(scenarioSchema(scenarios)), { parser: "json", printWidth: 160 });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const text = await scenarioSchemaText();
  let old = "";
  try {
    old = readFileSync(SCHEMA_PATH, "utf8");
  } catch {
    // The file does not exist yet.
  }
  writeFileSync(SCHEMA_PATH, text);
  console.log(`docs/scenario.schema.json: ${old === text ? "unchanged" : "written"}`);
}
