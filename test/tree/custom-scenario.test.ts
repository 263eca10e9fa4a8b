// Custom scenarios: the example in docs/SCENARIOS.md runs as documented, and a C file that does not compile is reported with
// its line.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import type { ReviewOutput } from "../../engine/review/review.js";
import { readScenarioFile } from "../../engine/scenario/scenario-file.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";
import { runReview, openTree } from "./trees.js";

const page = readFileSync(join(projectDir, "docs/SCENARIOS.md"), "utf8");
const after = page.slice(page.indexOf("## Actors of your own"));
const block = (language: string): string => new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(after)?.[1] ?? "";

async function run(tree: SourceTree, text: string): Promise<ReviewOutput> {
  const file = readScenarioFile(block("json"), "forgetful.tcescope.json");
  if (!file.ok) throw new Error(file.error.message);
  return runReview(tree, { scenario: file.value.name, set: file.value.set, own: { name: file.value.source ?? "", text } });
}

for (const series of ["6.12", "6.1"]) {
  const tree = openTree(series);
  describe.skipIf(tree === undefined)(`a custom scenario on Linux ${series}`, () => {
    if (tree === undefined) return;

    it("finds the bug of the example in the documentation", async () => {
      const { before } = (await run(tree, block("c"))).result;
      expect(before.peak).toBe(1);
      const oops = before.findings.find((f) => f.severity === "oops");
      expect(oops?.stack.map((f) => f.function)).toEqual(expect.arrayContaining(["__iommu_free", "forgotten"]));
      expect(oops?.t).toBeGreaterThan(2e9);
    });

    it("finds nothing when the example unmaps in time", async () => {
      const { before } = (await run(tree, block("c").replace("mod_timer(&remember, jiffies + 2 * HZ);", "forgotten(&remember);"))).result;
      expect(before.outcome).toBe("clean");
    });

    it("reports where the file does not compile", async () => {
      const text = block("c").replace("slot->pdev", "slot->padev");
      const { before } = (await run(tree, text)).result;
      expect(before.outcome).toBe("cannot-judge");
      expect(before.reason?.file).toContain("forgetful.c");
      expect(text.split("\n")[(before.reason?.line ?? 0) - 1]).toContain("padev");
    });
  });
}
