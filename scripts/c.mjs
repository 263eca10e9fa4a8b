// `npm run -s c -- [-I DIR] [-D NAME[=VALUE]] [--timeout MS] FILE.c [args]`: compiles a C file with the engine, runs it and
// exits with its status, or with 2 if it cannot be compiled or run. Bundles the engine each time, so it is always current.

import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { ownSourcesForEsbuild } from "./own-sources.mjs";
import { projectDir } from "./process.mjs";

/**
 * Bundles a module and loads it.
 * @param {string} contents its text; imports are relative to the project
 */
export async function loadEngine(contents) {
  const dir = mkdtempSync(join(tmpdir(), "tcs-c-"));
  try {
    const outfile = join(dir, "engine.mjs");
    const built = await build({
      stdin: { contents, resolveDir: projectDir, loader: "ts" },
      plugins: [ownSourcesForEsbuild()],
      bundle: true,
      write: false,
      platform: "node",
      format: "esm",
      target: "node20",
      logLevel: "error",
    });
    writeFileSync(outfile, built.outputFiles[0]?.contents ?? "");
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The engine's C runner and its C library. */
export async function loadRunner() {
  const { CLibrary, DiskTree } = await loadEngine(`export * from "./engine/node/c-runner.js"; export * from "./engine/node/disk-tree.js";`);
  return new CLibrary(new DiskTree(join(projectDir, "test", "c", "lib")));
}

function usage() {
  process.stderr.write("usage: npm run -s c -- [-I DIR] [-D NAME[=VALUE]] [--timeout MS] FILE.c [args]\n");
  process.exit(2);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const argv = process.argv.slice(2);
  const includePaths = [];
  const defines = [];
  let timeLimit = 600_000;
  while (argv[0]?.startsWith("-")) {
    const option = argv.shift() ?? "";
    const value = /^-[ID]./.test(option) ? option.slice(2) : argv.shift();
    if (value === undefined) usage();
    else if (option.startsWith("-I")) includePaths.push(value);
    else if (option.startsWith("-D"))
      defines.push(/** @type {const} */ ([value.split("=")[0] ?? "", value.includes("=") ? value.slice(value.indexOf("=") + 1) : "1"]));
    else if (option === "--timeout") timeLimit = Number(value);
    else usage();
  }
  const [file, ...args] = argv;
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
