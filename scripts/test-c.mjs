// `npm run test:c`: the C compiler against gcc. Small programs by language area, random programs (csmith), and layouts of
// kernel structs against the powerpc64le cross compiler. Options: --count N random programs, --seed S the first of them,
// --record writes what gcc gave (test/c/expected.json) and what became of csmith's programs (test/c/csmith.json), names of
// parts (programs matrix layouts csmith). Skips what has no tool here.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadRunner } from "./c.mjs";
import { matrixPrograms } from "./c-matrix.mjs";
import { moreMatrixPrograms } from "./c-matrix-more.mjs";
import { compareLayouts, haveCrossCompiler, LAYOUT_FILES } from "./c-layouts.mjs";
import { compareSeed, csmithVersion, gccVersion, haveCsmith, PROCESSOR_SECONDS, runInEngine, runWithGcc } from "./csmith.mjs";
import { has, projectDir } from "./process.mjs";

const args = process.argv.slice(2);
/** @param {string} name @param {number} otherwise */
function option(name, otherwise) {
  const at = args.indexOf(name);
  return at < 0 ? otherwise : Number(args.splice(at, 2)[1]);
}
const count = option("--count", 100);
const firstSeed = option("--seed", 1);
const record = args.includes("--record");
/** Of the matrix, programs whose names begin so. */
const only = args.includes("--only") ? (args.splice(args.indexOf("--only"), 2)[1] ?? "") : "";
const parts = args.filter((arg) => !arg.startsWith("--"));
const wants = (/** @type {string} */ part) => parts.length === 0 || parts.includes(part);
const scratch = join(projectDir, "out", "c");
let passed = 0;
let failed = 0;
let skipped = 0;

/** @param {boolean} ok @param {string} name @param {string} [why] */
function check(ok, name, why = "") {
  if (ok) passed++;
  else {
    failed++;
    console.log(`FAILED ${name}${why === "" ? "" : `: ${why}`}`);
  }
}

/** @param {string} theirs @param {string} ours */
function firstDifference(theirs, ours) {
  const theirLines = theirs.split("\n");
  const ourLines = ours.split("\n");
  const line = theirLines.findIndex((text, i) => text !== ourLines[i]);
  return line < 0 ? "" : `line ${line + 1}: gcc '${theirLines[line]}', engine '${ourLines[line] ?? ""}'`;
}

mkdirSync(scratch, { recursive: true });
const runner = await loadRunner();

if (wants("programs")) {
  if (!has("gcc")) console.log("programs: skipped, there is no gcc");
  else {
    const dir = join(projectDir, "test", "c", "programs");
    /** @type {Record<string, { status: number, out: string }>} */
    const expected = {};
    const names = readdirSync(dir).filter((name) => name.endsWith(".c"));
    for (const name of names) {
      const file = join(dir, name);
      const gcc = runWithGcc(file, join(projectDir, "out", "c-program"), []);
      if (gcc.status < 0) {
        check(false, name, `gcc: ${gcc.err.slice(0, 400)}`);
        continue;
      }
      expected[name] = { status: gcc.status, out: gcc.out };
      // In the plain build, and in the one that is preempted in the middle of everything.
      for (const more of [{}, { preemptEvery: 40 }]) {
        const ours = runInEngine(runner, file, [], 60_000, [], more);
        const what = `${name}${"preemptEvery" in more ? " preempted" : ""}`;
        check(
          ours.status === gcc.status && ours.out === gcc.out,
          what,
          `status ${ours.status} for ${gcc.status} ${firstDifference(gcc.out, ours.out)} ${ours.err.slice(0, 400)}`,
        );
      }
    }
    if (record) writeFileSync(join(projectDir, "test", "c", "expected.json"), `${JSON.stringify(expected, null, 2)}\n`);
    console.log(`programs: ${names.length} compared with gcc`);
  }
}

if (wants("matrix") && has("gcc")) {
  let made = 0;
  for (const { name, text } of [...matrixPrograms(), ...moreMatrixPrograms()].filter(({ name }) => name.startsWith(only))) {
    const file = join(scratch, `${name}.c`);
    writeFileSync(file, text);
    const gcc = runWithGcc(file, join(scratch, "a.out"), []);
    const ours = runInEngine(runner, file, [], 60_000);
    const same = gcc.status === 0 && ours.status === 0 && ours.out === gcc.out && ours.err === "";
    check(
      same,
      name,
      `status ${ours.status} for ${gcc.status} ${gcc.status < 0 ? gcc.err.slice(0, 400) : firstDifference(gcc.out, ours.out)} ${ours.err.slice(0, 400)}`,
    );
    if (same) rmSync(file);
    made++;
  }
  console.log(`matrix: ${made} compared with gcc`);
}

if (wants("layouts")) {
  if (!haveCrossCompiler()) console.log("layouts: skipped, there is no powerpc64le-linux-gnu-gcc");
  else {
    for (const series of ["6.1", "6.12"]) {
      for (const file of LAYOUT_FILES) {
        const { structs, values, different, error } = await compareLayouts(series, file);
        if (error.startsWith("no tree")) {
          console.log(`layouts: ${series} skipped, ${error} (npm run tree ${series})`);
          skipped++;
          continue;
        }
        check(error === "" && different.length === 0 && structs > 100, `layouts of ${series} ${file}`, error || different.slice(0, 20).join("\n  "));
        console.log(`layouts: ${series} ${file}: ${structs} structs, ${values} values`);
      }
    }
  }
}

if (wants("csmith") && count > 0) {
  if (!has("gcc") || !haveCsmith()) console.log("csmith: skipped, there is no gcc or no csmith (Debian: csmith libcsmith-dev)");
  else {
    let equal = 0;
    /** @type {number[]} */
    const different = [];
    /** @type {{ seed: number, why: string }[]} */
    const excluded = [];
    const began = performance.now();
    let of = runner;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const { result, why } = compareSeed(of, seed, scratch);
      if (result === "equal") equal++;
      else if (result === "excluded") excluded.push({ seed, why });
      else different.push(seed);
      if (result !== "excluded") check(result !== "different", `csmith seed ${seed}`, why);
      if (result !== "different") rmSync(join(scratch, `${seed}.c`), { force: true });
      const done = seed - firstSeed + 1;
      if (done % 100 !== 0) continue;
      console.log(`csmith: ${done} of ${count}, ${different.length} different, ${excluded.length} excluded`);
      of = await loadRunner();
    }
    console.log(
      `csmith: seeds ${firstSeed} to ${firstSeed + count - 1}: ${equal} equal, ${different.length} different ${different.join(" ")}, ${excluded.length} excluded`,
    );
    if (record) {
      const seconds = Math.round((performance.now() - began) / 1000);
      const file = join(projectDir, "test", "c", "csmith.json");
      const run = {
        seeds: [firstSeed, firstSeed + count - 1],
        generator: csmithVersion(),
        compiler: gccVersion(),
        secondsForOne: PROCESSOR_SECONDS,
        programs: count,
        equal,
        different,
        excluded,
        seconds,
      };
      /** @type {{ readonly runs: readonly (typeof run)[] }} */
      const before = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { runs: [] };
      const runs = [...before.runs.filter(({ seeds }) => seeds[0] !== firstSeed), run].sort((a, b) => (a.seeds[0] ?? 0) - (b.seeds[0] ?? 0));
      writeFileSync(file, `${JSON.stringify({ runs }, null, 2)}\n`);
    }
  }
}

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
