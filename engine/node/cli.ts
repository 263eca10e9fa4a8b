// The command line: tcescope review | run | replay. Exit 0: nothing found after the patch (or in the tree),
// 1: findings, 2: bad input or cannot judge, with file:line on stderr.

import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { formatProblem, ok, type Problem, type Result } from "../base/index.js";
import { explain, explanationText } from "../explain/index.js";
import { hunkTableText, reviewText } from "../report/index.js";
import { hunkTable, type PatchInput, review, type ReviewHost, type ReviewInput, type ReviewResult, VERSION } from "../review/index.js";
import { answerQuestions } from "../questions/index.js";
import { lateUnmap, type OwnSource, scenarioOfFile, scenarios, type ScenarioSpec } from "../scenario/index.js";
import { inParts, mergeFiles, searchOf, searchUsage } from "./cli-search.js";
import { Compiler } from "../world/index.js";
import { readBranchHints } from "./branch-hints.js";
import { DiskTree } from "./disk-tree.js";

/** What a scenario sets otherwise than late-unmap. */
function defaultsOf(spec: ScenarioSpec): string {
  const own = spec.parameters.filter((p, i) => p.fallback !== lateUnmap.parameters[i]?.fallback);
  return own.length === 0 ? "" : ` (${own.map((p) => `${p.name}=${p.fallback}`).join(", ")})`;
}

const usage = `tcescope ${VERSION}: runs a Linux tree's own IOMMU code with and without a patch

  tcescope review --tree DIR --patch FILE   run the tree without and with the patch
                                            (--patch builtin: the built-in change)
  tcescope run    --tree DIR                run the tree alone
  tcescope replay --tree DIR [--patch FILE] --witness STRING
                                            replay the run of a finding
  tcescope hunks  --tree DIR --patch FILE   run every subset of the patch's hunks
                                            (--holds 3s,135s: one table per hold)
  tcescope merge FILE…                      join the JSON of a search's parts (--shard)
  tcescope explain --tree DIR [--patch FILE] LOG|-
                                            find the run that shows the oops in a kernel log

  --scenario NAME|FILE   scenario or scenario file (default late-unmap)
  --set KEY=VALUE        set a scenario parameter; may be repeated
  --json FILE            write the result as JSON (schema tcescope/1); -: standard output
  --log                  print the kernel log
  --questions            answer common review questions with additional runs (review only)
  --hunks LIST           apply only these hunks, such as 1,3
${searchUsage}

Scenarios:
${scenarios.map((s) => `  ${s.name.padEnd(20)} ${s.purpose}${defaultsOf(s)}`).join("\n")}

Parameters:
${lateUnmap.parameters.map((p) => `  ${`${p.name}=${p.fallback}`.padEnd(32)} ${p.purpose}${p.values === undefined ? "" : ` (${p.values.join(", ")})`}`).join("\n")}

Exit status: 0 nothing found with the patch (run: in the tree), 1 findings, 2 bad input or cannot judge.
explain: 0 a run reproduces the report, 1 no run does, 2 bad input.
`;

class BadInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super("bad input");
  }
}
function bad(message: string, hint?: string): never {
  throw new BadInput([{ code: "usage", message, ...(hint === undefined ? {} : { hint }) }]);
}

/** A file's bytes; what went wrong in words. */
function bytesOf(path: string): Uint8Array {
  try {
    if (statSync(path).size > 64 * 1024 * 1024) bad(`${path} is larger than 64 MiB.`);
    return readFileSync(path);
  } catch (e) {
    if (e instanceof BadInput) throw e;
    return bad(`${path} cannot be read: ${e instanceof Error ? e.message : String(e)}`);
  }
}

const flags = {
  tree: { type: "string" },
  patch: { type: "string" },
  scenario: { type: "string" },
  set: { type: "string", multiple: true },
  json: { type: "string" },
  witness: { type: "string" },
  holds: { type: "string" },
  search: { type: "string" },
  preemptions: { type: "string" },
  executions: { type: "string" },
  depth: { type: "string" },
  budget: { type: "string" },
  vary: { type: "string" },
  shard: { type: "string" },
  jobs: { type: "string" },
  memory: { type: "string" },
  log: { type: "boolean" },
  questions: { type: "boolean" },
  hunks: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean" },
} as const;

