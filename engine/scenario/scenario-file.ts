// Scenario files: JSON that names a built-in scenario, parameters, and perhaps a C file beside it. Whatever is wrong with one
// is a Problem at its line. Knows texts only; who reads the C file is the host.

import { fail, ok, type Problem, type Result } from "../base/index.js";
import { makeScenario, type OwnSource, type ScenarioChoice } from "./scenario.js";

export interface ScenarioFile {
  readonly name: string;
  readonly set: Readonly<Record<string, string>>;
  /** One line, shown in lists. */
  readonly purpose?: string;
  /** Name of a C file in the same folder. */
  readonly source?: string;
}

const LOOKS = 'Example: {"scenario": "late-unmap", "parameters": {"hold": "3s"}}.';
const MEMBERS: ReadonlySet<string> = new Set(["scenario", "parameters", "source", "purpose", "$schema"]);

/** 1-based line of the member `key`, 1 where it does not stand. */
function lineOf(text: string, key: string): number {
  const at = text.search(new RegExp(`"${key.replace(/[^\w-]/g, "\\$&")}"\\s*:`));
  return at < 0 ? 1 : text.slice(0, at).split("\n").length;
}

/** Reads the file's form; whether its names and values are known `scenarioOfFile` checks. */
export function readScenarioFile(text: string, file: string): Result<ScenarioFile> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (e) {
    const at = e instanceof SyntaxError ? /position (\d+)/.exec(e.message) : null;
    const line = (at === null ? text.trimEnd() : text.slice(0, Number(at[1]))).split("\n").length;
    return fail({ code: "scenario-json", message: "The scenario file is not valid JSON.", place: { file, line }, hint: LOOKS });
  }
  const shape = (message: string, key = ""): Result<never> =>
    fail({ code: "scenario-shape", message, place: { file, line: key === "" ? 1 : lineOf(text, key) }, hint: LOOKS });
  if (typeof json !== "object" || json === null || Array.isArray(json)) return shape("The scenario file is not a JSON object.");
  const name: unknown = Reflect.get(json, "scenario");
  if (typeof name !== "string") return shape("The scenario file has no `scenario` member with a scenario's name.", "scenario");
  for (const key of Object.keys(json)) if (!MEMBERS.has(key)) return shape(`The scenario file has an unknown member '${key}'.`, key);
  const purpose: unknown = Reflect.get(json, "purpose");
  if (purpose !== undefined && typeof purpose !== "string") return shape("`purpose` is not a string.", "purpose");
  const source: unknown = Reflect.get(json, "source");
  if (source !== undefined && (typeof source !== "string" || !/^[\w-][\w.-]*\.c$/.test(source)))
    return shape("`source` is not the name of a C file in the folder of the scenario file.", "source");
  const parameters: unknown = Reflect.get(json, "parameters") ?? {};
  if (typeof parameters !== "object" || parameters === null || Array.isArray(parameters)) return shape("`parameters` is not an object.", "parameters");
  const set: Record<string, string> = {};
  for (const [k, v] of Object.entries(parameters)) {
    if (typeof v !== "string" && typeof v !== "number") return shape(`The parameter '${k}' is neither a string nor a number.`, k);
    set[k] = String(v);
  }
  return ok({ name, set, ...(purpose === undefined ? {} : { purpose }), ...(source === undefined ? {} : { source }) });
}

/**
 * The file as a choice that can be run, with the text of its C file as `sourceText` gives it (undefined: there is none).
 * Every problem has its line in the file.
 */
export function scenarioOfFile(text: string, file: string, sourceText: (name: string) => string | undefined): Result<ScenarioChoice, readonly Problem[]> {
  const read = readScenarioFile(text, file);
  if (!read.ok) return fail([read.error]);
  const { name, set, source } = read.value;
  let own: OwnSource | undefined;
  if (source !== undefined) {
    const c = sourceText(source);
    if (c === undefined)
      return fail([
        {
          code: "scenario-source",
          message: `${source} does not exist next to the scenario file.`,
          place: { file, line: lineOf(text, "source") },
          hint: "Put the C file in the same folder.",
        },
      ]);
    own = { name: source, text: c };
  }
  const made = makeScenario(name, set, own);
  if (made.ok) return ok({ name, set, ...(own === undefined ? {} : { own }) });
  return fail(
    made.error.map((problem) => {
      const named = Object.keys(set).find(
        (key) => problem.message.includes(`'${key}'`) || problem.message.includes(`for ${key} `) || problem.message.startsWith(`${key}=`),
      );
      return { ...problem, place: { file, line: lineOf(text, named ?? (problem.code === "scenario-name" ? "scenario" : "parameters")) } };
    }),
  );
}
