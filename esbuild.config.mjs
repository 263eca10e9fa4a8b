// Builds the bundles, each for its platform. An entry without a source file is reported and skipped, so that parts can be
// built separately. Options: --watch, --dev (source maps, no minification), names of bundles to build.

import { existsSync } from "node:fs";
import { chmod, rm, stat } from "node:fs/promises";
import * as esbuild from "esbuild";
import { ownSourcesForEsbuild } from "./scripts/own-sources.mjs";

const args = process.argv.slice(2);
const watch = args.includes("--watch");
const dev = watch || args.includes("--dev");
const only = args.filter((arg) => !arg.startsWith("--"));

const node = /** @type {const} */ ({ platform: "node", target: "node20" });
const browser = /** @type {const} */ ({ platform: "browser", target: "es2022" });

/** @type {readonly (import("esbuild").BuildOptions & { readonly entry: string; readonly outfile: string })[]} */
const bundles = [
  { entry: "extension/extension.ts", outfile: "dist/extension.cjs", ...node, format: "cjs", external: ["vscode"] },
  { entry: "extension/web.ts", outfile: "dist/extension-web.js", ...browser, format: "cjs", external: ["vscode"] },
  { entry: "engine/node/worker.ts", outfile: "dist/engine-worker.cjs", ...node, format: "cjs" },
  { entry: "engine/web/worker.ts", outfile: "dist/engine-worker-web.js", ...browser, format: "iife" },
  { entry: "engine/node/cli.ts", outfile: "dist/tcescope.mjs", ...node, format: "esm", banner: { js: "#!/usr/bin/env node" } },
  { entry: "webview/panel/panel.ts", outfile: "dist/webview/panel.js", ...browser, format: "esm" },
  { entry: "webview/timeline/timeline.ts", outfile: "dist/webview/timeline.js", ...browser, format: "esm" },
  { entry: "webview/panel/panel.css", outfile: "dist/webview/panel.css" },
  { entry: "webview/timeline/timeline.css", outfile: "dist/webview/timeline.css" },
];

const selected = bundles.filter(({ outfile }) => only.length === 0 || only.some((name) => outfile.includes(name)));
if (only.length === 0) await rm("dist", { recursive: true, force: true });

await Promise.all(
  selected.map(async ({ entry, ...options }) => {
    if (!existsSync(entry)) {
      console.log(`${options.outfile}: skipped, ${entry} does not exist`);
      return;
    }
    const context = await esbuild.context({
      ...options,
      entryPoints: [entry],
      bundle: true,
      // Stack traces in bug reports must name functions, so identifiers are not minified. Restoring the names instead
      // (keepNames) costs time whenever a closure is created.
      minifyWhitespace: !dev,
      minifySyntax: !dev,
      sourcemap: dev ? "linked" : false,
      legalComments: "none",
      logLevel: "warning",
      plugins: [ownSourcesForEsbuild()],
    });
    if (watch) {
      await context.watch();
      return;
    }
    try {
      await context.rebuild();
      if (options.banner !== undefined) await chmod(options.outfile, 0o755);
      const { size } = await stat(options.outfile);
      console.log(`${options.outfile}: ${(size / 1024).toFixed(1)} KiB`);
    } catch {
      process.exitCode = 1; // esbuild has printed the error
    } finally {
      await context.dispose();
    }
  }),
);
