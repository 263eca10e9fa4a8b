// Scenario files: which are accepted, which are refused, and that the schema for editors is that of the catalogue.

import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { makeScenario } from "../../engine/scenario/scenario.js";
import { scenarios } from "../../engine/scenario/catalogue/scenarios.js";
import { readScenarioFile, scenarioOfFile } from "../../engine/scenario/scenario-file.js";
import { SCHEMA_PATH, scenarioSchemaText } from "../../scripts/write-scenario-schema.mjs";

const text = readFileSync(SCHEMA_PATH, "utf8");
const valid = new Ajv({ strict: false }).compile(JSON.parse(text) as object);

const accepted = [
  { scenario: "late-unmap" },
  { $schema: "x", scenario: "page-pool", parameters: { buffers: 64, late: "8", hold: "1.5s", window: "beside", pageshift: 12, liobn: "0x70000020" } },
  { scenario: "late-unmap", purpose: "what it is for" },
  { scenario: "late-unmap", source: "mine.c", parameters: { hold: "never", slab: "poisoned", report: "kasan" } },
];
const refused = [
  {},
  { scenario: "no-such" },
  { scenario: "late-unmap", parameters: { hold: "3" } },
  { scenario: "late-unmap", parameters: { hold: 3 } },
  { scenario: "late-unmap", parameters: { buffers: 0 } },
  { scenario: "late-unmap", parameters: { windows: "dynamic" } },
  { scenario: "late-unmap", parameters: { window: "dynamics" } },
  { scenario: "late-unmap", source: "../mine.c" },
  { scenario: "late-unmap", source: "mine.txt" },
  { scenario: "late-unmap", more: 1 },
  { scenario: "late-unmap", purpose: 1 },
];

/** In the format of the command line. */
function taken(file: object): boolean {
  const read = readScenarioFile(JSON.stringify(file), "x.tcescope.json");
  return read.ok && makeScenario(read.value.name, read.value.set).ok;
}

describe("a scenario file", () => {
  it.each(accepted)("is accepted by the engine and by the schema: %j", (file) => {
    expect([taken(file), valid(file)]).toEqual([true, true]);
  });

  it.each(refused)("is refused by the engine and by the schema: %j", (file) => {
    expect([taken(file), valid(file)]).toEqual([false, false]);
  });

  it("has a schema generated from the current catalogue", async () => {
    expect(await scenarioSchemaText()).toBe(text);
  });
});

describe("an error in a scenario file", () => {
  const lineOf = (text: string, c?: string): readonly (number | undefined)[] => {
    const made = scenarioOfFile(text, "x.tcescope.json", () => c);
    return made.ok ? [] : made.error.map((p) => p.place?.line);
  };

  it("is reported at its line", () => {
    expect(lineOf('{\n  "scenario": "late-unmap",\n  "parameters": {\n    "buffers": 8,\n    "hold": "3"\n  }\n}')).toEqual([5]);
    expect(lineOf('{\n  "scenario": "late-unmap",\n  "parameters": { "late": 4,\n    "windows": "x" }\n}')).toEqual([4]);
    expect(lineOf('{\n\n  "scenario": "no-such"\n}')).toEqual([3]);
    expect(lineOf('{\n  "scenario": "late-unmap",\n  "parameters": {\n    "late": 20, "buffers": 4 }\n}')).toEqual([4]);
    expect(lineOf('{\n  "scenario": "late-unmap",\n  "more": 1\n}')).toEqual([3]);
    expect(lineOf('{\n  "scenario": "late-unmap",\n')).toEqual([3]);
    expect(lineOf('{\n  "scenario": "late-unmap"\n  "source": 1 }')).toEqual([3]);
    expect(lineOf('{ "scenario": "late-unmap",\n "source": "mine.c" }')).toEqual([2]);
    expect(lineOf('{ "scenario": "late-unmap",\n "source": "mine.c" }', "int x;")).toEqual([]);
  });
});

describe("the catalogue", () => {
  it("gives every scenario its own name, a purpose of one line, and valid defaults", () => {
    expect(new Set(scenarios.map((s) => s.name)).size).toBe(scenarios.length);
    for (const s of scenarios) {
      expect(s.purpose).not.toContain("\n");
      expect(makeScenario(s.name, {}).ok, s.name).toBe(true);
    }
  });

  it("refuses more late buffers than there are", () => {
    expect(makeScenario("late-unmap", { buffers: "4", late: "5" }).ok).toBe(false);
  });
});
