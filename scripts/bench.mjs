// `npm run bench [-- NAME ...]`: the project's measurements; all of them without a name. compile and start measure what
// is built, in processes of their own; the others are files of test/bench. Figures go to out/bench/NAME.json.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { cacheDir, messageOf, projectDir, run, say } from "./process.mjs";

/** @param {string} script @param {readonly string[]} [args] */
function node(script, args = []) {
  run(process.execPath, [join(projectDir, "scripts", script), ...args]);
}

/** @type {Readonly<Record<string, () => void>>} */
const own = {
  compile: () => {
    if (!existsSync(join(cacheDir, "trees/6.12/Makefile"))) node("kernel-tree.mjs", ["6.12"]);
    run(process.execPath, ["esbuild.config.mjs"], { quiet: true });
    node("bench-compile.mjs");
  },
  start: () => node("bench-start.mjs"),
};
const files = readdirSync(join(projectDir, "test/bench")).flatMap((name) => (name.endsWith(".bench.ts") ? [name.replace(/\.bench\.ts$/, "")] : []));
const all = [...Object.keys(own), ...files];

try {
  const names = process.argv.slice(2);
  for (const name of names.length > 0 ? names : all) {
    const mine = own[name];
    if (mine !== undefined) mine();
    else if (files.includes(name))
      run(process.execPath, [join(projectDir, "node_modules/vitest/vitest.mjs"), "bench", "--run", "--project", "bench", `test/bench/${name}.bench.ts`]);
    else throw new Error(`there is no bench ${name}; there are ${all.join(", ")}`);
  }
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
