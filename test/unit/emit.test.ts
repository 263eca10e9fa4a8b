// Emission of control flow: functions with random flow graphs (most of them irreducible), calls and waits compute the same in
// WebAssembly as in an interpreter of the IR, also when suspended at every possible point.

import { describe, expect, it } from "vitest";
import { type Item, orderPieces } from "../../engine/c/emit/order.js";
import type { Expr, Inst, Term } from "../../engine/c/ir/ir.js";
import { OPCODE } from "../../engine/c/emit/wasm.js";
import { replay, SeededRandom } from "../../engine/machine/decisions.js";
import { compileProgram, runMachine } from "../../engine/machine/machine.js";
import type { RunOptions } from "../../engine/machine/core.js";
import { bin, branch, type FnSpec, i32, i64, jump, local, ProgramBuilder, ret, set, sym } from "./machine-ir.js";

const BUDGET = 3; // local with the number of blocks still to run

class Random {
  private readonly source: SeededRandom;
  constructor(seed: number) {
    this.source = new SeededRandom(seed);
  }
  below(n: number): number {
    return this.source.choose("", n);
  }
}

/** f0, f1, ... each calling only those before it; f(x) returns a number that depends on the path taken. */
function randomFunction(b: ProgramBuilder, random: Random, index: number): FnSpec {
  const count = 2 + random.below(9);
  const any = (): Expr => (random.below(3) === 0 ? i64(random.below(7)) : local(random.below(3)));
  const blocks: [Inst[], Term][] = [[[set(BUDGET, i64(20 + random.below(30))), set(1, any()), set(2, any())], jump(1)]];
  for (let n = 1; n < count; n++) {
    const code: Inst[] = [set(BUDGET, bin("i64.sub", local(BUDGET), i64(1)))];
    for (let k = random.below(4); k > 0; k--) {
      switch (random.below(6)) {
        case 0:
          code.push(b.load(random.below(3), "i64", sym("shared"), 8 * random.below(4), { visible: true }));
          break;
        case 1:
          code.push(b.store("i64", sym("shared"), any(), 8 * random.below(4), { visible: true }));
          break;
        case 2:
          if (index > 0) code.push(b.call(random.below(3), `f${String(random.below(index))}`, any()));
          break;
        case 3:
          code.push(b.call(random.below(2) === 0 ? -1 : 4, "__tcs_wait", i64(1), i64(0), i32(0)));
          break;
        default:
          code.push(set(random.below(3), bin(random.below(2) === 0 ? "i64.add" : "i64.xor", any(), any())));
      }
    }
    const to = (): number => 1 + random.below(count);
    const odd = bin("i64.eq", bin("i64.and", any(), i64(1)), i64(1));
    const last: Term =
      random.below(4) === 0
        ? { k: "switch", v: bin("i64.and", any(), i64(7)), lo: [0n, 1n, 4n], hi: [0n, 2n, 4n], to: [to(), to(), to()], otherwise: to() }
        : branch(odd, to(), to());
    const continuation = blocks.length + 1;
    // Each block jumps to the end when the countdown is over.
    blocks.push([code, branch(bin("i64.gt_s", local(BUDGET), i64(0)), continuation, 0)], [[], last]);
  }
  const end = blocks.length;
  // Targets so far are ordinals of blocks; the pair of each is at 2 * ordinal - 1.
  const at = (ordinal: number): number => (ordinal >= count ? end : 2 * ordinal - 1);
  const moved = blocks.map(([code, term], i): [Inst[], Term] => {
    if (term.k === "if" && i % 2 === 1) return [code, { ...term, else: end }];
    if (term.k === "if") return [code, { ...term, then: at(term.then), else: at(term.else) }];
    if (term.k === "switch") return [code, { ...term, to: term.to.map(at), otherwise: at(term.otherwise) }];
    return [code, term];
  });
  moved.push([[], ret(bin("i64.add", bin("i64.mul", local(0), i64(31)), bin("i64.add", local(1), local(2))))]);
  return { params: ["i64"], result: "i64", locals: ["i64", "i64", "i64", "i32"], blocks: moved };
}

function evaluate(e: Expr, locals: readonly bigint[]): bigint {
  if (e.k === "i64") return e.v;
  if (e.k === "local") return locals[e.i] ?? 0n;
  if (e.k !== "bin") throw new Error(e.k);
  const a = evaluate(e.a, locals);
  const b = evaluate(e.b, locals);
  switch (e.op) {
    case "i64.add":
      return BigInt.asIntN(64, a + b);
    case "i64.sub":
      return BigInt.asIntN(64, a - b);
    case "i64.mul":
      return BigInt.asIntN(64, a * b);
    case "i64.xor":
      return a ^ b;
    case "i64.and":
      return a & b;
    case "i64.eq":
      return a === b ? 1n : 0n;
    case "i64.gt_s":
      return a > b ? 1n : 0n;
    default:
      throw new Error(e.op);
  }
}

