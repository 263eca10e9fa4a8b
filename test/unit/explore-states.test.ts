// Known states against every execution run to its end, on random programs that are too large for brute force. FROM and TO
// choose other seeds, for a longer test.

import { describe, expect, it } from "vitest";
import { breathe, compile, searched } from "../search/concurrent.js";
import { generate } from "../search/generate.js";

const FROM = Number(process.env["FROM"] ?? 1005);
const TO = Number(process.env["TO"] ?? 1018);
const seeds = Array.from({ length: TO - FROM }, (_, i) => FROM + i);

describe("a random program has the same outcomes with and without known states", () => {
  it.each(seeds)("seed %i", { timeout: 120_000 }, async (seed) => {
    const source = generate(seed, 3 + (seed % 3), 1 + ((seed >> 1) % 3));
    const code = compile("random", source);
    for (const bound of [0, 1, 2]) {
      await breathe();
      const each = await searched(code, bound, { states: false });
      const known = await searched(code, bound);
      expect(known.outcomes, `bound ${String(bound)} of\n${source}`).toEqual(each.outcomes);
      if (each.executions > 300) break;
    }
  });
});
