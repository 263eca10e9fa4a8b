// `npm run test:c`: compares the C compiler with gcc on small programs by language area and on random programs (csmith), and
// struct layouts with the powerpc64le cross compiler. Options: --count N random programs, --seed S (first seed), --only PREFIX
// (matrix programs), --record (writes gcc's output to test/c/expected.json and csmith's results to test/c/csmith.json), names
// of parts (programs matrix layouts csmith). Skips parts whose tool is not installed.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadRunner } from "./c.mjs";
import { matrixPrograms } from "./c-matrix.mjs";
import { moreMatrixPrograms } from "./c-matrix-more.mjs";
import { compareLayouts, hasCrossCompiler, LAYOUT_FILES } from "./c-layouts.mjs";
import { compareSeed, csmithVersion, gccVersion, hasCsmith, PROCESSOR_SECONDS, runInEngine, runWithGcc } from "./csmith.mjs";
import { hasCommand, projectDir } from "./process.mjs";

const args = process.argv.slice(2);
/** @param {string} name @param {number} fallback */
function option(name, fallback) {
  const at = args.indexOf(name);
  return at < 0 ? fallback : Number(args.splice(at, 2)[1]);
}
const count = option("--count", 100);
const firstSeed = option("--seed", 1);
const record = args.includes("--record");
/** Prefix of the matrix programs to run. */
const only = args.includes("--only") ? (args.splice(args.indexOf("--only"), 2)[1] ?? "") : "";
const parts = args.filter((arg) => !arg.startsWith("--"));
const isSelected = (/** @type {string} */ part) => parts.length === 0 || parts.includes(part);
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

/** @param {string} gcc @param {string} engine */
function firstDifference(gcc, engine) {
  const gccLines = gcc.split("\n");
  const engineLines = engine.split("\n");
  const line = gccLines.findIndex((text, i) => text !== engineLines[i]);
  return line < 0 ? "" : `line ${line + 1}: gcc '${gccLines[line]}', engine '${engineLines[line] ?? ""}'`;
}

mkdirSync(scratch, { recursive: true });
const runner = await loadRunner();

if (isSelected("programs")) {
  if (!hasCommand("gcc")) console.log("programs: skipped, gcc is not installed");
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
      // In the plain build, and in the preemptible build with frequent preemptions.
      for (const options of [{}, { preemptEvery: 40 }]) {
        const engine = runInEngine(runner, file, [], 60_000, [], options);
        const test = `${name}${"preemptEvery" in options ? " preempted" : ""}`;
        check(
          engine.status === gcc.status && engine.out === gcc.out,
          test,
          `status ${engine.status} instead of ${gcc.status} ${firstDifference(gcc.out, engine.out)} ${engine.err.slice(0, 400)}`,
        );
      }
    }
    if (record) writeFileSync(join(projectDir, "test", "c", "expected.json"), `${JSON.stringify(expected, null, 2)}\n`);
    console.log(`programs: ${names.length} compared with gcc`);
  }
}

if (isSelected("matrix") && hasCommand("gcc")) {
  let compared = 0;
  for (const { name, text } of [...matrixPrograms(), ...moreMatrixPrograms()].filter(({ name }) => name.startsWith(only))) {
    const file = join(scratch, `${name}.c`);
    writeFileSync(file, text);
    const gcc = runWithGcc(file, join(scratch, "a.out"), []);
    const engine = runInEngine(runner, file, [], 60_000);
    const same = gcc.status === 0 && engine.status === 0 && engine.out === gcc.out && engine.err === "";
    check(
      same,
      name,
      `status ${engine.status} instead of ${gcc.status} ${gcc.status < 0 ? gcc.err.slice(0, 400) : firstDifference(gcc.out, engine.out)} ${engine.err.slice(0, 400)}`,
    );
    if (same) rmSync(file);
    compared++;
  }
  console.log(`matrix: ${compared} compared with gcc`);
}

if (isSelected("layouts")) {
  if (!hasCrossCompiler()) console.log("layouts: skipped, powerpc64le-linux-gnu-gcc is not installed");
  else {
    for (const series of ["6.1", "6.12"]) {
      for (const file of LAYOUT_FILES) {
        const { structs, values, different, error } = await compareLayouts(series, file);
        if (error.startsWith("no kernel tree")) {
          console.log(`layouts: ${series} skipped, ${error} (npm run tree -- ${series})`);
          skipped++;
          continue;
        }
        check(error === "" && different.length === 0 && structs > 100, `layouts of ${series} ${file}`, error || different.slice(0, 20).join("\n  "));
        console.log(`layouts: ${series} ${file}: ${structs} structs, ${values} values`);
      }
    }
  }
}

if (isSelected("csmith") && count > 0) {
  if (!hasCommand("gcc") || !hasCsmith()) console.log("csmith: skipped, gcc or csmith is not installed (Debian: csmith libcsmith-dev)");
  else {
    let equal = 0;
    /** @type {number[]} */
    const different = [];
    /** @type {{ seed: number, why: string }[]} */
    const excluded = [];
    const started = performance.now();
    let currentRunner = runner;
    for (let seed = firstSeed; seed < firstSeed + count; seed++) {
      const { result, why } = compareSeed(currentRunner, seed, scratch);
      if (result === "equal") equal++;
      else if (result === "excluded") excluded.push({ seed, why });
      else different.push(seed);
      if (result !== "excluded") check(result !== "different", `csmith seed ${seed}`, why);
      if (result !== "different") rmSync(join(scratch, `${seed}.c`), { force: true });
      const done = seed - firstSeed + 1;
      if (done % 100 !== 0) continue;
      console.log(`csmith: ${done} of ${count}, ${different.length} different, ${excluded.length} excluded`);
      currentRunner = await loadRunner();
    }
    console.log(
      `csmith: seeds ${firstSeed} to ${firstSeed + count - 1}: ${equal} equal, ${different.length} different ${different.join(" ")}, ${excluded.length} excluded`,
    );
    if (record) {
      const seconds = Math.round((performance.now() - started) / 1000);
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
      const previous = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : { runs: [] };
      const runs = [...previous.runs.filter(({ seeds }) => seeds[0] !== firstSeed), run].sort((a, b) => (a.seeds[0] ?? 0) - (b.seeds[0] ?? 0));
      writeFileSync(file, `${JSON.stringify({ runs }, null, 2)}\n`);
    }
  }
}

console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = failed > 0 ? 1 : 0;
