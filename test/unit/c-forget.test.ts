// The compiler's data on a text is freed with its cache; none of it remains in the process.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { PpCache } from "../../engine/c/preprocess/index.js";
import { Unit } from "../../engine/c/syntax/unit.js";
import { run } from "./pp-fixture.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Macros, names, numbers and pasted tokens that occur in no other text. */
function text(n: number): string {
  const lines: string[] = [];
  for (let i = 0; i < 4000; i++) {
    const suffix = `${String(n)}_${String(i)}`;
    lines.push(`#define MACRO_${suffix}(x) x ## _${suffix}`, `int MACRO_${suffix}(name) = ${String(1000 + n)}${String(i)}ul, *other_${suffix};`);
  }
  return lines.join("\n");
}

function read(n: number): object {
  const cache = new PpCache();
  const { result } = run(text(n), { cache });
  const unit = Unit.parse(result.tokens, "main.c");
  expect([unit.diagnostics.length, unit.symbols.length]).toEqual([0, 8000]);
  return cache.atoms;
}

/** Collects until the condition holds: V8's concurrent compiler may keep objects alive for a while. */
async function becomesTrue(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    collect();
    if (condition()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test("texts no longer in use take no memory", async () => {
  for (let n = 0; n < 3; n++) read(n);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 3; n < 15; n++) read(n);
  // A dozen of these texts take 47 MB of macros and names.
  expect(await becomesTrue(() => process.memoryUsage().heapUsed - before < 5e6)).toBe(true);
});

test("a table of names is freed with its cache", async () => {
  const table = new WeakRef(read(100));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(await becomesTrue(() => table.deref() === undefined)).toBe(true);
});
