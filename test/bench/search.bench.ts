// Measures the search of the 6.12 tree with the mail's patch, by late buffers and preemption bound, and Spin on a model of the
// same protocol. Writes out/bench/search.json. BENCH_SEARCH="2:1,4:2" selects buffers:bound; 2:1:h has a holder per buffer.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { exhaustive } from "../../engine/explore/exhaustive.js";
import { classOf } from "../../engine/explore/classes.js";
import { minimise } from "../../engine/explore/minimise.js";
import { randomSearch } from "../../engine/explore/random.js";
import { Executor, tracedBuild } from "../../engine/explore/search.js";
import { patchTree } from "../../engine/review/review.js";
import { makeScenario } from "../../engine/scenario/scenario.js";
import { Compiler } from "../../engine/world/compile.js";
import { projectDir } from "../../scripts/process.mjs";
import { mailPatch, openTree } from "../tree/trees.js";

const BUDGET_MS = Number(process.env["BENCH_BUDGET"] ?? 120_000);
const CASES = (process.env["BENCH_SEARCH"] ?? "2:1,2:2,2:3,4:1,4:2,4:3,6:1,6:2,6:3,2:1:h,4:0:h").split(",").map((text) => {
  const [buffers = "2", bound = "1", holders] = text.split(":");
  return { buffers: Number(buffers), bound: Number(bound), holders: holders === "h" };
});
/** Counts the equivalence classes of executions, which takes additional time. */
const CLASSES = process.env["BENCH_CLASSES"] === "1";
const once = { iterations: 1, time: 0, warmupIterations: 0, warmupTime: 0 } as const;

const tree = openTree("6.12");
const mail = mailPatch();
const rows: object[] = [];
function record(row: object): void {
  rows.push(row);
  const dir = join(projectDir, "out/bench");
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, "search.json"), `${JSON.stringify({ node: process.version, rows }, undefined, 1)}\n`);
  console.log(JSON.stringify(row));
}
const breathe = (): Promise<boolean> =>
  new Promise((done) => {
    setImmediate(() => {
      done(false);
    });
  });

