// Random C programs (csmith) run by gcc and by the engine: the checksums they print must be equal. A seed gives the same
// program and options every time. Knows nothing of what the engine does inside.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** Layout rules equal to the engine's machine: LP64, little-endian, char unsigned; wrapping arithmetic. */
export const GCC_FLAGS = ["-std=gnu11", "-O1", "-w", "-fwrapv", "-funsigned-char", "-fno-strict-aliasing"];
export const CSMITH_INCLUDE = "/usr/include/csmith";
/** The one builtin of x86 that csmith likes: any function will do, as long as both sides have the same. */
const CRC = ["__builtin_ia32_crc32qi(a, b)", "((unsigned)(a) * 31 + (unsigned char)(b))"];

/** Processor time, so that a busy machine excludes no more programs than an idle one. */
export const PROCESSOR_SECONDS = 1;

const SANITISERS = ["-fsanitize=undefined,float-cast-overflow", "-fno-sanitize=shift,signed-integer-overflow,alignment"];

/** By seed, so that each feature meets each other one. @param {number} seed */
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
 * Excluded are programs that say nothing: the generator or the program does not end in time, or C leaves open what it does.
 * @typedef {{ readonly seed: number, readonly result: "equal" | "excluded" | "different", readonly why: string }} Comparison
 * @typedef {{ run(file: string, options: object): number }} Runner
 */

/** Runs a program that may never end. @param {string} program @param {string[]} args @param {string} cwd */
function limited(program, args, cwd) {
  const words = ["-c", `ulimit -t ${PROCESSOR_SECONDS}; exec "$@"`, "sh", program, ...args];
  return spawnSync("sh", words, { encoding: "latin1", cwd, timeout: 300_000, maxBuffer: 1 << 26 });
}

/** @param {Runner} runner @param {string} file @param {string[]} includePaths @param {number} timeLimit @param {string[][]} defines @param {object} more options */
export function runInEngine(runner, file, includePaths, timeLimit, defines = [], more = {}) {
  /** @type {Uint8Array[]} */
  const out = [];
  /** @type {Uint8Array[]} */
  const err = [];
  let status;
  try {
    status = runner.run(file, {
      ...more,
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

/** @param {string} file @param {string} exe @param {string[]} includePaths @param {string[][]} defines @param {string[]} flags more of them */
export function runWithGcc(file, exe, includePaths, defines = [], flags = []) {
  const made = spawnSync(
    "gcc",
    [...GCC_FLAGS, ...includePaths.flatMap((dir) => ["-I", dir]), ...defines.map(([name, value]) => `-D${name}=${value}`), ...flags, "-o", exe, file, "-lm"],
    { encoding: "utf8" },
  );
  if (made.status !== 0) return { status: -1, out: "", err: made.stderr };
  const ran = limited(exe, [], dirname(exe));
  return { status: ran.status ?? -2, out: ran.stdout, err: ran.stderr };
}

/**
 * @param {Runner} runner
 * @param {number} seed
 * @param {string} dir where programs are put; those that differ stay
 * @returns {Comparison}
 */
export function compareSeed(runner, seed, dir) {
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${seed}.c`);
  const made = limited("csmith", csmithOptions(seed), dir);
  if (made.status !== 0) return { seed, result: "excluded", why: `the generator did not end within ${PROCESSOR_SECONDS} s of processor time` };
  writeFileSync(file, made.stdout);
  const gcc = runWithGcc(file, join(dir, "a.out"), [CSMITH_INCLUDE], [CRC]);
  if (gcc.status !== 0)
    return {
      seed,
      result: "excluded",
      why: gcc.status === -2 ? `gcc's build did not end within ${PROCESSOR_SECONDS} s of processor time` : `gcc: status ${gcc.status} ${gcc.err.slice(0, 200)}`,
    };
  const ours = runInEngine(runner, file, [CSMITH_INCLUDE], 120_000, [CRC]);
  // What it reports besides must be true as well.
  if (ours.status === 0 && ours.out === gcc.out && ours.err === "") return { seed, result: "equal", why: "" };
  // Now and then csmith converts a float out of range, or asks for the leading zeros of zero.
  const exe = join(dir, "a.out");
  const sanitised = runWithGcc(file, exe, [CSMITH_INCLUDE], [CRC], SANITISERS);
  if (sanitised.err !== "")
    return { seed, result: "excluded", why: `undefined: ${/runtime error: (.*)/.exec(sanitised.err)?.[1] ?? sanitised.err.slice(0, 100)}` };
  for (const level of ["-O0", "-O2"]) {
    if (runWithGcc(file, exe, [CSMITH_INCLUDE], [CRC], [level]).out !== gcc.out) return { seed, result: "excluded", why: `gcc ${level} and gcc -O1 differ` };
  }
  return { seed, result: "different", why: `gcc: ${gcc.out.trim()}  engine: ${ours.out.trim()} status ${ours.status} ${ours.err.slice(0, 300)}` };
}

export function csmithVersion() {
  return spawnSync("csmith", ["--version"], { encoding: "utf8", cwd: tmpdir() }).stdout.split("\n")[0] ?? "";
}

export function gccVersion() {
  return spawnSync("gcc", ["--version"], { encoding: "utf8" }).stdout.split("\n")[0] ?? "";
}

export function haveCsmith() {
  return existsSync(join(CSMITH_INCLUDE, "csmith.h")) && csmithVersion() !== "";
}