function interpret(specs: readonly FnSpec[], index: number, x: bigint, shared: bigint[]): bigint {
  const locals = [x, 0n, 0n, 0n, 0n];
  const { blocks } = specs[index] ?? { blocks: [] };
  let at = 0;
  for (;;) {
    const [code, term] = blocks[at] ?? [[], ret()];
    for (const inst of code) {
      if (inst.k === "set") locals[inst.i] = evaluate(inst.v, locals);
      else if (inst.k === "load") locals[inst.i] = shared[inst.off / 8] ?? 0n;
      else if (inst.k === "store") shared[inst.off / 8] = evaluate(inst.v, locals);
      else if (inst.k === "call" && inst.fn?.startsWith("f") === true) {
        locals[inst.i] = interpret(specs, Number(inst.fn.slice(1)), evaluate(inst.args[0] ?? i64(0), locals), shared);
      }
    }
    switch (term.k) {
      case "jump":
        at = term.to;
        break;
      case "if":
        at = evaluate(term.c, locals) !== 0n ? term.then : term.else;
        break;
      case "switch": {
        const v = evaluate(term.v, locals);
        const hit = term.lo.findIndex((low, i) => v >= low && v <= (term.hi[i] ?? low));
        at = term.to[hit] ?? term.otherwise;
        break;
      }
      case "ret":
        return term.v === undefined ? 0n : evaluate(term.v, locals);
      default:
        throw new Error(term.k);
    }
  }
}

describe("random flow graphs", () => {
  it("compute what the interpreter computes, uninterrupted or suspended everywhere", () => {
    for (let seed = 1; seed <= 100; seed++) {
      const random = new Random(seed);
      const b = new ProgramBuilder();
      b.global("shared", 32);
      b.global("result", 16);
      const specs: FnSpec[] = [];
      for (let index = 0; index < 3; index++) {
        b.fn(`f${String(index)}`, (f) => {
          const spec = randomFunction(f, random, index);
          specs.push(spec);
          return spec;
        });
      }
      b.fn("main", (f) => ({
        locals: ["i64"],
        blocks: [
          [[f.call(0, "f2", i64(seed)), f.call(-1, "__tcs_event", i32(7), bin("i64.and", local(0), i64(0x7fffffff)), i64(0), i64(0), i64(0), i64(0))], ret()],
        ],
      }));
      const expected = interpret(specs, 2, BigInt(seed), [0n, 0n, 0n, 0n]) & 0x7fffffffn;
      const program = b.link();
      const options: RunOptions = {
        params: {},
        cpus: 1,
        decisions: replay([]),
        limits: { virtualTime: 1e12, steps: 1e9, realMs: 10_000 },
        main: "main",
      };
      const plain = runMachine(compileProgram(program, { preemptible: false }), options);
      const cut = runMachine(compileProgram(program, { preemptible: true }), {
        ...options,
        decisions: { pickThread: () => 0, choose: () => 0, budget: () => 1, save: () => [], restore: () => undefined },
      });
      for (const outcome of [plain, cut]) expect([seed, outcome.outcome, BigInt(outcome.peak)]).toEqual([seed, "clean", expected]);
      expect(cut.stats.visibleOps).toBe(plain.stats.visibleOps);
    }
  }, 60_000);
});

describe("the order of pieces", () => {
  const flat = (items: readonly Item[]): string => items.map((item) => ("piece" in item ? String(item.piece) : `(${flat(item.loop)})`)).join(" ");

  it("puts loops together, heads first", () => {
    const graph: readonly (readonly number[])[] = [[1], [5, 2], [3], [4, 3], [1], []];
    expect(flat(orderPieces(6, (n) => graph[n] ?? []))).toBe("0 (1 2 (3) 4) 5");
  });
  it("leaves out what is not reachable", () => {
    const graph: readonly (readonly number[])[] = [[2], [0], []];
    expect(flat(orderPieces(3, (n) => graph[n] ?? []))).toBe("0 2");
  });
});

describe("opcode numbers", () => {
  it("end with the specification's last", () => {
    expect([
      OPCODE.get("i32.eqz"),
      OPCODE.get("f64.copysign"),
      OPCODE.get("f64.reinterpret_i64"),
      OPCODE.get("i64.extend32_s"),
      OPCODE.get("i64.store32"),
    ]).toEqual([0x45, 0xa6, 0xbf, 0xc4, 0x3e]);
  });
});
