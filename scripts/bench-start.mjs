// Measures the start of the extension (loading dist/extension.cjs, activate()) in fresh processes with a stub of the module
// vscode, and the size of the VSIX. Prints JSON and writes out/bench/start.json.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packageExtension } from "./package.mjs";
import { projectDir } from "./process.mjs";

const RUNS = 15;

/** A stub: reading a property, calling and constructing all return a stub. */
function stub() {
  /** @type {unknown} */
  const self = new Proxy(() => undefined, {
    get: (_, name) => (name === Symbol.toPrimitive ? () => "" : name === Symbol.iterator ? () => [].values() : name === "then" ? undefined : self),
    set: () => true,
    apply: () => self,
  });
  return self;
}

class StubClass {
  /** @type {unknown} */
  event = () => ({ dispose: () => undefined });
  fire = () => undefined;
  dispose = () => undefined;
}

/**
 * A stub of the module vscode with the names that a bundle uses.
 * @param {string} bundle
 */
function vscodeStub(bundle) {
  const names = new Set([...bundle.matchAll(/\bvscode\d*\.(\w+)/g)].map((match) => match[1] ?? ""));
  // Names that the extension constructs or derives from begin with a capital letter.
  return Object.fromEntries([...names].map((name) => [name, /^[A-Z]/.test(name) ? Object.assign(class extends StubClass {}, { from: stub }) : stub()]));
}

function measure() {
  const file = join(projectDir, "dist", "extension.cjs");
  const vscode = vscodeStub(readFileSync(file, "utf8"));
  const require = createRequire(import.meta.url);
  const internals = /** @type {{ _load: (request: string, ...rest: unknown[]) => unknown }} */ (/** @type {unknown} */ (Module));
  const load = internals._load;
  internals._load = (request, ...rest) => (request === "vscode" ? vscode : load.call(Module, request, ...rest));
  const started = performance.now();
  const extension = require(file);
  const loaded = performance.now();
  /** @type {unknown[]} */
  const subscriptions = [];
  extension.activate({
    subscriptions,
    extensionUri: stub(),
    asAbsolutePath: (/** @type {string} */ path) => join(projectDir, path),
    workspaceState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
    globalState: { get: () => undefined, update: () => Promise.resolve(), keys: () => [] },
  });
  const activated = performance.now();
  console.log(JSON.stringify({ loadMs: loaded - started, activateMs: activated - loaded, subscriptions: subscriptions.length }));
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
  if (runs.some((run) => run.subscriptions === 0)) throw new Error("the extension has registered no subscriptions");
  const total = runs.map((run) => run.loadMs + run.activateMs);
  const measurements = {
    machine: { cpu: cpus()[0]?.model, processors: availableParallelism(), node: process.version, load: loadavg().map((x) => Math.round(x * 10) / 10) },
    runs: RUNS,
    loadMs: median(runs.map((run) => run.loadMs)),
    activateMs: median(runs.map((run) => run.activateMs)),
    startMs: median(total),
    slowestMs: Math.round(Math.max(...total) * 10) / 10,
    vsixMB: Math.round(vsix / 1e4) / 100,
  };
  const text = `${JSON.stringify(measurements, null, 2)}\n`;
  mkdirSync(join(projectDir, "out", "bench"), { recursive: true });
  writeFileSync(join(projectDir, "out", "bench", "start.json"), text);
  process.stdout.write(text);
}
