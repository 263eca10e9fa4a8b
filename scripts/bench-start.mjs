// How long the extension takes to start: loading dist/extension.cjs and activate(), each time in a fresh process, with a
// stand-in for the module vscode that does nothing. And how large the VSIX is. JSON to out/bench/start.json and the terminal.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageExtension } from "./package.mjs";
import { projectDir } from "./process.mjs";

const RUNS = 15;

/** Whatever is read from it, called or constructed on it is such a thing again. */
function anything() {
  /** @type {unknown} */
  const it = new Proxy(() => undefined, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => "" : name === Symbol.iterator ? () => [].values() : name === "then" ? undefined : it),
    set: () => true,
    apply: () => it,
  });
  return it;
}

class Nothing {
  /** @type {unknown} */
  event = () => ({ dispose: () => undefined });
  fire = () => undefined;
  dispose = () => undefined;
}

/**
 * The module vscode as far as a bundle names it.
 * @param {string} bundle
 */
function standIn(bundle) {
  const names = new Set([...bundle.matchAll(/\bvscode\d*\.(\w+)/g)].map((match) => match[1] ?? ""));
  // Classes that the extension constructs or derives from begin with a capital.
  return Object.fromEntries([...names].map((name) => [name, /^[A-Z]/.test(name) ? Object.assign(class extends Nothing {}, { from: anything }) : anything()]));
}

function measure() {
  const file = join(projectDir, "dist", "extension.cjs");
  const vscode = standIn(readFileSync(file, "utf8"));
  const require = createRequire(import.meta.url);
  const internals = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (/** @type {unknown} */ (Module));
  const load = internals._load;
  internals._load = (request, ...rest) => (request === "vscode" ? vscode : load.call(Module, request, ...rest));
  const began = performance.now();
  const extension = require(file);
  const loaded = performance.now();
  /** @type {unknown[]} */
  const subscriptions = [];
  extension.activate({
    subscriptions,
    extensionUri: anything(),
    asAbsolutePath: (/** @type {string} */ path) => join(projectDir, path),
    workspaceState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
    globalState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
  });
  const ended = performance.now();
  console.log(JSON.stringify({ loadMs: loaded - began, activateMs: ended - loaded, subscriptions: subscriptions.length }));
  process.exit(0);
}

/** @param {readonly number[]} values */
function median(values) {
  return Math.round(([...values].sort((a, b) => a - b)[values.length >> 1] ?? 0) * 10) / 10;
}

if (process.argv.includes("--inner")) measure();
else {
  const vsix = statSync(packageExtension()).size;
  const runs = Array.from({ length: RUNS }, () =>
    JSON.parse(execFileSync(process.execPath, [fileURLToPath(import.meta.url), "--inner"], { encoding: "utf8" })),
  );
  if (runs.some((run) => run.subscriptions === 0)) throw new Error("the extension registered nothing");
  const total = runs.map((run) => run.loadMs + run.activateMs);
  const figures = {
    machine: { cpu: cpus()[0]?.model, processors: availableParallelism(), node: process.version, load: loadavg().map((x) => Math.round(x * 10) / 10) },
    runs: RUNS,
    loadMs: median(runs.map((run) => run.loadMs)),
    activateMs: median(runs.map((run) => run.activateMs)),
    startMs: median(total),
    slowestMs: Math.round(Math.max(...total) * 10) / 10,
    vsixMB: Math.round(vsix / 1e4) / 100,
  };
  const text = `${JSON.stringify(figures, null, 2)}\n`;
  mkdirSync(join(projectDir, "out", "bench"), { recursive: true });
  writeFileSync(join(projectDir, "out", "bench", "start.json"), text);
  process.stdout.write(text);
}
