import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { exampleScenario } from "../../engine/protocol.js";
import { exampleFiles } from "../../extension/commands/example-files.js";
import { review } from "../../engine/review/review.js";
import { Compiler } from "../../engine/world/compile.js";

const root = join(projectDir, "examples/tree");
const compiler = new Compiler();

async function outcome(hold: string, late = "4"): Promise<readonly (readonly string[])[]> {
  const out = await review(
    {
      tree: new DiskTree(root),
      patch: { name: "wait-for-buffers.patch", text: readFileSync(join(root, "wait-for-buffers.patch")) },
      scenario: { name: exampleScenario.name, set: { hold, late } },
    },
    { compiler, breathe: () => Promise.resolve(false), progress: () => undefined },
  );
  if (!out.ok) throw new Error(JSON.stringify(out.error));
  expect(out.value.result.patch?.hunks.map((hunk) => hunk.status)).toEqual(["applied", "applied", "applied", "applied"]);
  expect(out.value.result.patch?.repairs).toEqual([]);
  const { before, after } = out.value.result;
  return [before, after].map((variant) => (variant?.findings ?? []).map((finding) => `${finding.severity} ${finding.function}`));
}

describe("the example", () => {
  it("oopses without its patch, and not with it", async () => {
    const [before, after] = await outcome("3s");
    expect(before).toContain("oops entry_put");
    expect(after).toEqual([]);
  });

  it("oopses even with its patch if a buffer is held longer than the patch waits", async () => {
    const [, after] = await outcome("12s");
    expect(after).toContain("oops entry_put");
  });

  it("is clean when no buffer is late", async () => {
    expect(await outcome("3s", "0")).toEqual([[], []]);
  });

  it("is packed completely: each file is in the list that a browser reads", () => {
    const onDisk = readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(root, name)).isFile())
      .map((name) => name.replaceAll("\\", "/"))
      .sort();
    expect([...exampleFiles].sort()).toEqual(onDisk);
  });

  it("compiles to the same program after the compiler was replaced", () => {
    const tree = new DiskTree(root);
    const options = { hz: 250, source: exampleScenario.source, onlyTreeFiles: exampleScenario.onlyTreeFiles ?? [] } as const;
    const often = new Compiler(true, 1);
    const [first, second, other] = [often, often, compiler].map((one) => one.compile(tree, options));
    if (first?.ok !== true || second?.ok !== true || other?.ok !== true) throw new Error("the example does not compile");
    expect(second.value).not.toBe(first.value);
    expect([second.value.hash, other.value.hash]).toEqual([first.value.hash, first.value.hash]);
  });
});
