// Random C programs (csmith) run by gcc and by the engine: the checksums they print must be equal. A seed gives the same
// program and options every time. Knows nothing of what the engine does inside.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Layout rules equal to the engine's machine: LP64, little-endian, char unsigned; wrapping arithmetic. */
export const GCC_FLAGS = ["-std=gnu11", "-O1", "-w", "-fwrapv", "-funsigned-char", "-fno-strict-aliasing"];
export const CSMITH_INCLUDE = "/usr/include/csmith";
/** The one builtin of x86 that csmith likes: any function will do, as long as both sides have the same. */
const CRC = ["__builtin_ia32_crc32qi(a, b)", "((unsigned)(a) * 31 + (unsigned char)(b))"];

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
 * @typedef {{ readonly seed: number, readonly result: "equal" | "skipped" | "different", readonly why: string }} Comparison
 * @typedef {{ run(file: string, options: object): number }} Runner
 */

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
  const ran = spawnSync(exe, { encoding: "latin1", timeout: 5000 });
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
  const made = spawnSync("csmith", csmithOptions(seed), { encoding: "utf8", timeout: 20_000, maxBuffer: 1 << 26 });
  if (made.status !== 0) return { seed, result: "skipped", why: "csmith did not end" };
  writeFileSync(file, made.stdout);
  const gcc = runWithGcc(file, join(dir, "a.out"), [CSMITH_INCLUDE], [CRC]);
  if (gcc.status !== 0) return { seed, result: "skipped", why: gcc.status === -2 ? "runs too long" : `gcc: ${gcc.err.slice(0, 200)}` };
  const ours = runInEngine(runner, file, [CSMITH_INCLUDE], 120_000, [CRC]);
  if (ours.status === 0 && ours.out === gcc.out) return { seed, result: "equal", why: "" };
  // Now and then csmith converts a float out of range, or asks for the leading zeros of zero.
  const sanitised = runWithGcc(
    file,
    join(dir, "a.out"),
    [CSMITH_INCLUDE],
    [CRC],
    ["-fsanitize=undefined,float-cast-overflow", "-fno-sanitize=shift,signed-integer-overflow,alignment"],
  );
  if (sanitised.err !== "" || sanitised.out !== gcc.out) return { seed, result: "skipped", why: `undefined: ${sanitised.err.slice(0, 100)}` };
  return { seed, result: "different", why: `gcc: ${gcc.out.trim()}  engine: ${ours.out.trim()} status ${ours.status} ${ours.err.slice(0, 300)}` };
}

export function haveCsmith() {
  return existsSync(join(CSMITH_INCLUDE, "csmith.h")) && spawnSync("csmith", ["--version"]).status === 0;
}
