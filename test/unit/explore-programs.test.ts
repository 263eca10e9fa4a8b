// Exhaustive search against brute force: each program has the same outcomes, with every bound, with and without known
// states.

import { describe, expect, it } from "vitest";
import { concurrentPrograms } from "../search/programs.js";
import { breathe, brute, compile, searched } from "../search/concurrent.js";

/** The most executions of brute force for one program and bound. */
const MOST = 3000;

describe("exhaustive search finds what brute force finds", () => {
  it.each(concurrentPrograms)("$name", { timeout: 120_000 }, async ({ name, source, outcomes, races }) => {
    const code = compile(name.replaceAll(/\W+/g, "-"), source);
    for (const bound of [0, 1, 2]) {
      await breathe();
      const all = brute(code, bound, MOST);
      if (all === undefined) break;
      for (const states of bound === 1 ? [true, false] : [true]) {
        expect((await searched(code, bound, { states })).outcomes, `bound ${String(bound)}${states ? "" : ", every execution to its end"}`).toEqual(all);
      }
    }
    const whole = await searched(code, 99);
    expect(whole.outcomes).toEqual([...outcomes].sort());
    expect(whole.races.length > 0, "data races").toBe(races);
    expect(whole.inversions > 0, "locks in two orders").toBe(name.includes("in two orders"));
    const each = await searched(code, 99, { states: false });
    expect(each.outcomes).toEqual(whole.outcomes);
    // Executions that ended at a known state are examined together with their continuations.
    expect(whole.races, "pairs of sites that race").toEqual(each.races);
  });
});

describe("executions of one class", () => {
  // Without reduction many orders of independent operations are run: if they were dependent, outcomes would differ.
  it("have one outcome, in each program", { timeout: 300_000 }, async () => {
    let executions = 0;
    let classes = 0;
    for (const { name, source } of concurrentPrograms) {
      const code = compile(name.replaceAll(/\W+/g, "-"), source);
      const whole = await searched(code, 1, { reduce: false, states: false });
      expect(whole.split, name).toEqual([]);
      executions += whole.executions;
      classes += whole.classes;
    }
    expect(classes).toBeLessThan(executions / 2);
  });
});