function parse(argv: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof flags; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options: flags, allowPositionals: true });
  } catch (e) {
    return bad(e instanceof Error ? e.message : String(e), "tcescope --help lists the options.");
  }
}

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parse(argv);
  if (values.version === true) {
    process.stdout.write(`tcescope ${VERSION}\n`);
    return 0;
  }
  const command = positionals[0];
  if (values.help === true || command === undefined) {
    process.stdout.write(usage);
    return values.help === true ? 0 : 2;
  }
  if (command === "merge") {
    if (positionals.length < 2) bad("No files given.", "Pass the JSON files of all parts.");
    return told(mergeFiles(positionals.slice(1), bad), values.json, values.log);
  }
  if (command !== "review" && command !== "run" && command !== "replay" && command !== "hunks" && command !== "explain")
    bad(`Unknown command '${command}'.`, "Commands: review, run, replay, hunks, explain, merge.");
  if (positionals.length > (command === "explain" ? 2 : 1)) bad(`Unexpected argument '${positionals.at(-1) ?? ""}'.`, "tcescope --help lists the options.");
  if (values.tree === undefined) bad("No tree given.", "Use --tree DIR with the folder that contains the kernel's Makefile.");
  const root = resolve(values.tree);
  try {
    if (!statSync(root).isDirectory()) bad(`${values.tree} is not a folder.`);
  } catch (e) {
    if (e instanceof BadInput) throw e;
    bad(`${values.tree} does not exist.`);
  }
  if ((command === "review" || command === "hunks") && values.patch === undefined)
    bad("No patch given.", "Use --patch FILE, or --patch builtin for the built-in change.");
  if (command === "explain" && positionals[1] === undefined) bad("No log given.", "Pass a file with the kernel log, or - for standard input.");
  if (command === "run" && values.patch !== undefined) bad("run does not accept a patch.", "Use tcescope review.");
  if (command === "replay" && values.witness === undefined) bad("No witness given.", "Use --witness STRING with a witness copied from a finding.");
  if (command === "replay" && values.search !== undefined) bad("replay does not accept a search.", "Use tcescope review or run.");
  if (command !== "replay" && values.witness !== undefined) bad(`${command} does not accept a witness.`, "Use tcescope replay.");

  const patch: PatchInput | undefined =
    values.patch === undefined ? undefined : values.patch === "builtin" ? "builtin" : { name: values.patch, text: bytesOf(values.patch) };
  if (command === "explain") return explainLog(new DiskTree(root), positionals[1] ?? "-", patch, values.json);
  const { preemptions, executions, depth, budget, vary, shard, jobs, memory } = values;
  const search = searchOf({ search: values.search, preemptions, executions, depth, budget, vary, shard, jobs, memory }, bad);
  const parts = jobs === undefined ? 1 : /^[1-9]\d?$/.test(jobs) ? Number(jobs) : bad(`--jobs expects a number from 1 to 99, not '${jobs}'.`);
  if (parts > 1) {
    if (shard !== undefined || values.questions === true) bad(`--jobs cannot be combined with --${shard === undefined ? "questions" : "shard"}.`);
    return told(await inParts(withoutJobs(argv), parts, memory, bad), values.json, values.log);
  }
  const input: ReviewInput = {
    tree: new DiskTree(root),
    ...(patch === undefined ? {} : { patch }),
    scenario: scenarioOf(values.scenario ?? "late-unmap", values.set ?? []),
    ...(values.witness === undefined ? {} : { witness: values.witness }),
    ...(search === undefined ? {} : { search }),
    ...hunksOf(values.hunks, command),
  };
  if (values.questions === true && command !== "review") bad(`${command} does not accept --questions.`, "Use tcescope review.");
  if (command === "hunks") return hunks(input, (values.holds ?? "3s,135s").split(","));
  const host = hostHere();
  const output = await review(input, host);
  const asked = output.ok && values.questions === true && patch !== undefined ? await answerQuestions({ ...input, patch }, host, () => undefined) : undefined;
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (!output.ok) throw new BadInput(output.error);
  if (asked?.ok === false) throw new BadInput(asked.error);
  const result = { ...output.value.result, ...(asked === undefined ? {} : { questions: asked.value }) };
  return told(ok(result), values.json, values.log);
}

/** The command line without what concerns the parent of several parts alone. */
function withoutJobs(argv: readonly string[]): readonly string[] {
  return argv.filter((arg, i) => !/^--(?:jobs|json)\b/.test(arg) && !/^--(?:jobs|json)$/.test(argv[i - 1] ?? ""));
}

