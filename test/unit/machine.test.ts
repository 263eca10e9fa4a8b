// The machine on hand-built IR: results of compiled code, waits and wakes of threads, bad accesses, and exact repetition and
// resumption of a run.

import { describe, expect, it } from "vitest";
import { type DecisionSource, decodeDecisions, type Deviation, encodeDecisions, replay, SeededRandom } from "../../engine/machine/decisions.js";
import { compileProgram, Machine, runMachine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import type { RunOutcome } from "../../engine/machine/outcome.js";
import { bin, branch, frame, i32, i64, jump, local, NEVER, ProgramBuilder, ret, set, sym, un } from "./machine-ir.js";

function options(changes: Partial<RunOptions> = {}): RunOptions {
  return {
    params: {},
    cpus: 2,
    decisions: replay([]),
    limits: { virtualTime: 1e12, steps: 1e9, realMs: 10_000 },
    main: "main",
    ...changes,
  };
}

function run(builder: ProgramBuilder, changes: Partial<RunOptions> = {}, preemptible = false): RunOutcome {
  return runMachine(compileProgram(builder.link(), { preemptible }), options(changes));
}

/** Adds `say(n)`: logs the text at global `text` with its first byte replaced by the digit n. */
function withSay(b: ProgramBuilder): ProgramBuilder {
  b.global("digit", 16);
  b.fn("say", (f) => ({
    params: ["i64"],
    origin: "provided",
    blocks: [
      [[f.store("i8u", sym("digit"), bin("i32.add", un("i32.wrap_i64", local(0)), i32(48))), f.call(-1, "__tcs_log", i32(6), sym("digit"), i64(1))], ret()],
    ],
  }));
  return b;
}

const texts = (outcome: RunOutcome): readonly string[] => outcome.log.map((entry) => entry.slice(15));

describe("compiled code", () => {
  it("loops, calls and returns", () => {
    const b = withSay(new ProgramBuilder());
    // sum of 1..n modulo 10
    b.fn("sum", () => ({
      params: ["i64"],
      result: "i64",
      locals: ["i64"],
      blocks: [
        [[set(1, i64(0))], jump(1)],
        [[], branch(bin("i64.ne", local(0), i64(0)), 2, 3)],
        [[set(1, bin("i64.add", local(1), local(0))), set(0, bin("i64.sub", local(0), i64(1)))], jump(1)],
        [[], ret(bin("i64.rem_u", local(1), i64(10)))],
      ],
    }));
    b.fn("main", (f) => ({ locals: ["i64"], blocks: [[[f.call(0, "sum", i64(12)), f.call(-1, "say", local(0))], ret()]] }));
    const outcome = run(b);
    expect(outcome.outcome).toBe("clean");
    expect(texts(outcome)).toEqual(["8"]);
  });

  it("runs control flow that is not reducible", () => {
    // main enters the loop 1 <-> 2 in the middle when the parameter is odd.
    for (const start of [4n, 5n]) {
      const b = withSay(new ProgramBuilder());
      b.fn("main", (f) => ({
        locals: ["i64", "i64"],
        blocks: [
          [[set(0, i64(start))], branch(bin("i64.eq", bin("i64.and", local(0), i64(1)), i64(0)), 1, 2)],
          [[set(0, bin("i64.sub", local(0), i64(1))), set(1, bin("i64.add", local(1), i64(1)))], jump(2)],
          [[set(0, bin("i64.sub", local(0), i64(1)))], branch(bin("i64.gt_s", local(0), i64(0)), 1, 3)],
          [[f.call(-1, "say", local(1))], ret()],
        ],
      }));
      expect(texts(run(b))).toEqual(["2"]);
    }
  });

  it("passes variadic arguments in 8-byte slots", () => {
    const b = withSay(new ProgramBuilder());
    b.fn("second", (f) => ({
      params: ["i32"],
      result: "i64",
      variadic: true,
      locals: ["i64"],
      blocks: [[[f.load(1, "i64", { k: "vaarea" }, 8)], ret(local(1))]],
    }));
    b.fn("main", (f) => ({ locals: ["i64"], blocks: [[[f.callVariadic(0, "second", [i32(2)], [i64(3), i64(7)]), f.call(-1, "say", local(0))], ret()]] }));
    expect(texts(run(b))).toEqual(["7"]);
  });

  it("calls through pointers, and returns 0 from assumed functions, which it lists", () => {
    const b = withSay(new ProgramBuilder());
    b.assume("elsewhere", ["i64"], "i64");
    b.fn("twice", () => ({ params: ["i64"], result: "i64", blocks: [[[], ret(bin("i64.mul", local(0), i64(2)))]] }));
    b.fn("main", (f) => ({
      locals: ["i64", "i64", "i64"],
      blocks: [
        [
          [
            set(1, sym("twice")),
            f.callPointer(0, local(1), ["i64"], "i64", i64(3)),
            f.call(-1, "say", local(0)),
            f.callPointer(2, sym("elsewhere"), ["i64"], "i64", i64(3)),
            f.call(-1, "say", local(2)),
          ],
          ret(),
        ],
      ],
    }));
    const outcome = run(b);
    expect(texts(outcome)).toEqual(["6", "0"]);
    expect(outcome.functions.assumed).toEqual(["elsewhere"]);
  });

  it("keeps variables in the frame across a wait deep in a call chain", () => {
    const b = withSay(new ProgramBuilder());
    b.fn("nap", (f) => ({ params: ["i64"], locals: ["i32"], blocks: [[[f.call(1, "__tcs_wait", i64(0), local(0), i32(0))], ret()]] }));
    b.fn("middle", (f) => ({
      params: ["i64"],
      result: "i64",
      locals: ["i64"],
      frame: 16,
      blocks: [[[f.store("i64", frame(8), local(0)), f.call(-1, "nap", i64(5_000_000)), f.load(1, "i64", frame(8))], ret(bin("i64.add", local(1), local(0)))]],
    }));
    b.fn("main", (f) => ({ locals: ["i64"], blocks: [[[f.call(0, "middle", i64(4)), f.call(-1, "say", local(0))], ret()]] }));
    const outcome = run(b);
    expect(outcome.log).toEqual(["[    0.005000] 8"]);
  });

  it("reports a division by zero and continues", () => {
    const b = withSay(new ProgramBuilder());
    b.fn("main", (f) => ({
      locals: ["i64", "i64"],
      blocks: [[[f.line(), set(1, bin("i64.div_u", i64(4), local(0))), f.call(-1, "say", i64(1))], ret()]],
    }));
    const outcome = run(b);
    expect(texts(outcome)).toEqual(["1"]);
    expect(outcome.findings.map(({ kind, line }) => [kind, line])).toEqual([["bug", 1]]);
  });

  it("can't judge what it can't run, and names the place", () => {
    const b = new ProgramBuilder();
    b.fn("main", (f) => ({ blocks: [[[f.cannot("inline assembly")], ret()]] }));
    const outcome = run(b);
    expect(outcome.outcome).toBe("cannot-judge");
    expect(outcome.reason).toEqual({ message: "inline assembly", file: "test.c", line: 1, function: "main" });
  });

  it("reports a function that was lowered wrongly only if it is reached", () => {
    for (const reach of [false, true]) {
      const b = withSay(new ProgramBuilder());
      b.fn("wrong", () => ({ locals: ["i64"], blocks: [[[set(0, bin("i64.add", i64(1), i32(1)))], ret()]] }));
      b.fn("unknown", () => ({ locals: ["i64"], blocks: [[[set(0, bin("i64.frobnicate", i64(1), i64(1)))], ret()]] }));
      b.fn("main", (f) => ({ blocks: [[[f.call(-1, "say", i64(1)), ...(reach ? [f.call(-1, "wrong")] : [])], ret()]] }));
      const outcome = run(b);
      expect(texts(outcome)).toEqual(["1"]);
      expect(outcome.outcome).toBe(reach ? "cannot-judge" : "clean");
      if (reach) expect(outcome.reason?.message).toMatch(/^the engine could not compile wrong: /);
    }
  });

  it("stops an endless loop at the step limit", () => {
    const b = new ProgramBuilder();
    b.fn("main", () => ({ blocks: [[[], jump(0)]] }));
    const outcome = run(b, { limits: { virtualTime: 1e12, steps: 1e7, realMs: 10_000 } });
    expect(outcome.reason?.message).toBe("not finished after 10000000 steps");
  });

  it("stops endless recursion", () => {
    const b = new ProgramBuilder();
    b.fn("down", () => ({ blocks: [[[{ k: "call", fn: "down", i: -1, args: [], sig: { params: [], result: undefined, variadic: false }, site: 0 }], ret()]] }));
    b.fn("main", (f) => ({ blocks: [[[f.call(-1, "down")], ret()]] }));
    expect(run(b).reason?.message).toBe("the stack is full");
  });
});

describe("threads", () => {
  /** Two workers on two CPUs, each waits for its turn and logs its number; main wakes them in turn. */
  function pingPong(): ProgramBuilder {
    const b = withSay(new ProgramBuilder());
    b.global("name", "worker");
    b.global("turn", 16);
    b.fn("worker", (f) => ({
      params: ["i64"],
      locals: ["i32", "i64"],
      blocks: [
        [[set(2, i64(0))], jump(1)],
        [[f.call(1, "__tcs_wait", bin("i64.add", sym("turn"), local(0)), NEVER, i32(0)), f.call(-1, "say", local(0))], jump(2)],
        [[set(2, bin("i64.add", local(2), i64(1)))], branch(bin("i64.lt_u", local(2), i64(3)), 1, 3)],
        [[], ret()],
      ],
    }));
    b.fn("main", (f) => ({
      locals: ["i32", "i64"],
      blocks: [
        [
          [
            f.call(0, "__tcs_thread", sym("name"), sym("worker"), i64(0), i32(0), i32(0)),
            f.call(0, "__tcs_thread", sym("name"), sym("worker"), i64(1), i32(1), i32(0)),
            set(1, i64(0)),
          ],
          jump(1),
        ],
        [
          [
            f.call(0, "__tcs_wait", i64(1), bin("i64.mul", bin("i64.add", local(1), i64(1)), i64(1_000_000)), i32(0)),
            f.call(-1, "__tcs_wake", bin("i64.add", sym("turn"), bin("i64.and", local(1), i64(1))), i32(1)),
            set(1, bin("i64.add", local(1), i64(1))),
          ],
          branch(bin("i64.lt_u", local(1), i64(6)), 1, 2),
        ],
        [[], ret()],
      ],
    }));
    return b;
  }

  it("wait, wake each other and end", () => {
    const outcome = run(pingPong());
    expect(outcome.outcome).toBe("clean");
    expect(texts(outcome)).toEqual(["0", "1", "0", "1", "0", "1"]);
    expect(outcome.log[5]?.slice(0, 14)).toBe("[    0.006000]");
  });

  it("a thread that never wakes is a hang, unless it is a daemon", () => {
    for (const daemon of [0, 1]) {
      const b = new ProgramBuilder();
      b.global("name", "stuck");
      b.fn("stuck", (f) => ({ params: ["i64"], locals: ["i32"], blocks: [[[f.call(1, "__tcs_wait", i64(9), NEVER, i32(0))], ret()]] }));
      b.fn("main", (f) => ({ locals: ["i32"], blocks: [[[f.call(0, "__tcs_thread", sym("name"), sym("stuck"), i64(0), i32(1), i32(daemon))], ret()]] }));
      const outcome = run(b);
      expect(outcome.findings.map(({ kind, message }) => [kind, message])).toEqual(daemon === 1 ? [] : [["hang", "stuck sleeps forever."]]);
    }
  });

  it("run the same a hundred times, also with random decisions", () => {
    const compiled = compileProgram(pingPong().link(), { preemptible: true });
    for (const seed of [0, 7]) {
      const hashes = new Set<string>();
      const machine = new Machine(compiled, options());
      for (let i = 0; i < 100; i++) {
        machine.start(options({ decisions: seed === 0 ? replay([]) : new SeededRandom(seed, 3) }));
        while (machine.step());
        hashes.add(machine.outcome().hash);
      }
      expect(hashes.size).toBe(1);
    }
  });
});

describe("preemption", () => {
  /** Two threads add 1 to a shared counter three times each, with a separate read and write; main logs the sum. */
  function counter(): ProgramBuilder {
    const b = withSay(new ProgramBuilder());
    b.global("name", "adder");
    b.global("count", 16);
    b.fn("adder", (f) => ({
      params: ["i64"],
      locals: ["i64", "i64", "i64"],
      blocks: [
        [[set(3, sym("count"))], jump(1)],
        [
          [
            f.load(1, "i64", local(3), 0, { visible: true }),
            f.store("i64", local(3), bin("i64.add", local(1), i64(1)), 0, { visible: true }),
            set(2, bin("i64.add", local(2), i64(1))),
          ],
          branch(bin("i64.lt_u", local(2), i64(3)), 1, 2),
        ],
        [[], ret()],
      ],
    }));
    b.fn("main", (f) => ({
      locals: ["i32", "i64"],
      blocks: [
        [
          [
            f.call(0, "__tcs_thread", sym("name"), sym("adder"), i64(0), i32(0), i32(0)),
            f.call(0, "__tcs_thread", sym("name"), sym("adder"), i64(1), i32(1), i32(0)),
            f.call(0, "__tcs_wait", i64(1), i64(1_000_000), i32(0)),
            f.load(1, "i64", sym("count")),
            f.call(-1, "say", local(1)),
          ],
          ret(),
        ],
      ],
    }));
    return b;
  }

  it("is absent from the default schedule: no update is lost, in either build, at the same virtual time", () => {
    const plain = run(counter());
    const preemptible = run(counter(), {}, true);
    expect(texts(plain)).toEqual(["6"]);
    expect(preemptible.log).toEqual(plain.log);
    expect(preemptible.hash).toBe(plain.hash);
    expect(plain.stats.visibleOps).toBe(12);
  });

  it("loses updates between read and write, and the decision string replays it", () => {
    const program = compileProgram(counter().link(), { preemptible: true });
    // The first adder (second thread dispatched) is stopped before its second visible operation, the write.
    const lost = runMachine(program, options({ decisions: replay([{ kind: 2, at: 1, value: 2 }]) }));
    expect(texts(lost)).toEqual(["3"]);
    const again = runMachine(program, options({ decisions: replay(decodeDecisions(lost.decisions) ?? []) }));
    expect(again.hash).toBe(lost.hash);
    expect(again.log).toEqual(lost.log);
  });

  it("has each visible operation reported by a traced build", () => {
    const seen: string[] = [];
    const program = counter().link();
    const start = program.globals.find(({ name }) => name === "count")?.addr ?? 0;
    runMachine(
      compileProgram(program, { preemptible: true, trace: true }),
      options({
        onVisible: ({ thread, address, size, kind }) =>
          seen.push(`${String(thread)}:${kind === 0 ? "r" : "w"}${String(size)}@${String(Number(address & 0xffffffffn) - start)}`),
      }),
    );
    const each = (thread: number): readonly string[] => [1, 2, 3].flatMap(() => [`${String(thread)}:r8@0`, `${String(thread)}:w8@0`]);
    expect(seen).toEqual([...each(2), ...each(3)]);
  });

  it("on random schedules leads to more than one result, each replayed by its string", () => {
    const program = compileProgram(counter().link(), { preemptible: true });
    const seen = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const outcome = runMachine(program, options({ decisions: new SeededRandom(seed, 2) }));
      seen.add(texts(outcome).join());
      const again = runMachine(program, options({ decisions: replay(decodeDecisions(outcome.decisions) ?? []) }));
      expect(again.hash).toBe(outcome.hash);
      expect(again.decisions).toBe(outcome.decisions);
    }
    expect(seen.size).toBeGreaterThan(1);
  });

  it("continues after a restored snapshot exactly as in the original run", () => {
    const program = compileProgram(counter().link(), { preemptible: true });
    for (let steps = 0; steps < 12; steps++) {
      const machine = new Machine(program, options({ decisions: new SeededRandom(5, 2) }));
      for (let i = 0; i < steps; i++) machine.step();
      const snapshot = machine.snapshot();
      while (machine.step());
      const first = machine.outcome();
      machine.restore(snapshot);
      while (machine.step());
      const second = machine.outcome();
      expect(second.hash).toBe(first.hash);
      expect(second).toEqual(first);
    }
  });
});

