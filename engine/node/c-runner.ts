// Runs a plain C program in the engine: one file, compiled with a small C library, run until main returns or the program
// exits. For tests of the compiler; must not know kernels.

import { parse, relative, resolve } from "node:path";
import type { VarSym } from "../c/types/index.js";
import { explain, explainedText, PpCache, PREDEFINED, preprocess, type Preprocessed } from "../c/preprocess/index.js";
import type { Program } from "../c/ir/index.js";
import { link, type LinkUnit } from "../c/link/index.js";
import { staticImage } from "../c/lower/index.js";
import { Unit } from "../c/syntax/index.js";
import { compileProgram, type Core, type HostCall, replay, runMachine, type RunOutcome, RunOver, SeededRandom } from "../machine/index.js";
import { type SourceTree, treeOf } from "../tree/index.js";
import { DiskTree } from "./disk-tree.js";

const LIBRARY_FILES = ["string.c", "stdlib.c", "math.c", "decimal.c", "stdio.c"] as const;

/** Exit status, as in a shell, of a program that can't be compiled or run, that faults, or that divides by zero. */
const STATUS_CANNOT = 2;
const STATUS_FAULT = 139;

export interface CProgramOptions {
  /** Directories for #include, as on a command line. */
  readonly includePaths?: readonly string[];
  readonly defines?: readonly (readonly [string, string])[];
  /** Arguments of main after the program's name. */
  readonly args?: readonly string[];
  /** What the program reads from its standard input. */
  readonly input?: Uint8Array;
  /** Real milliseconds; 60,000 if left out. */
  readonly timeLimit?: number;
  /** Runs the preemptible build and preempts it about every this many visible operations. */
  readonly preemptEvery?: number;
  /** Called with what the program writes; fd is 1 or 2. */
  readonly write: (fd: number, bytes: Uint8Array) => void;
}

/** The C library: headers and sources at the root of `tree`, parsed once for all programs. */
export class CLibrary {
  private readonly cache = new PpCache();
  private readonly units: readonly LinkUnit[];

  constructor(private readonly tree: SourceTree) {
    this.units = LIBRARY_FILES.map((main) => this.parse(tree, main, {}).of);
  }

