// A witness replays bit for bit: a thousand replays of a witness from a search on a real tree have the same trace hash.

import { describe, expect, it } from "vitest";
import { decodeDecisions, replay } from "../../engine/machine/decisions.js";
import { compileProgram, Machine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { exhaustive } from "../../engine/explore/exhaustive.js";
import { Recorder } from "../../engine/explore/recording.js";
import { Executor, STALL_NS, tracedBuild } from "../../engine/explore/search.js";
import { patchTree } from "../../engine/review/review.js";
import { makeScenario } from "../../engine/scenario/scenario.js";
import { Compiler } from "../../engine/world/compile.js";
import { mailPatch, openTree } from "./trees.js";

const REPLAYS = 1000;
const tree = openTree("6.12");
const mail = mailPatch();

describe.skipIf(tree === undefined || mail === undefined)("a witness of the patched 6.12 tree", () => {
  it("has the same trace hash in a thousand replays, in both builds", { timeout: 900_000 }, async () => {
    if (tree === undefined || mail === undefined) return;
    const patched = patchTree(tree, mail);
    const scenario = makeScenario("late-unmap", { buffers: "1", late: "1" });
    if (!patched.ok || !scenario.ok) throw new Error("no patched tree");
    const compiled = new Compiler().compile(patched.value.tree, { hz: 250 });
    if (!compiled.ok) throw new Error(compiled.error.message);
    const { program } = compiled.value;
    const options = { params: scenario.value.values, cpus: 2, limits: { virtualTime: 3.6e12, steps: 2e10, realMs: 600_000 }, main: "tcs_main" };
    const starts = (machine: Machine): boolean => machine.progress.threads.list.some((t) => t.name === "drmgr");
    const executor = new Executor(tracedBuild(program), options, starts);
    const breathe = (): Promise<boolean> => Promise.resolve(false);
    const { findings } = await exhaustive(executor, { preemptions: 1, executions: 1e6, realMs: 600_000 }, breathe, () => undefined);
    executor.release();
    const found = findings.find((f) => f.finding.function === "__iommu_free");
    if (found === undefined) throw new Error("the search found no use after free in __iommu_free");
    const deviations = decodeDecisions(found.decisions) ?? [];
    const replayOptions = (): RunOptions => ({ ...options, decisions: replay(deviations), stall: STALL_NS });
    const machine = new Machine(compileProgram(program, { preemptible: true }), replayOptions());
    const hashes = new Set<string>();
    for (let i = 0; i < REPLAYS; i++) {
      machine.start(replayOptions());
      while (machine.step());
      hashes.add(machine.outcome().hash);
      if (i % 50 === 0) await new Promise((done) => setImmediate(done));
    }
    expect(machine.progress.findings.some((f) => f.function === "__iommu_free")).toBe(true);
    expect(hashes.size).toBe(1);
    const recorder = new Recorder(tracedBuild(program), options, starts);
    expect([...hashes]).toEqual([recorder.play(deviations).outcome.hash]);
  });
});
