// The bundles, each with its platform. An entry whose source does not exist is named and skipped, so that one part can
// be built without the others. Options: --watch, --dev (source maps, no minifying), or names of bundles to build.

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

const wanted = bundles.filter(({ outfile }) => only.length === 0 || only.some((name) => outfile.includes(name)));
if (only.length === 0) await rm("dist", { recursive: true, force: true });

await Promise.all(
  wanted.map(async ({ entry, ...options }) => {
    if (!existsSync(entry)) {
      console.log(`${options.outfile}: skipped, there is no ${entry}`);
      return;
    }
    const context = await esbuild.context({
      ...options,
      entryPoints: [entry],
      bundle: true,
      // A stack trace in a user's report must name functions. Names stay as they are: to put them back (keepNames) costs
      // time at every closure that is made.
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
      process.exitCode = 1; // esbuild has printed why
    } finally {
      await context.dispose();
    }
  }),
);
