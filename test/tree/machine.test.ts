// The machine on real trees: for any decisions, the decision string reproduces the run and a snapshot resumes it, bit for bit;
// both builds count the same visible operations.

import { describe, expect, it } from "vitest";
import { decodeDecisions, replay, SeededRandom } from "../../engine/machine/decisions.js";
import { compileProgram, Machine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { Compiler } from "../../engine/world/compile.js";
import { openTree } from "./trees.js";

const options: RunOptions = {
  params: { buffers: 16n, late: 4n, hold: 60_000_000n, hz: 250n, cpus: 2n, liobn: 0x70000016n, pageshift: 16n, stalls: 2n },
  cpus: 2,
  decisions: replay([]),
  limits: { virtualTime: 3.6e12, steps: 1e9, realMs: 60_000 },
  main: "tcs_main",
};

const tree = openTree("6.12");

describe.skipIf(tree === undefined)("a run of the 6.12 tree", () => {
  const compiled = tree === undefined ? undefined : new Compiler().compile(tree, { hz: 250 });
  if (compiled?.ok !== true) return;
  const { program } = compiled.value;
  const code = compileProgram(program, { preemptible: true });

  it("with random decisions is reproduced by its string and resumed by a snapshot", () => {
    const machine = new Machine(code, options);
    for (let seed = 1; seed <= 6; seed++) {
      const random = (): RunOptions => ({ ...options, decisions: new SeededRandom(seed, seed % 2 === 0 ? 300 : 3000) });
      machine.start(random());
      let steps = 0;
      while (machine.step()) steps++;
      const { hash, decisions, log } = machine.outcome();
      expect(decisions).not.toBe("");

      machine.start({ ...options, decisions: replay(decodeDecisions(decisions) ?? []) });
      while (machine.step());
      expect([machine.outcome().hash, machine.outcome().decisions]).toEqual([hash, decisions]);

      machine.start(random());
      for (let i = 0; i < steps / 2; i++) machine.step();
      const snapshot = machine.snapshot();
      for (let i = 0; i < steps / 4; i++) machine.step();
      machine.restore(snapshot);
      while (machine.step());
      expect([machine.outcome().hash, machine.outcome().log]).toEqual([hash, log]);
    }
  });

  it("counts the same visible operations in both builds", () => {
    const plain = new Machine(compileProgram(program, { preemptible: false }), options);
    const preemptible = new Machine(code, options);
    while (plain.step());
    while (preemptible.step());
    expect(preemptible.outcome().stats.visibleOps).toBe(plain.outcome().stats.visibleOps);
    expect(preemptible.outcome().stats.virtualTime).toBe(plain.outcome().stats.virtualTime);
  });
});
