// `npm run bench [-- NAME ...]`: runs all benchmarks, or those named. compile and start measure the built bundles in
// separate processes; the others are files of test/bench. Results are written to out/bench/NAME.json.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, errorMessage, projectDir, run, printStatus } from "./process.mjs";

/** @param {string} script @param {readonly string[]} [args] */
function runScript(script, args = []) {
  run(process.execPath, [join(projectDir, "scripts", script), ...args]);
}

/** @type {Readonly<Record<string, () => void>>} */
const scripted = {
  compile: () => {
    if (!existsSync(join(cacheDir, "trees/6.12/Makefile"))) runScript("kernel-tree.mjs", ["6.12"]);
    run(process.execPath, ["esbuild.config.mjs"], { quiet: true });
    runScript("bench-compile.mjs");
  },
  start: () => runScript("bench-start.mjs"),
};
const files = readdirSync(join(projectDir, "test/bench")).flatMap((name) => (name.endsWith(".bench.ts") ? [name.replace(/\.bench\.ts$/, "")] : []));
const all = [...Object.keys(scripted), ...files];

try {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : all) {
    const benchmark = scripted[name];
    if (benchmark !== undefined) benchmark();
    else if (files.includes(name))
      run(process.execPath, [join(projectDir, "node_modules/vitest/vitest.mjs"), "bench", "--run", "--project", "bench", `test/bench/${name}.bench.ts`]);
    else throw new Error(`Unknown benchmark ${name}. Benchmarks: ${all.join(", ")}`);
  }
} catch (error) {
  printStatus(errorMessage(error));
  process.exitCode = 1;
}
