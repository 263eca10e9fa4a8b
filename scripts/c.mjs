// `npm run -s c -- [-I DIR] [-D NAME[=VALUE]] [--timeout MS] FILE.c [args]`: compiles one C file with the engine, runs it
// and exits with its status; 2 where it can't be compiled or run. Bundles the engine into memory each time: always current.

import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ownSourcesForEsbuild } from "./own-sources.mjs";
import { projectDir } from "./process.mjs";

/**
 * Bundles a module of the engine and loads it.
 * @param {string} contents the module's text; imports are relative to the project
 */
export async function loadEngine(contents) {
  const dir = mkdtempSync(join(tmpdir(), "tcs-c-"));
  try {
    const outfile = join(dir, "engine.mjs");
    const made = await build({
      stdin: { contents, resolveDir: projectDir, loader: "ts" },
      plugins: [ownSourcesForEsbuild()],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "error",
    });
    writeFileSync(outfile, made.outputFiles[0]?.contents ?? "");
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The engine's C runner with its library. */
export async function loadRunner() {
  const { CLibrary, DiskTree } = await loadEngine(`export * from "./engine/node/c-runner.js"; export * from "./engine/node/disk-tree.js";`);
  return new CLibrary(new DiskTree(join(projectDir, "test", "c", "lib")));
}

function usage() {
  process.stderr.write("usage: npm run -s c -- [-I DIR] [-D NAME[=VALUE]] [--timeout MS] FILE.c [args]\n");
  process.exit(2);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const words = process.argv.slice(2);
  const includePaths = [];
  const defines = [];
  let timeLimit = 600_000;
  while (words[0]?.startsWith("-")) {
    const word = words.shift() ?? "";
    const value = /^-[ID]./.test(word) ? word.slice(2) : words.shift();
    if (value === undefined) usage();
    else if (word.startsWith("-I")) includePaths.push(value);
    else if (word.startsWith("-D"))
      defines.push(/** @type {const} */ ([value.split("=")[0] ?? "", value.includes("=") ? value.slice(value.indexOf("=") + 1) : "1"]));
    else if (word === "--timeout") timeLimit = Number(value);
    else usage();
  }
  const [file, ...args] = words;
  if (file === undefined) usage();
  const runner = await loadRunner();
  process.exitCode = runner.run(file, {
    args,
    includePaths,
    defines,
    timeLimit,
    get input() {
      return process.stdin.isTTY ? new Uint8Array(0) : readFileSync(0);
    },
    write: (/** @type {number} */ fd, /** @type {Uint8Array} */ bytes) => {
      for (let at = 0; at < bytes.length;) at += writeSync(fd, bytes, at);
    },
  });
}
