// A witness replays: the decision string of every finding of a search reproduces it in the build without reports to a
// search.

import { describe, expect, it } from "vitest";
import { decodeDecisions, replay } from "../../engine/machine/decisions.js";
import { compileProgram, Machine, runMachine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { STALL_NS } from "../../engine/explore/search.js";
import { compile, RUN, searched } from "../search/concurrent.js";
import { concurrentPrograms } from "../search/programs.js";

const faulty = concurrentPrograms.filter((p) => p.outcomes.some((o) => o.includes(":") || o.includes("hang")));

describe("every finding is replayed by its decisions", () => {
  it.each(faulty)("$name", { timeout: 60_000 }, async ({ source }) => {
    const code = compile("replayed", source);
    const plain = compileProgram(code.program, { preemptible: true });
    const { witnesses } = await searched(code, 2);
    expect(witnesses.length).toBeGreaterThan(0);
    for (const { finding, decisions } of witnesses) {
      const again = (): ReturnType<typeof runMachine> => runMachine(plain, { ...RUN, decisions: replay(decodeDecisions(decisions) ?? []), stall: STALL_NS });
      const first = again();
      expect(first.findings.map((f) => [f.kind, f.function, f.message])).toContainEqual([finding.kind, finding.function, finding.message]);
      expect(again().hash).toBe(first.hash);
    }
  });
});

describe("a thousand replays have one trace hash", () => {
  it.each(faulty.slice(0, 3))("$name", { timeout: 60_000 }, async ({ source }) => {
    const code = compile("replayed", source);
    const plain = compileProgram(code.program, { preemptible: true });
    const { witnesses } = await searched(code, 2);
    const deviations = decodeDecisions(witnesses[0]?.decisions ?? "") ?? [];
    const options = (): RunOptions => ({ ...RUN, decisions: replay(deviations), stall: STALL_NS });
    const machine = new Machine(plain, options());
    const hashes = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      machine.start(options());
      while (machine.step());
      hashes.add(machine.outcome().hash);
    }
    expect(hashes.size).toBe(1);
  });
});