describe("decision strings", () => {
  it("are empty for the default schedule and short for few deviations", () => {
    expect(encodeDecisions([])).toBe("");
    const deviations: Deviation[] = [
      { kind: 0, at: 3, value: 1 },
      { kind: 2, at: 100, value: 4711 },
      { kind: 0, at: 4, value: 2 },
      { kind: 1, at: 0, value: 1 },
    ];
    const text = encodeDecisions(deviations);
    expect(decodeDecisions(text)).toEqual(deviations);
    expect(text.length).toBeLessThan(16);
  });
  it("that are malformed are refused", () => {
    for (const text of ["l", "z", "1", "31", "zzzzzzzzzzzzzzzzzzzz0"]) expect(decodeDecisions(text)).toBeUndefined();
  });
});

describe("a source of decisions", () => {
  it("that returns a value out of range gets the default", () => {
    const wild: DecisionSource = { pickThread: () => 99, choose: () => -1, budget: () => 0, save: () => [], restore: () => undefined };
    const b = withSay(new ProgramBuilder());
    b.global("what", "what");
    b.fn("main", (f) => ({ locals: ["i64"], blocks: [[[f.call(0, "__tcs_choose", sym("what"), i64(3)), f.call(-1, "say", local(0))], ret()]] }));
    expect(texts(run(b, { decisions: wild }))).toEqual(["0"]);
  });
});
