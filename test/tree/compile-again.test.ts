// A compiler that has seen other versions of a tree makes the same program as one that reads everything anew: bytes,
// hash, and all that reports are made of, after every kind of edit.

import { describe, expect, it } from "vitest";
import { emitModule } from "../../engine/c/emit/module.js";
import type { Hz } from "../../engine/kbuild/config.js";
import { LayeredTree } from "../../engine/tree/layered-tree.js";
import { type Compiled, Compiler } from "../../engine/world/compile.js";
import { KERNEL, PSERIES, treeAt } from "./trees.js";

const HEADER = "arch/powerpc/include/asm/iommu.h";

interface Edit {
  readonly name: string;
  readonly path?: string;
  readonly from?: string | RegExp;
  readonly to?: string;
  readonly hz?: Hz;
  /** The program is the first one again. */
  readonly sameBytes?: boolean;
  /** Nothing that runs has to do with it. */
  readonly unseen?: boolean;
}

const EDITS: readonly Edit[] = [
  { name: "nothing" },
  { name: "one character", path: KERNEL, from: "npages > 15", to: "npages > 16" },
  { name: "the same place again", path: KERNEL, from: "npages > 15", to: "npages > 17" },
  { name: "empty lines above a function", path: KERNEL, from: /\n(static unsigned long iommu_range_alloc)/, to: "\n\n\n$1" },
  { name: "a line broken within a function", path: KERNEL, from: "unsigned long n, end, start;", to: "unsigned long n, end,\n start;" },
  { name: "back", sameBytes: true },
  { name: "a member in a header", path: HEADER, from: /\n\tunsigned long {2}it_offset;/, to: "\n\tunsigned long  it_before;\n\tunsigned long  it_offset;" },
  { name: "an #include line", path: KERNEL, from: "#include <linux/hash.h>", to: "#include <linux/hash.h>\n#include <linux/delay.h>" },
  { name: "a macro before the #includes", path: KERNEL, from: "#include <linux/init.h>", to: "#define CONFIG_IOMMU_DEBUG 1\n#include <linux/init.h>" },
  { name: "a macro after them", path: KERNEL, from: "#define DBG(...)", to: "#define unlikely(x) (x)\n#define DBG(...)" },
  { name: "a variable of the file", path: KERNEL, from: "static int novmerge;", to: "static int novmerge = 3;", unseen: true },
  { name: "a statement left open", path: KERNEL, from: "unsigned long n, end, start;", to: "unsigned long n, end, start" },
  { name: "a brace left open", path: KERNEL, from: "int pass = 0;", to: "int pass = 0; {" },
  { name: "back again", sameBytes: true },
  { name: "the other file", path: PSERIES, from: "(npages == 1)", to: "(npages == 2)" },
  { name: "another configuration", hz: 100 },
  { name: "back to the first", sameBytes: true },
];

function told({ program, diagnostics, hash }: Compiled): unknown {
  return {
    hash,
    diagnostics,
    sites: program.sites.map((s) => `${s.file}:${String(s.line)} ${s.symbol} ${s.text}`),
    lines: program.lines,
    globals: program.globals,
    functions: program.functions.map((f) => `${f.file}:${String(f.line)} ${f.symbol}`),
    assumed: [...program.assumed],
    intrinsics: [...program.intrinsics],
  };
}

const base = treeAt("6.12");

describe.skipIf(base === undefined)("compiled again, Linux 6.12", () => {
  const kept = new Compiler();
  let first: Uint8Array | undefined;

  it.each(EDITS)("$name", { timeout: 300_000 }, async ({ path, from, to, hz = 250, sameBytes, unseen }) => {
    // Lets the test runner hear of the edit before.
    await new Promise((done) => setImmediate(done));
    if (base === undefined) return;
    const files = new Map<string, string>();
    if (path !== undefined && from !== undefined && to !== undefined) {
      const text = base.read(path) ?? "";
      const changed = text.replace(from, to);
      expect(changed, `the edit fits ${path}`).not.toBe(text);
      files.set(path, changed);
    }
    const tree = new LayeredTree([files], base);
    const again = kept.compile(tree, { hz });
    const anew = new Compiler(false).compile(tree, { hz });
    if (!again.ok || !anew.ok) throw new Error(JSON.stringify([again, anew]));
    expect(told(again.value)).toEqual(told(anew.value));
    expect(again.value.program.image).toEqual(anew.value.program.image);
    for (const preemptible of [false, true]) {
      const bytes = emitModule(again.value.program, { preemptible }).bytes.slice();
      expect(Buffer.compare(bytes, emitModule(anew.value.program, { preemptible }).bytes), "module bytes").toBe(0);
      if (preemptible) continue;
      first ??= bytes;
      if ((path !== undefined || hz !== 250) && unseen !== true) expect(Buffer.compare(bytes, first), "the edit is in the program").not.toBe(0);
      if (sameBytes === true) expect(Buffer.compare(bytes, first)).toBe(0);
    }
  });
});
