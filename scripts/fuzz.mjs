// `npm run fuzz`: feeds damaged C to the front end: functions of kernel files below their #includes, headers, and the
// project's own C. Nothing may throw, hang or leak. Stops after --count N inputs or --minutes M. Options: --seed S (first
// seed), --series 6.1,6.12, --record (writes test/c/fuzz.json), --one S (runs a single seed and prints its text).

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { loadEngine } from "./c.mjs";
import { cacheDir, projectDir } from "./process.mjs";

/** An input that takes longer counts as a hang. Generous, because the machine may be busy. */
const HANG_SECONDS = 60;
const FILES = [
  "arch/powerpc/kernel/iommu.c",
  "arch/powerpc/kernel/dma-iommu.c",
  "arch/powerpc/platforms/pseries/iommu.c",
  "net/core/page_pool.c",
  "arch/powerpc/include/asm/iommu.h",
  "include/linux/iommu.h",
  "include/linux/dma-mapping.h",
  "include/linux/list.h",
  "include/linux/bitmap.h",
  "include/linux/overflow.h",
  "include/linux/minmax.h",
  "include/linux/cleanup.h",
  "include/linux/spinlock.h",
  "include/linux/rcupdate.h",
  "include/linux/compiler.h",
  "include/net/page_pool/types.h",
  "include/trace/events/page_pool.h",
];
/** Number of inputs after which the front ends are recreated. */
const INPUTS_PER_FRONT_END = 5000;
/** Kinds of ten inputs: the project's C, kernel code without its headers, kernel code with them (ten times as expensive). */
const MIX = ["own", "own", "own", "bare", "bare", "bare", "bare", "bare", "kernel", "kernel"];

/** @param {string} name @param {string} fallback */
function option(name, fallback) {
  const at = process.argv.indexOf(name);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
}

/** @typedef {{ first: number, count: number, until: number, series: string[], shared: SharedArrayBuffer, one: boolean }} Job */

async function runWorker() {
  setFlagsFromString("--expose-gc");
  const collect = /** @type {() => void} */ (runInNewContext("gc"));
  const { first, count, until, series, shared, one } = /** @type {Job} */ (workerData);
  const state = new Float64Array(shared);
  const { FrontEnd, inputOf, material, DiskTree } = await loadEngine(
    `export * from "./test/c/fuzz/front-end.js"; export * from "./test/c/fuzz/corpus.js"; export * from "./engine/node/disk-tree.js";`,
  );
  const own = new DiskTree(projectDir);
  const { projectCFiles } = await import("./project-c-files.mjs");
  const trees = series.map((s) => new DiskTree(join(cacheDir, "trees", s)));
  const read = (/** @type {InstanceType<typeof DiskTree>} */ tree, /** @type {readonly string[]} */ files) =>
    files.flatMap((path) => {
      const text = tree.read(path);
      return text === undefined ? [] : [material(path, text)];
    });
  const ownMaterials = read(own, projectCFiles());
  const emptyTree = { read: () => undefined, exists: () => false };
  const corpora = MIX.flatMap((kind, i) => {
    const tree = trees[i % Math.max(1, trees.length)];
    if (kind === "own" || tree === undefined) return [{ tree: own, kernel: false, materials: ownMaterials }];
    return [{ tree: kind === "bare" ? emptyTree : tree, kernel: kind === "kernel", materials: read(tree, FILES) }];
  });
  /** @type {Map<number, InstanceType<typeof FrontEnd>>} */
  const frontEnds = new Map();
  const heap = [];
  const slowest = { seed: 0, ms: 0 };
  let longest = 0;
  let rejected = 0;
  let functions = 0;
  /** @type {{ seed: number, why: string }[]} */
  const failures = [];
  let done = 0;
  for (; done < count && Date.now() < until; done++) {
    if (done % INPUTS_PER_FRONT_END === 0) frontEnds.clear();
    const seed = first + done;
    state[0] = done;
    state[1] = Date.now();
    const corpusIndex = seed % corpora.length;
    const corpus = corpora[corpusIndex];
    if (corpus === undefined) break;
    let frontEnd = frontEnds.get(corpusIndex);
    if (frontEnd === undefined) frontEnds.set(corpusIndex, (frontEnd = new FrontEnd(corpus.tree, corpus.kernel)));
    const input = inputOf(seed, corpus.materials);
    longest = Math.max(longest, input.text.length);
    const before = process.cpuUsage();
    try {
      if (one) console.log(input.text);
      const outcome = frontEnd.run(input, seed % 50 === 0);
      if (outcome.diagnostics > 0) rejected++;
      functions += outcome.functions;
    } catch (error) {
      failures.push({ seed, why: error instanceof Error ? (error.stack ?? error.message).split("\n").slice(0, 6).join("\n") : String(error) });
      console.log(`seed ${seed} threw: ${failures.at(-1)?.why}`);
    }
    const { user, system } = process.cpuUsage(before);
    const ms = Math.round((user + system) / 1000);
    // The first inputs of a front end also read the headers.
    if (ms > slowest.ms && done % INPUTS_PER_FRONT_END > 10) Object.assign(slowest, { seed, ms });
    if (done % INPUTS_PER_FRONT_END === INPUTS_PER_FRONT_END - 1 || (done + 1 === count && heap.length === 0)) {
      frontEnds.clear();
      collect();
      heap.push(Math.round(process.memoryUsage().heapUsed / 1e5) / 10);
      console.log(`${done + 1} inputs, ${rejected} rejected, ${failures.length} threw, heap ${heap.at(-1)} MB, slowest ${slowest.ms} ms`);
    }
  }
  parentPort?.postMessage({ done, refused: rejected, functions, threw: failures, longest, slowest, heap });
}

async function main() {
  const first = Number(option("--one", option("--seed", "1")));
  const one = process.argv.includes("--one");
  const count = one ? 1 : Number(option("--count", "100000"));
  const minutes = Number(option("--minutes", "20"));
  const series = option("--series", "6.1,6.12").split(",").filter(Boolean);
  const shared = new SharedArrayBuffer(16);
  const state = new Float64Array(shared);
  const started = Date.now();
  const worker = new Worker(new URL(import.meta.url), {
    workerData: { first, count, until: started + minutes * 60_000, series, shared, one },
  });
  const watch = setInterval(() => {
    const [done = 0, since = 0] = state;
    if (since === 0 || Date.now() - since < HANG_SECONDS * 1000) return;
    console.log(`seed ${first + done} did not finish within ${HANG_SECONDS} s`);
    process.exit(1);
  }, 1000);
  const result = await new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
  clearInterval(watch);
  const seconds = Math.round((Date.now() - started) / 1000);
  const record = {
    seeds: [first, first + result.done - 1],
    inputs: result.done,
    seconds,
    threw: result.threw.length,
    hung: 0,
    refused: result.refused,
    functionsLowered: result.functions,
    longestInput: result.longest,
    slowest: result.slowest,
    heapMegabytes: { first: result.heap[0] ?? 0, last: result.heap.at(-1) ?? 0, most: Math.max(0, ...result.heap), after: INPUTS_PER_FRONT_END },
    trees: series,
  };
  console.log(JSON.stringify(record, null, 2));
  if (process.argv.includes("--record")) writeFileSync(join(projectDir, "test", "c", "fuzz.json"), `${JSON.stringify(record, null, 2)}\n`);
  process.exitCode = result.threw.length > 0 ? 1 : 0;
}

if (isMainThread) await main();
else await runWorker();
