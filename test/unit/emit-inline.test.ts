// Inlining and deferred counts: neither affects what a run reports. The preemptible build keeps calls of functions that can be
// preempted and counts each operation immediately, so the two builds must agree.

import { describe, expect, it } from "vitest";
import { replay } from "../../engine/machine/decisions.js";
import { compileProgram, runMachine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import type { RunOutcome } from "../../engine/machine/outcome.js";
import { bin, branch, i32, i64, jump, local, ProgramBuilder, ret, set, sym } from "./machine-ir.js";

const OPTIONS: RunOptions = { params: {}, cpus: 1, decisions: replay([]), limits: { virtualTime: 1e12, steps: 1e9, realMs: 10_000 }, main: "main" };

function both(b: ProgramBuilder): readonly [plain: RunOutcome, preemptible: RunOutcome] {
  const program = b.link();
  return [runMachine(compileProgram(program, { preemptible: false }), OPTIONS), runMachine(compileProgram(program, { preemptible: true }), OPTIONS)];
}

/** Adds `inner`, which reads at an address, and `outer`, which calls it; both are small enough to be inlined. */
function reader(b: ProgramBuilder): void {
  b.fn("inner", (f) => ({
    params: ["i64"],
    result: "i64",
    locals: ["i64"],
    blocks: [[[f.line(), f.load(1, "i64", local(0), 0, { visible: true }), f.line()], ret(local(1))]],
  }));
  b.fn("outer", (f) => ({
    params: ["i64"],
    result: "i64",
    locals: ["i64"],
    blocks: [[[f.line(), f.call(1, "inner", local(0))], ret(local(1))]],
  }));
}

describe("an inlined callee", () => {
  it("is in the stack of its faults, at the same time as when it is called", () => {
    const b = new ProgramBuilder();
    reader(b);
    b.fn("main", (f) => ({
      locals: ["i64", "i64"],
      blocks: [
        [
          [
            f.call(0, "__tcs_alloc", i64(16), i64(16), i32(0)),
            f.store("i64", local(0), i64(1), 0, { visible: true }),
            f.store("i64", local(0), i64(2), 8, { visible: true }),
            f.call(-1, "__tcs_free", local(0), i32(0)),
            f.store("i64", local(0), i64(3), 8, { visible: true }),
            f.call(1, "outer", local(0)),
          ],
          ret(),
        ],
      ],
    }));
    const [plain, cut] = both(b);
    expect(plain.findings.map(({ kind, stack }) => [kind, stack.map((frame) => frame.function)])).toEqual([
      ["use-after-free", ["main"]],
      ["use-after-free", ["inner", "outer", "main"]],
    ]);
    expect(plain.findings).toEqual(cut.findings);
    expect(plain.stats.visibleOps).toBe(cut.stats.visibleOps);
    expect(plain.coverage).toEqual(cut.coverage);
  });

  it("begins with its locals at zero in each round of a loop", () => {
    const b = new ProgramBuilder();
    // Adds to an uninitialized local.
    b.fn("once", (f) => ({
      params: ["i64"],
      result: "i64",
      locals: ["i64"],
      blocks: [
        [[f.line()], branch(bin("i64.gt_s", local(0), i64(0)), 1, 2)],
        [[set(1, bin("i64.add", local(1), local(0)))], jump(2)],
        [[], ret(local(1))],
      ],
    }));
    b.fn("main", (f) => ({
      locals: ["i64", "i64", "i64"],
      blocks: [
        [[set(0, i64(5))], jump(1)],
        [
          [f.call(1, "once", i64(7)), set(2, bin("i64.add", local(2), local(1))), set(0, bin("i64.sub", local(0), i64(1)))],
          branch(bin("i64.gt_s", local(0), i64(0)), 1, 2),
        ],
        [[f.call(-1, "__tcs_event", i32(7), local(2), i64(0), i64(0), i64(0), i64(0))], ret()],
      ],
    }));
    for (const outcome of both(b)) expect(outcome.peak).toBe(35);
  });

  it("returns the result in its own width", () => {
    const b = new ProgramBuilder();
    b.fn("low", (f) => ({ params: ["i64"], result: "i32", blocks: [[[f.line()], ret(local(0))]] }));
    b.fn("main", (f) => ({
      locals: ["i64"],
      blocks: [[[f.call(0, "low", i64(0x1_0000_0009n)), f.call(-1, "__tcs_event", i32(7), local(0), i64(0), i64(0), i64(0), i64(0))], ret()]],
    }));
    for (const outcome of both(b)) expect(outcome.peak).toBe(9);
  });
});

describe("deferred counts", () => {
  it("include the lines up to an access that ends the thread, and none after it", () => {
    const b = new ProgramBuilder();
    b.global("place", 16);
    b.fn("main", (f) => ({
      locals: ["i64"],
      blocks: [
        [
          [f.line(), f.line(), f.store("i64", sym("place"), i64(1), 0, { visible: true }), f.line(), f.load(0, "i64", i64(8), 0, { visible: true }), f.line()],
          ret(),
        ],
      ],
    }));
    for (const outcome of both(b)) {
      expect(outcome.coverage).toEqual([
        {
          file: "test.c",
          lines: [
            [1, 1],
            [2, 1],
            [3, 1],
          ],
        },
      ]);
      // 10 ns for each of the two operations.
      expect(outcome.findings.map(({ kind, t }) => [kind, t])).toEqual([["null-dereference", 20]]);
    }
  });

  it("are those of the branch taken, also if lines of both branches share counters", () => {
    const b = new ProgramBuilder();
    b.fn("main", (f) => {
      const [head, yes, more, no, end] = [f.line(), f.line(), f.line(), f.line(), f.line()];
      return {
        locals: ["i64"],
        blocks: [
          [[set(0, i64(3))], jump(1)],
          [[head], branch(bin("i64.eq", local(0), i64(2)), 2, 3)],
          [[yes, more], jump(4)],
          [[no], jump(4)],
          [[set(0, bin("i64.sub", local(0), i64(1)))], branch(bin("i64.gt_s", local(0), i64(0)), 1, 5)],
          [[end], ret()],
        ],
      };
    });
    for (const outcome of both(b)) {
      expect(outcome.coverage[0]?.lines).toEqual([
        [1, 3],
        [2, 1],
        [3, 1],
        [4, 2],
        [5, 1],
      ]);
    }
  });
});
