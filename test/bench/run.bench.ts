// Measures the speed of compiled code: map/unmap pairs through the tree's functions in both builds and in the same program
// built by the host's gcc, and 120 s of virtual time under load. Measures processor time, since machines are shared. Writes
// out/bench/run.json and prints the results. TCS_BRANCH_HINTS=0: without branch hints.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, bench, describe } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { replay } from "../../engine/machine/decisions.js";
import { compileProgram, Machine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { readBranchHints } from "../../engine/node/branch-hints.js";
import { builtinChange } from "../../engine/review/builtin-change.js";
import { LayeredTree } from "../../engine/tree/layered-tree.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { Compiler } from "../../engine/world/compile.js";
import type { Program } from "../../engine/c/ir/ir.js";
import { openTree } from "../tree/trees.js";
import { toC } from "./ir-to-c.js";

const hints = process.env["TCS_BRANCH_HINTS"] !== "0";
if (hints) readBranchHints();

const PAIRS = 300_000;
const GCC_PAIRS = 3_000_000;
const ROUNDS = { iterations: 5, time: 0, warmupIterations: 1, warmupTime: 0, throws: true } as const;

const tree = openTree("6.12");
const compiler = new Compiler();

function programOf(sourceTree: SourceTree, name: string): Program {
  const source = `bench/${name}`;
  const compiled = compiler.compile(sourceTree, { hz: 250, source, files: new Map([[source, readFileSync(join(projectDir, "test", source), "utf8")]]) });
  if (!compiled.ok) throw new Error(compiled.error.message);
  return compiled.value.program;
}

function optionsOf(params: Readonly<Record<string, bigint>>): RunOptions {
  return {
    params: { buffers: 16n, late: 4n, hz: 250n, cpus: 2n, liobn: 0x70000016n, ...params },
    cpus: 2,
    decisions: replay([]),
    limits: { virtualTime: 3.6e12, steps: 2e10, realMs: 300_000 },
    main: "tcs_main",
    boot: "tcs_boot",
  };
}

/** Processor time in seconds. */
function cpuSeconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

const nsPerPair = new Map<string, number>();
const heavy: Record<string, unknown> = {};
function recordTime(name: string, ns: number): void {
  nsPerPair.set(name, Math.min(ns, nsPerPair.get(name) ?? Infinity));
}

describe.skipIf(tree === undefined)("map and unmap, Linux 6.12", () => {
  if (tree === undefined) return;
  const dir = mkdtempSync(join(tmpdir(), "tcs-bench-"));
  const program = programOf(tree, "map_unmap.c");
  const boot = program.indexOf.has("tcs_boot");

  for (const preemptible of [false, true]) {
    const name = preemptible ? "preemptible build" : "plain build";
    const machine = new Machine(compileProgram(program, { preemptible }), optionsOf({ pageshift: 16n, pairs: 0n }));
    const seconds = (pairs: number): number => {
      const { boot: start, ...rest } = optionsOf({ pageshift: 16n, pairs: BigInt(pairs) });
      machine.start(boot && start !== undefined ? { ...rest, boot: start } : rest);
      const time = cpuSeconds(() => {
        while (machine.step());
      });
      const { outcome, reason } = machine.outcome();
      if (outcome !== "clean") throw new Error(reason?.message ?? outcome);
      return time;
    };
    bench(
      name,
      () => {
        recordTime(name, ((seconds(PAIRS) - seconds(0)) * 1e9) / PAIRS);
      },
      ROUNDS,
    );
  }

  const source = join(dir, "run.c");
  const image = join(dir, "image");
  writeFileSync(source, toC(program));
  writeFileSync(image, program.image);
  for (const [name, flags] of [
    ["gcc -O2", ["-O2"]],
    ["gcc -O1 -fsanitize=address", ["-O1", "-fsanitize=address"]],
  ] as const) {
    const binary = join(dir, name.replace(/\W+/g, "-"));
    execFileSync("gcc", ["-w", ...flags, "-fwrapv", "-fno-strict-aliasing", "-fno-pie", "-no-pie", "-o", binary, source]);
    const seconds = (pairs: number): number => Number(execFileSync(binary, [image, String(pairs)], { encoding: "utf8" }));
    bench(
      name,
      () => {
        recordTime(name, ((seconds(GCC_PAIRS) - seconds(0)) * 1e9) / GCC_PAIRS);
      },
      ROUNDS,
    );
  }
  afterAll(() => {
    rmSync(dir, { recursive: true, force: true });
  });
});

describe.skipIf(tree === undefined)("120 s of virtual time with 100,000 maps and unmaps per second while the detach waits", () => {
  if (tree === undefined) return;
  const change = builtinChange(tree);
  if (!change.ok) throw new Error(change.error.message);
  const code = compileProgram(programOf(new LayeredTree([change.value.files], tree), "heavy_wait.c"), { preemptible: false });
  bench(
    "plain build",
    async () => {
      const { boot: start, ...rest } = optionsOf({ hold: 119_000_000_000n, pageshift: 12n });
      const machine = new Machine(code, code.program.indexOf.has("tcs_boot") && start !== undefined ? { ...rest, boot: start } : rest);
      const started = Date.now();
      setFlagsFromString("--expose-gc");
      const collect: unknown = runInNewContext("gc");
      const rss: number[] = [];
      const live: number[] = [];
      const burst = (): boolean => {
        for (let n = 0; n < 10_000; n++) if (!machine.step()) return false;
        return true;
      };
      let cpu = 0;
      for (;;) {
        const before = process.cpuUsage();
        const running = burst();
        const { user, system } = process.cpuUsage(before);
        cpu += (user + system) / 1e6;
        if (!running) break;
        rss.push(Math.round(process.memoryUsage().rss / 1e6));
        // Live memory, without garbage that is not collected yet.
        if (typeof collect === "function") (collect as () => void)();
        live.push(Math.round(process.memoryUsage().heapUsed / 1e5) / 10);
        // Lets the test runner process its messages.
        await new Promise((done) => {
          setImmediate(done);
        });
      }
      const { outcome, stats, timeline, occupancy } = machine.outcome();
      Object.assign(heavy, {
        outcome,
        cpuSeconds: cpu,
        realSeconds: (Date.now() - started) / 1000,
        virtualSeconds: stats.virtualTime / 1e9,
        rssMB: rss,
        liveMB: live,
      });
      Object.assign(heavy, { events: timeline.events.length, spans: timeline.spans.length, readings: occupancy.length, leftOut: timeline.thinned });
    },
    { ...ROUNDS, iterations: 1, warmupIterations: 0 },
  );
});

afterAll(() => {
  const reference = nsPerPair.get("gcc -O2") ?? NaN;
  const pairs = [...nsPerPair].map(([name, ns]) => ({
    name,
    nsPerPair: Math.round(ns),
    pairsPerSecond: Math.round(1e9 / ns),
    ratio: Math.round((ns / reference) * 10) / 10,
  }));
  const machine = { cpu: cpus()[0]?.model ?? "?", cores: cpus().length, node: process.version, branchHints: hints, load: loadavg() };
  mkdirSync(join(projectDir, "out", "bench"), { recursive: true });
  writeFileSync(join(projectDir, "out", "bench", "run.json"), `${JSON.stringify({ machine, pairs, heavy }, null, 2)}\n`);
  console.table(pairs);
  console.log(machine, heavy);
});