/** Writes a result as it was asked for; the exit code. */
function told(made: Result<ReviewResult, readonly Problem[]>, json: string | undefined, log: boolean | undefined): number {
  if (!made.ok) throw new BadInput(made.error);
  const result = made.value;
  if (json !== undefined) writeJson(json, result);
  if (json !== "-") process.stdout.write(reviewText(result, { log: log === true }));
  const judged = result.after ?? result.before;
  const cannot = [result.before, ...(result.after === undefined ? [] : [result.after])].find((v) => v.outcome === "cannot-judge");
  if (cannot?.reason !== undefined) {
    process.stderr.write(
      `tcescope: cannot judge: ${formatProblem({ code: "cannot-judge", message: cannot.reason.message, ...(cannot.reason.file === "" ? {} : { place: cannot.reason }) })}\n`,
    );
    return 2;
  }
  return judged.outcome === "clean" ? 0 : 1;
}

/** Progress on the terminal, where there is one. */
function hostHere(): ReviewHost {
  return {
    compiler: new Compiler(),
    breathe: () => Promise.resolve(false),
    progress: (step, fraction) => {
      if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${fraction < 1 ? `${String(Math.round(fraction * 100)).padStart(3)} %  ${step}` : ""}`);
    },
  };
}

/** To a file, or to standard output for `-`. */
function writeJson(path: string, value: unknown): void {
  const json = `${JSON.stringify(value, undefined, 1)}\n`;
  if (path === "-") {
    process.stdout.write(json);
    return;
  }
  try {
    writeFileSync(path, json);
  } catch (e) {
    bad(`${path} cannot be written: ${e instanceof Error ? e.message : String(e)}`);
  }
}

async function explainLog(tree: DiskTree, log: string, patch: PatchInput | undefined, json: string | undefined): Promise<number> {
  const text = new TextDecoder().decode(log === "-" ? readFileSync(0) : bytesOf(log));
  const explained = await explain({ tree, text, ...(patch === undefined ? {} : { patch }) }, hostHere());
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (!explained.ok) throw new BadInput(explained.error);
  if (json !== undefined) writeJson(json, explained.value);
  if (json !== "-") process.stdout.write(explanationText(explained.value));
  return explained.value.verdict === "reproduced" ? 0 : 1;
}

/** Hunks by their numbers from 1. */
function hunksOf(list: string | undefined, command: string): Pick<ReviewInput, "hunks"> {
  if (list === undefined) return {};
  if (command !== "review" && command !== "replay") bad(`${command} does not accept --hunks.`, "Use tcescope review.");
  const numbers = list.split(",").map((one) => (/^[1-9]\d{0,4}$/.test(one.trim()) ? Number(one) : NaN));
  if (numbers.some(Number.isNaN)) bad(`--hunks expects hunk numbers such as 1,3, not '${list}'.`);
  return { hunks: numbers.map((n) => n - 1) };
}

async function hunks(input: ReviewInput, holds: readonly string[]): Promise<number> {
  const { patch } = input;
  if (patch === undefined) return bad("hunks requires a patch.", "Use --patch FILE, or --patch builtin.");
  const made = await hunkTable(
    { tree: input.tree, patch, scenario: input.scenario, holds },
    { compiler: new Compiler(), breathe: () => Promise.resolve(false), progress: () => undefined },
    () => undefined,
  );
  if (!made.ok) throw new BadInput(made.error);
  process.stdout.write(hunkTableText(made.value));
  return 0;
}

function scenarioOf(name: string, sets: readonly string[]): ReviewInput["scenario"] {
  let scenario = name;
  let own: OwnSource | undefined;
  const set: Record<string, string> = {};
  if (!scenarios.some((s) => s.name === name) && /[./\\]/.test(name)) {
    const beside = (source: string): string | undefined => {
      const path = join(dirname(name), source);
      return existsSync(path) ? new TextDecoder().decode(bytesOf(path)) : undefined;
    };
    const file = scenarioOfFile(new TextDecoder().decode(bytesOf(name)), name, beside);
    if (!file.ok) throw new BadInput(file.error);
    scenario = file.value.name;
    Object.assign(set, file.value.set);
    ({ own } = file.value);
  }
  for (const pair of sets.flatMap((s) => s.split(/[\s,]+/)).filter((s) => s !== "")) {
    const at = pair.indexOf("=");
    if (at <= 0) bad(`'${pair}' is not of the form KEY=VALUE.`, "For example --set hold=135s.");
    set[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { name: scenario, set, ...(own === undefined ? {} : { own }) };
}

readBranchHints();
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (e: unknown) => {
    if (e instanceof BadInput) for (const p of e.problems) process.stderr.write(`tcescope: ${formatProblem(p)}\n`);
    else process.stderr.write(`tcescope: internal error: ${e instanceof Error ? (e.stack ?? e.message) : String(e)}\n`);
    process.exitCode = 2;
  },
);
