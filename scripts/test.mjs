// `npm test`: runs everything that CI runs, the cheapest steps first. Continues after a failure and ends with a summary whose
// last line is "N passed, N failed". Options: names of steps to run (types unit tree …).

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { kernelTree } from "./kernel-tree.mjs";
import { hasCommand, installPackages, installSystemPackages, errorMessage, projectDir, run, printStatus } from "./process.mjs";

/** @typedef {{ readonly passed: number, readonly failed: number, readonly skipped: number }} Counts */

const onePassed = /** @type {Counts} */ ({ passed: 1, failed: 0, skipped: 0 });

/**
 * @param {string} script path of a tool under node_modules
 * @param {string[]} args
 */
function tool(script, ...args) {
  return () => {
    run(process.execPath, [join("node_modules", script), ...args]);
    return onePassed;
  };
}

/** @param {string} project of vitest.config.mjs */
function suite(project) {
  const report = join(projectDir, "out", `test-${project}.json`);
  rmSync(report, { force: true });
  const args = ["node_modules/vitest/vitest.mjs", "run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, args, { cwd: projectDir, stdio: "inherit" });
  /** @type {{ numPassedTests?: number, numFailedTests?: number, numPendingTests?: number }} */
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")) : {};
  const failed = counts.numFailedTests ?? 0;
  const passed = counts.numPassedTests ?? 0;
  // A file that does not load or a failed set-up reports no tests but is a failure. So is a suite without tests.
  const broken = failed === 0 && (status !== 0 || passed === 0);
  return { passed, failed: broken ? 1 : failed, skipped: counts.numPendingTests ?? 0 };
}

/** @type {readonly (readonly [string, () => Counts | Promise<Counts>])[]} */
const steps = [
  ["types", tool("typescript/bin/tsc", "-b")],
  ["lint", tool("eslint/bin/eslint.js", ".", "--max-warnings", "0")],
  ["circles", tool("dependency-cruiser/bin/dependency-cruise.mjs", "--config", ".dependency-cruiser.mjs", "engine", "extension", "webview")],
  ["format", tool("prettier/bin/prettier.cjs", "--check", ".")],
  [
    "build",
    () => {
      run(process.execPath, ["esbuild.config.mjs"]);
      return onePassed;
    },
  ],
  ["unit", () => suite("unit")],
  [
    "tree",
    async () => {
      for (const series of ["6.1", "6.12"]) await kernelTree(series);
      // The preprocessor tests compare with this compiler and are skipped without it.
      if (!hasCommand("powerpc64le-linux-gnu-gcc")) installSystemPackages(["gcc-powerpc64le-linux-gnu"]);
      return suite("tree");
    },
  ],
  ["editor", () => suite("editor")],
];

const names = process.argv.slice(2);
const unknown = names.find((name) => !steps.some(([step]) => step === name));
if (unknown !== undefined) {
  printStatus(`Unknown step '${unknown}'. Steps: ${steps.map(([step]) => step).join(", ")}.`);
  process.exit(2);
}

installPackages();
mkdirSync(join(projectDir, "out"), { recursive: true });
const lines = [];
let passed = 0;
let failed = 0;
for (const [name, step] of steps) {
  if (names.length > 0 && !names.includes(name)) continue;
  console.log(`\n== ${name}`);
  const started = Date.now();
  /** @type {Counts} */
  let counts;
  try {
    counts = await step();
  } catch (error) {
    printStatus(errorMessage(error));
    counts = { passed: 0, failed: 1, skipped: 0 };
  }
  passed += counts.passed;
  failed += counts.failed;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  lines.push(`${name.padEnd(8)} ${((Date.now() - started) / 1000).toFixed(1).padStart(6)} s  ${counts.passed} passed, ${counts.failed} failed${skipped}`);
}
console.log(`\n${lines.join("\n")}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
