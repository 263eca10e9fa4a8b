// Compiles and runs random C programs (csmith) with gcc and with the engine; their checksums must be equal. A seed always
// gives the same program and options. Must not depend on the engine's internals.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The engine's target: LP64, little-endian, unsigned char, wrapping arithmetic. */
export const GCC_FLAGS = ["-std=gnu11", "-O1", "-w", "-fwrapv", "-funsigned-char", "-fno-strict-aliasing"];
export const CSMITH_INCLUDE = "/usr/include/csmith";
/** Replaces the only x86 builtin that csmith uses. Any function will do if both compilers get the same. */
const CRC = ["__builtin_ia32_crc32qi(a, b)", "((unsigned)(a) * 31 + (unsigned char)(b))"];

/** Limit per program. Processor time, so that load on the machine does not exclude more programs. */
export const PROCESSOR_SECONDS = 1;

const SANITISERS = ["-fsanitize=undefined,float-cast-overflow", "-fno-sanitize=shift,signed-integer-overflow,alignment"];

/** Options by seed, so that all features are combined with each other. @param {number} seed */
function csmithOptions(seed) {
  const options = ["--seed", String(seed), "--bitfields", "--packed-struct", "--builtins"];
  if (seed % 2 === 1) options.push("--inline-function");
  if (seed % 3 === 1) options.push("--float");
  if (seed % 4 === 1) options.push("--no-volatiles");
  if (seed % 5 === 1) options.push("--max-funcs", "20");
  if (seed % 8 === 1) options.push("--max-block-depth", "8", "--max-expr-complexity", "20");
  return options;
}

/**
 * A program is excluded if the generator or the program exceeds the time limit, or if C does not define its behaviour.
 * @typedef {{ readonly seed: number, readonly result: "equal" | "excluded" | "different", readonly why: string }} Comparison
 * @typedef {{ run(file: string, options: object): number }} Runner
 */

/** Runs a program with the time limit. @param {string} program @param {string[]} args @param {string} cwd */
function runLimited(program, args, cwd) {
  const shellArgs = ["-c", `ulimit -t ${PROCESSOR_SECONDS}; exec "$@"`, "sh", program, ...args];
  return spawnSync("sh", shellArgs, { encoding: "latin1", cwd, timeout: 300_000, maxBuffer: 1 << 26 });
}

/** @param {Runner} runner @param {string} file @param {string[]} includePaths @param {number} timeLimit @param {string[][]} defines @param {object} options further options of the runner */
export function runInEngine(runner, file, includePaths, timeLimit, defines = [], options = {}) {
  /** @type {Uint8Array[]} */
  const out = [];
  /** @type {Uint8Array[]} */
  const err = [];
  let status;
  try {
    status = runner.run(file, {
      ...options,
      includePaths,
      timeLimit,
      defines,
      write: (/** @type {number} */ fd, /** @type {Uint8Array} */ bytes) => (fd === 1 ? out : err).push(bytes),
    });
  } catch (error) {
    status = -1;
    err.push(Buffer.from(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  }
  return { status, out: Buffer.concat(out).toString("latin1"), err: Buffer.concat(err).toString("latin1") };
}

/** @param {string} file @param {string} exe @param {string[]} includePaths @param {string[][]} defines @param {string[]} flags further gcc flags */
export function runWithGcc(file, exe, includePaths, defines = [], flags = []) {
  const build = spawnSync(
    "gcc",
    [...GCC_FLAGS, ...includePaths.flatMap((dir) => ["-I", dir]), ...defines.map(([name, value]) => `-D${name}=${value}`), ...flags, "-o", exe, file, "-lm"],
    { encoding: "utf8" },
  );
  if (build.status !== 0) return { status: -1, out: "", err: build.stderr };
  const result = runLimited(exe, [], dirname(exe));
  return { status: result.status ?? -2, out: result.stdout, err: result.stderr };
}

/**
 * @param {Runner} runner
 * @param {number} seed
 * @param {string} dir receives the program
 * @returns {Comparison}
 */
export function compareSeed(runner, seed, dir) {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${seed}.c`);
  const generated = runLimited("csmith", csmithOptions(seed), dir);
  if (generated.status !== 0) return { seed, result: "excluded", why: `the generator did not finish within ${PROCESSOR_SECONDS} s of processor time` };
  writeFileSync(file, generated.stdout);
  const gcc = runWithGcc(file, join(dir, "a.out"), [CSMITH_INCLUDE], [CRC]);
  if (gcc.status !== 0)
    return {
      seed,
      result: "excluded",
      why:
        gcc.status === -2
          ? `the program built by gcc did not finish within ${PROCESSOR_SECONDS} s of processor time`
          : `gcc: status ${gcc.status} ${gcc.err.slice(0, 200)}`,
    };
  const engine = runInEngine(runner, file, [CSMITH_INCLUDE], 120_000, [CRC]);
  // Any other report of the engine would be wrong.
  if (engine.status === 0 && engine.out === gcc.out && engine.err === "") return { seed, result: "equal", why: "" };
  // csmith programs sometimes convert a float out of range or count the leading zeros of zero.
  const exe = join(dir, "a.out");
  const sanitised = runWithGcc(file, exe, [CSMITH_INCLUDE], [CRC], SANITISERS);
  if (sanitised.err !== "")
    return { seed, result: "excluded", why: `undefined: ${/runtime error: (.*)/.exec(sanitised.err)?.[1] ?? sanitised.err.slice(0, 100)}` };
  for (const level of ["-O0", "-O2"]) {
    if (runWithGcc(file, exe, [CSMITH_INCLUDE], [CRC], [level]).out !== gcc.out) return { seed, result: "excluded", why: `gcc ${level} and gcc -O1 differ` };
  }
  return { seed, result: "different", why: `gcc: ${gcc.out.trim()}  engine: ${engine.out.trim()} status ${engine.status} ${engine.err.slice(0, 300)}` };
}

export function csmithVersion() {
  return spawnSync("csmith", ["--version"], { encoding: "utf8", cwd: tmpdir() }).stdout.split("\n")[0] ?? "";
}

export function gccVersion() {
  return spawnSync("gcc", ["--version"], { encoding: "utf8" }).stdout.split("\n")[0] ?? "";
}

export function hasCsmith() {
  return existsSync(join(CSMITH_INCLUDE, "csmith.h")) && csmithVersion() !== "";
}
