// Small C programs by language area, run by the engine: output and exit status must equal those of gcc's build of the same
// program (test/c/expected.json, recorded by `npm run test:c -- --record`).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CLibrary } from "../../engine/node/c-runner.js";
import { DiskTree } from "../../engine/node/disk-tree.js";

const dir = join(import.meta.dirname, "..", "c");
const expected = JSON.parse(readFileSync(join(dir, "expected.json"), "utf8")) as Readonly<Record<string, { readonly status: number; readonly out: string }>>;
const library = new CLibrary(new DiskTree(join(dir, "lib")));

function run(file: string): { readonly status: number; readonly out: string; readonly err: string } {
  const out: Uint8Array[] = [];
  const err: Uint8Array[] = [];
  const status = library.run(file, { write: (fd, bytes) => (fd === 1 ? out : err).push(bytes) });
  return { status, out: Buffer.concat(out).toString("latin1"), err: Buffer.concat(err).toString("latin1") };
}

describe("C programs behave like gcc's build of them", () => {
  for (const name of readdirSync(join(dir, "programs"))) {
    it(name, () => {
      const ran = run(join(dir, "programs", name));
      expect(ran.err).toBe("");
      expect({ status: ran.status, out: ran.out }).toEqual(expected[name]);
    });
  }
});

describe("C programs that can't be run", () => {
  const cases = readdirSync(join(dir, "bad"));
  for (const name of cases) {
    it(name, () => {
      const file = join(dir, "bad", name);
      const expectation = /^\/\* expect (\d+): (.*) \*\/$/m.exec(readFileSync(file, "utf8"));
      const ran = run(file);
      expect(ran.status).toBe(Number(expectation?.[1]));
      expect(ran.err).toMatch(new RegExp(expectation?.[2] ?? "no expectation"));
    });
  }
});
