// Measures compilation in the engine's worker, from message to result: a cold start to both verdicts, then one-character
// edits in both iommu.c files. Prints JSON and writes out/bench/compile.json. Needs a build and a tree; must not depend on
// the engine's internals. TCS_EDITS: number of edits per file.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const root = join(fileURLToPath(new URL(".", import.meta.url)), "..");
const EDITS = Number(process.env["TCS_EDITS"] ?? 24);

/** A digit at each of these places can be changed without breaking the build. */
const EDIT_SITES = [
  { path: "arch/powerpc/kernel/iommu.c", from: "npages > 15", to: (/** @type {number} */ n) => `npages > ${String(16 + n)}` },
  { path: "arch/powerpc/platforms/pseries/iommu.c", from: "(npages == 1)", to: (/** @type {number} */ n) => `(npages == ${String(2 + n)})` },
];

/** @param {readonly number[]} values @param {number} fraction */
function quantile(values, fraction) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0) * 10) / 10;
}
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param {string} tree @param {string | undefined} mail */
async function measure(tree, mail) {
  const started = performance.now();
  const baseline = process.memoryUsage().rss;
  // The same limits as in extension/node-engine.ts.
  const worker = new Worker(join(root, "dist/engine-worker.cjs"), { resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 } });
  const patch = mail === undefined ? "builtin" : { name: mail, text: readFileSync(mail, "utf8") };
  let id = 0;
  /** @param {readonly { path: string, text: string }[]} overlays */
  const review = (overlays) =>
    new Promise((resolve, reject) => {
      const requestId = ++id;
      worker.on("message", function listen(message) {
        if (message.id !== requestId || message.type === "progress") return;
        worker.off("message", listen);
        if (message.type === "result") resolve(message.result);
        else reject(new Error(JSON.stringify(message)));
      });
      worker.postMessage({ type: "review", id: requestId, tree: { root: tree, overlays }, patch, scenario: { name: "late-unmap", set: {} } });
    });
  const result = await review([]);
  const cold = {
    ms: Math.round(performance.now() - started),
    cpuMs: Math.round(cpuMs()),
    timing: result.timing,
    verdicts: [result.before.outcome, result.after.outcome],
  };
  const perFile = [];
  /** Memory in addition to the baseline, in MB, after every 24 edits. */
  const overTime = [];
  let edits = 0;
  for (const { path, from, to } of EDIT_SITES) {
    const text = readFileSync(join(tree, path), "utf8");
    if (!text.includes(from)) throw new Error(`${path} does not contain "${from}"`);
    const wall = [];
    const compile = [];
    const run = [];
    const cpuTimes = [];
    for (let n = 0; n < EDITS; n++) {
      const t0 = performance.now();
      const c0 = cpuMs();
      const edited = await review([{ path, text: text.replace(from, to(n)) }]);
      wall.push(performance.now() - t0);
      cpuTimes.push(cpuMs() - c0);
      compile.push(edited.timing.compileMs);
      run.push(edited.timing.runMs);
      if (++edits % 24 === 0) overTime.push(Math.round((process.memoryUsage().rss - baseline) / 1e6));
    }
    perFile.push({
      path,
      edits: EDITS,
      medianMs: quantile(wall, 0.5),
      p90Ms: quantile(wall, 0.9),
      fastestMs: quantile(wall, 0),
      medianCpuMs: quantile(cpuTimes, 0.5),
      compileMedianMs: quantile(compile, 0.5),
      runMedianMs: quantile(run, 0.5),
    });
  }
  const rss = process.memoryUsage().rss - baseline;
  await worker.terminate();
  return { cold, warm: perFile, workerMB: Math.round(rss / 1e6), workerMBOverTime: overTime };
}

const [tree = join(root, ".cache/trees/6.12"), mail] = process.argv.slice(2).filter((arg) => arg !== "--inner");
if (process.argv.includes("--inner")) {
  const measurements = await measure(tree, mail);
  const machine = { cpu: cpus()[0]?.model, processors: availableParallelism(), node: process.version, load: loadavg().map((x) => Math.round(x * 10) / 10) };
  const text = `${JSON.stringify({ machine, ...measurements }, null, 2)}\n`;
  mkdirSync(join(root, "out", "bench"), { recursive: true });
  writeFileSync(join(root, "out", "bench", "compile.json"), text);
  process.stdout.write(text);
} else {
  if (!existsSync(join(root, "dist/engine-worker.cjs"))) throw new Error("dist/engine-worker.cjs does not exist. Run: npm run build");
  // In a separate process, so that no caches are warm.
  spawn(process.execPath, [fileURLToPath(import.meta.url), "--inner", tree, ...(mail === undefined ? [] : [mail])], { stdio: "inherit" }).on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
