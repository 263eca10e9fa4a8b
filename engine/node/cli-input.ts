// The command line's options and the inputs that they name: tree, patch, scenario, hunks. What a user may get wrong is
// thrown as BadInput. Must not know a subcommand.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Problem } from "../base/index.js";
import { formats } from "../report/index.js";
import type { PatchInput, ReviewInput } from "../review/index.js";
import { type OwnSource, scenarioOfFile, scenarios } from "../scenario/index.js";
import { DiskTree } from "./disk-tree.js";

export class BadInput extends Error {
  constructor(readonly problems: readonly Problem[]) {
    super("bad input");
  }
}

export function bad(message: string, hint?: string): never {
  throw new BadInput([{ code: "usage", message, ...(hint === undefined ? {} : { hint }) }]);
}

const MAX_FILE = 64 * 2 ** 20;

export function readBytes(path: string): Uint8Array {
  try {
    if (statSync(path).size > MAX_FILE) bad(`${path} is larger than 64 MiB.`);
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

const formatFlags = Object.fromEntries(formats.flatMap(({ option }) => (option === undefined ? [] : [[option.name, { type: "string" } as const]])));

export type Options = ReturnType<typeof parseArgs<{ options: typeof flags }>>["values"];

export interface Arguments {
  /** As given, the subcommand's name included. */
  readonly argv: readonly string[];
  readonly options: Options;
  /** The file of each output format that has an option, by the option's name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** The subcommand's name and its arguments that are not options. */
  readonly positionals: readonly string[];
}

export function parseCommandLine(argv: readonly string[]): Arguments {
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options: { ...formatFlags, ...flags }, allowPositionals: true });
    const outputs = new Map<string, string>();
    for (const [name, value] of Object.entries(values)) if (name in formatFlags && typeof value === "string") outputs.set(name, value);
    return { argv, options: values, outputs, positionals };
  } catch (e) {
    return bad(e instanceof Error ? e.message : String(e), "tcescope --help lists the options.");
  }
}

export function readTree({ tree }: Options): DiskTree {
  if (tree === undefined) return bad("No tree given.", "Use --tree DIR with the folder that contains the kernel's Makefile.");
  const root = resolve(tree);
  try {
    if (!statSync(root).isDirectory()) bad(`${tree} is not a folder.`);
  } catch (e) {
    if (e instanceof BadInput) throw e;
    bad(`${tree} does not exist.`);
  }
  return new DiskTree(root);
}

export function readPatchFile(patch: string): PatchInput {
  return patch === "builtin" ? "builtin" : { name: patch, text: readBytes(patch) };
}

/** For the subcommands that need a patch. */
export function requirePatch({ patch }: Options): string {
  return patch ?? bad("No patch given.", "Use --patch FILE, or --patch builtin for the built-in change.");
}

/** For the subcommands that replay nothing. */
export function refuseWitness({ witness }: Options, command: string): void {
  if (witness !== undefined) bad(`${command} does not accept a witness.`, "Use tcescope replay.");
}

/** For the subcommands to which these options of a review do not apply. */
export function refuse(options: Options, command: string, names: readonly ("hunks" | "questions")[]): void {
  for (const name of names) if (options[name] !== undefined) bad(`${command} does not accept --${name}.`, "Use tcescope review.");
}

/** Hunks by their numbers from 1. */
export function readHunks({ hunks }: Options): Pick<ReviewInput, "hunks"> {
  if (hunks === undefined) return {};
  const numbers = hunks.split(",").map((text) => (/^[1-9]\d{0,4}$/.test(text.trim()) ? Number(text) : NaN));
  if (numbers.some(Number.isNaN)) bad(`--hunks expects hunk numbers such as 1,3, not '${hunks}'.`);
  return { hunks: numbers.map((n) => n - 1) };
}

/** A scenario of the catalogue or of a file, with what `--set` changes in it. */
export function readScenario({ scenario: name = "late-unmap", set: changes = [] }: Options): ReviewInput["scenario"] {
  let scenario = name;
  let own: OwnSource | undefined;
  const set: Record<string, string> = {};
  if (!scenarios.some((s) => s.name === name) && /[./\\]/.test(name)) {
    const sourceFile = (source: string): string | undefined => {
      const path = join(dirname(name), source);
      return existsSync(path) ? new TextDecoder().decode(readBytes(path)) : undefined;
    };
    const file = scenarioOfFile(new TextDecoder().decode(readBytes(name)), name, sourceFile);
    if (!file.ok) throw new BadInput(file.error);
    scenario = file.value.name;
    Object.assign(set, file.value.set);
    ({ own } = file.value);
  }
  for (const pair of changes.flatMap((s) => s.split(/[\s,]+/)).filter((s) => s !== "")) {
    const at = pair.indexOf("=");
    if (at <= 0) bad(`'${pair}' is not of the form KEY=VALUE.`, "For example --set hold=135s.");
    set[pair.slice(0, at)] = pair.slice(at + 1);
  }
  return { name: scenario, set, ...(own === undefined ? {} : { own }) };
}
