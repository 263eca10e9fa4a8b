// Exhaustive search against brute force on random programs. FROM and TO choose other seeds, for a longer test.

import { describe, expect, it } from "vitest";
import { breathe, brute, compile, searched } from "../search/concurrent.js";
import { generate } from "../search/generate.js";

const FROM = Number(process.env["FROM"] ?? 1);
const TO = Number(process.env["TO"] ?? 30);
const MOST = 2000;

const seeds = Array.from({ length: TO - FROM }, (_, i) => FROM + i);

describe("random programs have the outcomes that brute force finds", () => {
  it.each(seeds)("seed %i", { timeout: 120_000 }, async (seed) => {
    const source = generate(seed, 2 + (seed % 2), seed % 2 === 0 ? 3 : 2);
    const code = compile("random", source);
    for (const bound of [0, 1, 2, 99]) {
      await breathe();
      const all = brute(code, bound, MOST);
      if (all === undefined) return;
      expect((await searched(code, bound)).outcomes, `bound ${String(bound)} of\n${source}`).toEqual(all);
      if (seed % 3 === 0)
        expect((await searched(code, bound, { states: false })).outcomes, `every execution to its end, bound ${String(bound)} of\n${source}`).toEqual(all);
      if (seed % 5 === 0)
        expect((await searched(code, bound, { reduce: false, states: false })).outcomes, `not reduced, bound ${String(bound)} of\n${source}`).toEqual(all);
    }
  });
});
