// A few seconds of the fuzzer (npm run fuzz), over our own C: the front end refuses invalid C and never throws.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inputOf, material } from "../c/fuzz/corpus.js";
import { FrontEnd } from "../c/fuzz/front-end.js";
import { DiskTree } from "../../engine/node/disk-tree.js";

const dir = join(import.meta.dirname, "..", "c");
const INPUTS = 1500;

describe("damaged C", () => {
  const materials = ["programs", "lib"].flatMap((folder) =>
    readdirSync(join(dir, folder)).map((name) => material(`${folder}/${name}`, readFileSync(join(dir, folder, name), "utf8"))),
  );

  it("is refused or compiled, and never throws", () => {
    const frontEnd = new FrontEnd(new DiskTree(dir), false);
    let refused = 0;
    let compiled = 0;
    for (let seed = 1; seed <= INPUTS; seed++) {
      const input = inputOf(seed, materials);
      try {
        const { diagnostics, functions } = frontEnd.run(input, seed % 25 === 0);
        if (diagnostics > 0) refused++;
        if (functions > 0) compiled++;
      } catch (error) {
        throw new Error(`seed ${String(seed)}: ${String(error)}\n${input.text.slice(0, 2000)}`, { cause: error });
      }
    }
    // Without both outcomes the inputs would test nothing.
    expect(refused).toBeGreaterThan(INPUTS / 10);
    expect(compiled).toBeGreaterThan(INPUTS / 10);
  });

  it("is the same for the same seed", () => {
    expect(inputOf(77, materials)).toEqual(inputOf(77, materials));
  });
});
