// A state's key: equal for equal states whatever their history, different if anything that affects the continuation differs.

import { describe, expect, it } from "vitest";
import type { DecisionSource, ThreadChoice } from "../../engine/machine/decisions.js";
import { Machine } from "../../engine/machine/machine.js";
import { compile, RUN } from "../search/concurrent.js";

/** Runs the program's threads in this order (the first runnable one if none is named); returns the key after each slice. */
function keysOf(source: string, order: readonly number[]): readonly string[] {
  const left = [...order];
  const decisions: DecisionSource = {
    pickThread: (choices: readonly ThreadChoice[]) => {
      const at = choices.findIndex((c) => c.id === left[0]);
      if (at < 0) return 0;
      left.shift();
      return at;
    },
    choose: () => 0,
    budget: () => 0,
    save: () => [],
    restore: () => undefined,
  };
  const machine = new Machine(compile("key", source), { ...RUN, decisions });
  const keys: string[] = [];
  while (machine.step()) keys.push(machine.stateKey([]));
  return keys;
}

const two = (a: string, b: string, more = ""): string =>
  `int x; long pad[2]; int y; ${more} void a(void *p) { ${a} } void b(void *p) { ${b} } void test(void) { run(a); run(b); join(); }`;

describe("a state's key", () => {
  it("is the same after independent work in either order", () => {
    const source = two("x = 1;", "y = 2;");
    const [ab, ba] = [keysOf(source, [2, 3]), keysOf(source, [3, 2])];
    // After the first thread the states differ, after both they do not.
    expect(ab[1]).not.toBe(ba[1]);
    expect(ab[2]).toBe(ba[2]);
  });

  it("differs if one bit of memory differs", () => {
    const source = two("x = 1;", "x = x * 2 + 1;");
    expect(keysOf(source, [2, 3])[2]).not.toBe(keysOf(source, [3, 2])[2]);
  });

  it("differs if the same bytes are freed in one state only", () => {
    const more = "void *p, *q;";
    const freed = (which: string): string =>
      two(`kfree(${which});`, "y = 1;", more).replace("void test(void) {", "void test(void) { p = kmalloc(16); q = kmalloc(16);");
    expect(keysOf(freed("p"), [2, 3])[2]).not.toBe(keysOf(freed("q"), [2, 3])[2]);
  });

  it("differs if sleepers wake at other times", () => {
    const sleeps = (ms: number): string => two(`msleep(${String(ms)});`, "y = 1;");
    expect(keysOf(sleeps(10), [2, 3])[1]).not.toBe(keysOf(sleeps(20), [2, 3])[1]);
    expect(keysOf(sleeps(10), [2, 3])[1]).toBe(keysOf(sleeps(10), [2, 3])[1]);
  });

  it("differs by who waits for a lock first", () => {
    const source = `int x; long pad; spinlock_t l; void h(void *p) { spin_lock(&l); msleep(10); spin_unlock(&l); } void a(void *p) { spin_lock(&l); x++; spin_unlock(&l); }
      void test(void) { run(h); run(a); run(a); join(); }`;
    expect(keysOf(source, [2, 3, 4])[3]).not.toBe(keysOf(source, [2, 4, 3])[3]);
  });

  it("differs if the last of very many numbers differs", () => {
    const decisions: DecisionSource = { pickThread: () => 0, choose: () => 0, budget: () => 0, save: () => [], restore: () => undefined };
    const machine = new Machine(compile("key", two("x = 1;", "y = 2;")), { ...RUN, decisions });
    machine.step();
    const many = (last: number): readonly number[] => [...Array.from({ length: 10_000 }, (_, i) => i), last];
    expect(machine.stateKey(many(1))).not.toBe(machine.stateKey(many(2)));
    expect(machine.stateKey(many(1))).toBe(machine.stateKey(many(1)));
    expect(machine.stateKey([1, 2])).toBe(machine.stateKey([1, 2]));
  });

  it("is the same after a restored snapshot", () => {
    const code = compile("key", two("x = 1; x = 2;", "y = 2;"));
    const decisions: DecisionSource = { pickThread: () => 0, choose: () => 0, budget: () => 0, save: () => [], restore: () => undefined };
    const machine = new Machine(code, { ...RUN, decisions });
    machine.step();
    const snapshot = machine.snapshot();
    machine.step();
    const key = machine.stateKey([1]);
    while (machine.step());
    machine.restore(snapshot);
    machine.step();
    expect(machine.stateKey([1])).toBe(key);
    expect(machine.stateKey([2])).not.toBe(key);
  });
});