  /** Compiles and runs a file; returns the exit status. Diagnostics go to fd 2. */
  run(file: string, options: CProgramOptions): number {
    const say = (text: string): void => options.write(2, new TextEncoder().encode(`${text}\n`));
    const path = resolve(file);
    const { root } = parse(path);
    const disk = new DiskTree(root);
    const inTree = (p: string): string => resolve(p).slice(root.length).replaceAll("\\", "/");
    const name = (p: string): string => (p.startsWith("<") ? p : shortest(root + p));
    const main = inTree(path);
    if (disk.read(main) === undefined) {
      say(`${file}: no such file, or not readable`);
      return STATUS_CANNOT;
    }
    const { of, pp } = this.parse(disk, main, { ...options, includePaths: (options.includePaths ?? []).map(inTree) });
    const bodies = of.unit.symbols.filter((sym) => sym.kind === "func").filter((sym) => sym.body !== undefined);
    const statics: VarSym[] = of.unit.symbols.filter((sym) => sym.kind === "var");
    for (const sym of bodies) {
      const body = of.unit.body(sym);
      if ("body" in body) statics.push(...body.statics);
    }
    const all = [...pp.diagnostics, ...of.unit.diagnostics];
    for (const sym of statics) {
      const { bad } = staticImage(sym.type, sym.init);
      if (bad !== undefined)
        all.push({ severity: "error", code: "not-constant", message: "an initialiser of an object with static storage is not constant", loc: sym.loc });
    }
    const sources = { map: this.cache.sourceMap, read: (p: string) => disk.read(p) ?? this.tree.read(p.replace(/^<supplied>\//, "")) };
    for (const d of all) {
      const explained = explain(d, pp, sources);
      say(explained === undefined ? `${file}: ${d.severity}: ${d.message}` : explainedText(explained, name).trimEnd());
    }
    if (all.some((d) => d.severity === "error")) return STATUS_CANNOT;
    const start = this.parse(treeOf({ "start.c": startText([file, ...(options.args ?? [])]) }), "start.c", {}).of;
    const program = link([of, start, ...this.units], ["__c_start"]);
    if (!program.indexOf.has("main")) {
      say(`${file}: error: no function main`);
      return STATUS_CANNOT;
    }
    return execute(program, options, say, name);
  }

  private parse(tree: SourceTree, main: string, options: Partial<CProgramOptions>): { readonly of: LinkUnit; readonly pp: Preprocessed } {
    const { sourceMap } = this.cache;
    const pp = preprocess({
      tree,
      main,
      includePaths: options.includePaths ?? [],
      forcedIncludes: [],
      defines: options.defines ?? [],
      predefined: PREDEFINED,
      supplied: { get: (header) => (/^\w+\.h$/.test(header) ? this.tree.read(header) : undefined) },
      cache: this.cache,
    });
    const unit = Unit.parse(pp.tokens, main);
    return {
      pp,
      of: {
        unit,
        origin: "tree",
        place: (loc) => sourceMap.place(loc) ?? { file: "", line: 0 },
      },
    };
  }
}

function shortest(path: string): string {
  const near = relative(process.cwd(), path);
  return near.startsWith("..") ? path : near;
}

/** C text that calls main with the arguments as data. */
function startText(args: readonly string[]): string {
  const literal = (text: string): string =>
    `(char[]){"${[...new TextEncoder().encode(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("")}"}`;
  return `int main(int, char **, char **);
void exit(int);
static char *argv[] = { ${args.map(literal).join(", ")}, 0 };
static char *environment[] = { 0 };
void __c_start(void) { exit(main(${String(args.length)}, argv, environment)); }
`;
}

const MATH: readonly ((x: number, y: number) => number)[] = [
  Math.floor,
  Math.ceil,
  Math.trunc,
  (x, y) => x % y,
  Math.pow,
  Math.exp,
  Math.log,
  Math.log2,
  Math.log10,
  Math.sin,
  Math.cos,
  Math.tan,
  Math.atan,
  Math.atan2,
];

function execute(program: Program, options: CProgramOptions, say: (text: string) => void, name: (path: string) => string): number {
  let status: number | undefined;
  const input = options.input ?? new Uint8Array(0);
  let read = 0;
  const range = (core: Core, p: number | bigint | undefined, n: number | bigint | undefined): Uint8Array => {
    const start = Number(BigInt.asUintN(32, BigInt(p ?? 0)));
    return core.bytes.slice(start, start + Number(n ?? 0));
  };
  const host = new Map<string, HostCall>([
    [
      "__tcs_write",
      ([fd, p, n], core) => {
        options.write(Number(fd), range(core, p, n));
        return 0;
      },
    ],
    [
      "__tcs_read",
      ([, p, n], core) => {
        const bytes = input.subarray(read, read + Number(n));
        core.bytes.set(bytes, Number(BigInt.asUintN(32, BigInt(p ?? 0))));
        read += bytes.length;
        return bytes.length;
      },
    ],
    [
      "__tcs_exit",
      ([code], core) => {
        status = Number(code);
        core.state.end = { k: "finished" };
        throw new RunOver("exit");
      },
    ],
    ["__tcs_math", ([op, x, y]) => MATH[Number(op)]?.(Number(x), Number(y)) ?? NaN],
  ]);
  const outcome = runMachine(compileProgram(program, { preemptible: options.preemptEvery !== undefined }), {
    params: {},
    cpus: 1,
    decisions: options.preemptEvery === undefined ? replay([]) : new SeededRandom(1, options.preemptEvery),
    limits: { virtualTime: Infinity, steps: Infinity, realMs: options.timeLimit ?? 60_000 },
    main: "__c_start",
    host,
  });
  report(outcome, say, name);
  if (outcome.outcome === "cannot-judge") return STATUS_CANNOT;
  return status ?? STATUS_FAULT;
}

function report(outcome: RunOutcome, say: (text: string) => void, name: (path: string) => string): void {
  for (const f of outcome.findings) say(`${name(f.file)}:${String(f.line)}: ${f.message}`);
  for (const assumed of outcome.functions.assumed) say(`warning: function ${assumed} is not defined; assumed to return 0`);
  const { reason } = outcome;
  if (reason !== undefined) say(`${reason.file === "" ? "error" : `${name(reason.file)}:${String(reason.line)}: error`}: ${reason.message}`);
}
