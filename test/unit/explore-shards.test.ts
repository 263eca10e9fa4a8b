// The parts of a search find together what the whole search finds, with the same witnesses, for any number of parts.

import { describe, expect, it } from "vitest";
import { Findings, type Found } from "../../engine/explore/search.js";
import { breathe, compile, searched } from "../search/concurrent.js";
import { concurrentPrograms } from "../search/programs.js";

const faulty = concurrentPrograms.filter((p) => p.outcomes.length > 1 && p.outcomes.some((o) => o.includes(":") || o.includes("hang")));

const witness = ({ finding, preemptions, decisions }: Found): readonly unknown[] => [finding.kind, finding.function, finding.message, preemptions, decisions];
const sorted = (found: readonly Found[]): readonly unknown[] => found.map(witness).sort((a, b) => (String(a) < String(b) ? -1 : 1));

describe("the parts of a search together equal the whole", () => {
  it.each(faulty)("$name", { timeout: 120_000 }, async ({ source }) => {
    const code = compile("parts", source);
    const whole = await searched(code, 2);
    for (const count of [2, 3]) {
      await breathe();
      const outcomes = new Set<string>();
      const findings = new Findings();
      for (let index = 0; index < count; index++) {
        const part = await searched(code, 2, { shard: { index, count } });
        for (const outcome of part.outcomes) outcomes.add(outcome);
        for (const found of part.witnesses) findings.join(found);
      }
      expect([...outcomes].sort()).toEqual(whole.outcomes);
      expect(sorted(findings.list())).toEqual(sorted(whole.witnesses));
    }
  });
});
