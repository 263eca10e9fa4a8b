// What the compiler knows of a text is freed with its cache: nothing of it stays in the process.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { PpCache } from "../../engine/c/preprocess/index.js";
import { Unit } from "../../engine/c/syntax/unit.js";
import { run } from "./pp-fixture.js";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Macros, names, numbers and pasted words that no other text has. */
function text(n: number): string {
  const lines: string[] = [];
  for (let i = 0; i < 4000; i++) {
    const own = `${String(n)}_${String(i)}`;
    lines.push(`#define MACRO_${own}(x) x ## _${own}`, `int MACRO_${own}(name) = ${String(1000 + n)}${String(i)}ul, *other_${own};`);
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

/** Collects until it holds: V8's own compiler, at work beside us, may hold on to what it looks at. */
async function comesTrue(what: () => boolean): Promise<boolean> {
  for (let i = 0; i < 100; i++) {
    collect();
    if (what()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

test("texts that are read no more take no memory", async () => {
  for (let n = 0; n < 3; n++) read(n);
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let n = 3; n < 15; n++) read(n);
  // A dozen of these texts come to 47 MB of macros and names.
  expect(await comesTrue(() => process.memoryUsage().heapUsed - before < 5e6)).toBe(true);
});

test("a table of names goes with its cache", async () => {
  const table = new WeakRef(read(100));
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(await comesTrue(() => table.deref() === undefined)).toBe(true);
});
