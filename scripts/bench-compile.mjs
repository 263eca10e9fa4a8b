// Measures compiling in the engine's worker: from nothing to both verdicts, then one character changed at a time in both
// iommu.c files, by message in and result out. JSON to out/bench/compile.json and the terminal. Needs a build and a tree;
// knows nothing of the engine inside. TCS_EDITS: how many edits of each file.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";

const root = join(fileURLToPath(new URL(".", import.meta.url)), "..");
/** Edits of each file. */
const EDITS = Number(process.env["TCS_EDITS"] ?? 24);

/** Places where a digit of the tree's own code can be changed and the code still compiles. */
const PLACES = [
  { path: "arch/powerpc/kernel/iommu.c", from: "npages > 15", to: (/** @type {number} */ n) => `npages > ${String(16 + n)}` },
  { path: "arch/powerpc/platforms/pseries/iommu.c", from: "(npages == 1)", to: (/** @type {number} */ n) => `(npages == ${String(2 + n)})` },
];

/** @param {readonly number[]} values @param {number} part */
function quantile(values, part) {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0) * 10) / 10;
}
function cpu() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** @param {string} tree @param {string | undefined} mail */
async function measure(tree, mail) {
  const started = performance.now();
  const empty = process.memoryUsage().rss;
  // The limits are those of the extension (extension/node-engine.ts).
  const worker = new Worker(join(root, "dist/engine-worker.cjs"), { resourceLimits: { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 8 } });
  const patch = mail === undefined ? "builtin" : { name: mail, text: readFileSync(mail, "utf8") };
  let id = 0;
  /** @param {readonly { path: string, text: string }[]} overlays */
  const review = (overlays) =>
    new Promise((done, failed) => {
      const mine = ++id;
      worker.on("message", function listen(message) {
        if (message.id !== mine || message.type === "progress") return;
        worker.off("message", listen);
        if (message.type === "result") done(message.result);
        else failed(new Error(JSON.stringify(message)));
      });
      worker.postMessage({ type: "review", id: mine, tree: { root: tree, overlays }, patch, scenario: { name: "late-unmap", set: {} } });
    });
  const result = await review([]);
  const cold = {
    ms: Math.round(performance.now() - started),
    cpuMs: Math.round(cpu()),
    timing: result.timing,
    verdicts: [result.before.outcome, result.after.outcome],
  };
  const perFile = [];
  /** Memory of the process over what it had before, after every 24 edits. */
  const overTime = [];
  let edits = 0;
  for (const { path, from, to } of PLACES) {
    const text = readFileSync(join(tree, path), "utf8");
    if (!text.includes(from)) throw new Error(`${path} has no "${from}"`);
    const wall = [];
    const compile = [];
    const run = [];
    const used = [];
    for (let n = 0; n < EDITS; n++) {
      const t0 = performance.now();
      const c0 = cpu();
      const edited = await review([{ path, text: text.replace(from, to(n)) }]);
      wall.push(performance.now() - t0);
      used.push(cpu() - c0);
      compile.push(edited.timing.compileMs);
      run.push(edited.timing.runMs);
      if (++edits % 24 === 0) overTime.push(Math.round((process.memoryUsage().rss - empty) / 1e6));
    }
    perFile.push({
      path,
      edits: EDITS,
      medianMs: quantile(wall, 0.5),
      p90Ms: quantile(wall, 0.9),
      fastestMs: quantile(wall, 0),
      medianCpuMs: quantile(used, 0.5),
      compileMedianMs: quantile(compile, 0.5),
      runMedianMs: quantile(run, 0.5),
    });
  }
  const rss = process.memoryUsage().rss - empty;
  await worker.terminate();
  return { cold, warm: perFile, workerMB: Math.round(rss / 1e6), workerMBOverTime: overTime };
}

const [tree = join(root, ".cache/trees/6.12"), mail] = process.argv.slice(2).filter((arg) => arg !== "--inner");
if (process.argv.includes("--inner")) {
  const figures = await measure(tree, mail);
  const machine = { cpu: cpus()[0]?.model, processors: availableParallelism(), node: process.version, load: loadavg().map((x) => Math.round(x * 10) / 10) };
  const text = `${JSON.stringify({ machine, ...figures }, null, 2)}\n`;
  mkdirSync(join(root, "out", "bench"), { recursive: true });
  writeFileSync(join(root, "out", "bench", "compile.json"), text);
  process.stdout.write(text);
} else {
  if (!existsSync(join(root, "dist/engine-worker.cjs"))) throw new Error("build first: npm run build");
  // A process of its own, so that nothing is warm.
  spawn(process.execPath, [fileURLToPath(import.meta.url), "--inner", tree, ...(mail === undefined ? [] : [mail])], { stdio: "inherit" }).on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