describe.skipIf(tree === undefined || mail === undefined)("search of the patched tree, Linux 6.12", () => {
  if (tree === undefined || mail === undefined) return;
  const patched = patchTree(tree, mail);
  if (!patched.ok) throw new Error("the mail's patch does not apply");
  const own = { name: "holders.c", text: readFileSync(join(projectDir, "test/bench/holders.c"), "utf8") };
  const compiler = new Compiler();
  const executorOf = (buffers: number, holders = false): Executor => {
    const set = { buffers: String(buffers), late: String(buffers), cpus: String(holders ? buffers + 1 : 2) };
    const scenario = makeScenario("late-unmap", set, holders ? own : undefined);
    if (!scenario.ok) throw new Error("no such scenario");
    const { spec, files, values } = scenario.value;
    const compiled = compiler.compile(patched.value.tree, { hz: 250, source: spec.source, ...(files === undefined ? {} : { files }) });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const { program } = compiled.value;
    return new Executor(
      tracedBuild(program),
      {
        params: values,
        cpus: Number(values["cpus"] ?? 2n),
        limits: { virtualTime: 3.6e12, steps: 2e10, realMs: 2 * BUDGET_MS },
        main: "tcs_main",
        ...(program.indexOf.has("tcs_boot") ? { boot: "tcs_boot" } : {}),
      },
      (machine) => machine.progress.threads.list.some((t) => t.name === "drmgr"),
    );
  };
  for (const { buffers, bound, holders } of CASES) {
    bench(
      `exhaustive, ${String(buffers)} late buffers${holders ? ", one holder each" : ""}, bound ${String(bound)}`,
      async () => {
        const executor = executorOf(buffers, holders);
        const cpu = process.cpuUsage();
        const started = performance.now();
        let first: number | undefined;
        const classes = new Set<string>();
        let ends = 0;
        const result = await exhaustive(executor, { preemptions: bound, executions: 1e9, realMs: BUDGET_MS }, breathe, () => undefined, {
          reduce: true,
          // Classes are defined for complete executions only.
          states: !CLASSES,
          onExecution: (state, rest) => {
            if (rest === undefined) ends++;
            if (CLASSES) classes.add(classOf(executor.schedule.operations, executor.schedule.choices));
            if (first === undefined && state.findings.length > 0) first = performance.now() - started;
          },
        });
        const ms = performance.now() - started;
        const { user, system } = process.cpuUsage(cpu);
        executor.release();
        record({
          engine: "tcescope",
          buffers,
          holders: holders ? buffers : 1,
          processorMs: Math.round((user + system) / 1000),
          bound,
          end: result.end,
          complete: result.complete,
          ms: Math.round(ms),
          executions: result.executions,
          perSecond: Math.round((1000 * result.executions) / ms),
          ends,
          states: result.states,
          operations: result.operations,
          ...(CLASSES ? { classes: classes.size } : {}),
          firstWitnessMs: first === undefined ? null : Math.round(first),
          findings: result.findings.length,
          rssMiB: Math.round(process.memoryUsage().rss / 2 ** 20),
        });
      },
      once,
    );
  }
  bench(
    "minimise a random witness, 2 late buffers",
    async () => {
      const executor = executorOf(2);
      const result = await randomSearch.search(
        executor,
        { bounds: { preemptions: 8, executions: 2000, realMs: BUDGET_MS }, depth: 1, seed: 1 },
        breathe,
        () => undefined,
      );
      for (const found of result.findings.slice(0, 3)) {
        const started = performance.now();
        const short = minimise(executor, found, 200);
        record({
          engine: "minimise",
          finding: `${found.finding.kind} ${found.finding.function}`,
          before: { preemptions: found.preemptions, switches: found.plan.size, decisions: found.decisions.length },
          after: { preemptions: short.preemptions, switches: short.plan.size, decisions: short.decisions.length },
          executionsOfSearch: result.executions,
          ms: Math.round(performance.now() - started),
        });
      }
    },
    once,
  );
});

const model = join(projectDir, "test/bench/late-unmap.pml");
function has(program: string): boolean {
  try {
    execFileSync("which", [program], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

describe.skipIf(!has("spin") || !has("gcc") || !existsSync(model))("Spin on a model of the same protocol", () => {
  for (const [buffers, holders] of [...new Set(CASES.map((c) => c.buffers))].flatMap((n) => [[n, 1] as const, [n, n] as const])) {
    bench(
      `Spin, ${String(buffers)} late buffers, ${String(holders)} holders`,
      () => {
        const dir = mkdtempSync(join(tmpdir(), "tcescope-spin-"));
        try {
          execFileSync("spin", ["-a", `-DBUFFERS=${String(buffers)}`, `-DHOLDERS=${String(holders)}`, model], { cwd: dir });
          execFileSync("gcc", ["-O2", "-DSAFETY", "-DMEMLIM=4000", "-o", "pan", "pan.c"], { cwd: dir });
          for (const all of [false, true]) {
            const started = performance.now();
            const text = execFileSync("./pan", ["-m1000000", ...(all ? ["-e", "-c0"] : ["-c1"])], {
              cwd: dir,
              encoding: "utf8",
              timeout: BUDGET_MS,
              stdio: ["ignore", "pipe", "ignore"],
            });
            const states = Number(/([\d.e+]+) states, stored/.exec(text)?.[1] ?? NaN);
            record({
              engine: "spin",
              buffers,
              holders,
              all,
              ms: Math.round(performance.now() - started),
              states,
              errors: Number(/errors: (\d+)/.exec(text)?.[1] ?? NaN),
            });
          }
        } catch (error) {
          record({ engine: "spin", buffers, holders, failed: error instanceof Error ? error.message.slice(0, 200) : String(error) });
        } finally {
          rmSync(dir, { recursive: true, force: true });
        }
      },
      once,
    );
  }
});
