// After every kind of edit, a compiler that has seen other versions of a tree generates the same program as a new compiler:
// module bytes, hash, and everything that reports are built from.

import { describe, expect, it } from "vitest";
import { emitModule } from "../../engine/c/emit/module.js";
import type { Hz } from "../../engine/kbuild/config.js";
import { LayeredTree } from "../../engine/tree/layered-tree.js";
import { type Compiled, Compiler } from "../../engine/world/compile.js";
import { KERNEL, PSERIES, openTree } from "./trees.js";

const HEADER = "arch/powerpc/include/asm/iommu.h";

interface Edit {
  readonly name: string;
  readonly path?: string;
  readonly from?: string | RegExp;
  readonly to?: string;
  readonly hz?: Hz;
  /** The program is the same as the first. */
  readonly sameBytes?: boolean;
  /** The edit does not affect any code that runs. */
  readonly noEffect?: boolean;
}

const EDITS: readonly Edit[] = [
  { name: "no change" },
  { name: "one character", path: KERNEL, from: "npages > 15", to: "npages > 16" },
  { name: "the same place once more", path: KERNEL, from: "npages > 15", to: "npages > 17" },
  { name: "empty lines above a function", path: KERNEL, from: /\n(static unsigned long iommu_range_alloc)/, to: "\n\n\n$1" },
  { name: "a line broken within a function", path: KERNEL, from: "unsigned long n, end, start;", to: "unsigned long n, end,\n start;" },
  { name: "undo", sameBytes: true },
  { name: "a member in a header", path: HEADER, from: /\n\tunsigned long {2}it_offset;/, to: "\n\tunsigned long  it_before;\n\tunsigned long  it_offset;" },
  { name: "an #include line", path: KERNEL, from: "#include <linux/hash.h>", to: "#include <linux/hash.h>\n#include <linux/delay.h>" },
  { name: "a macro before the #includes", path: KERNEL, from: "#include <linux/init.h>", to: "#define CONFIG_IOMMU_DEBUG 1\n#include <linux/init.h>" },
  { name: "a macro after the #includes", path: KERNEL, from: "#define DBG(...)", to: "#define unlikely(x) (x)\n#define DBG(...)" },
  { name: "a variable at file scope", path: KERNEL, from: "static int novmerge;", to: "static int novmerge = 3;", noEffect: true },
  { name: "an unterminated statement", path: KERNEL, from: "unsigned long n, end, start;", to: "unsigned long n, end, start" },
  { name: "an unclosed brace", path: KERNEL, from: "int pass = 0;", to: "int pass = 0; {" },
  { name: "undo of the errors", sameBytes: true },
  { name: "the other file", path: PSERIES, from: "(npages == 1)", to: "(npages == 2)" },
  { name: "another configuration", hz: 100 },
  { name: "the first configuration", sameBytes: true },
];

function comparableParts({ program, diagnostics, hash }: Compiled): unknown {
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

const base = openTree("6.12");

describe.skipIf(base === undefined)("recompilation after an edit equals a fresh compilation, Linux 6.12", () => {
  const reusedCompiler = new Compiler();
  let first: Uint8Array | undefined;

  it.each(EDITS)("$name", { timeout: 300_000 }, async ({ path, from, to, hz = 250, sameBytes, noEffect }) => {
    // Lets the test runner report the previous edit.
    await new Promise((resolve) => setImmediate(resolve));
    if (base === undefined) return;
    const files = new Map<string, string>();
    if (path !== undefined && from !== undefined && to !== undefined) {
      const text = base.read(path) ?? "";
      const changed = text.replace(from, to);
      expect(changed, `the edit applies to ${path}`).not.toBe(text);
      files.set(path, changed);
    }
    const tree = new LayeredTree([files], base);
    const incremental = reusedCompiler.compile(tree, { hz });
    const fresh = new Compiler(false).compile(tree, { hz });
    if (!incremental.ok || !fresh.ok) throw new Error(JSON.stringify([incremental, fresh]));
    expect(comparableParts(incremental.value)).toEqual(comparableParts(fresh.value));
    expect(incremental.value.program.image).toEqual(fresh.value.program.image);
    for (const preemptible of [false, true]) {
      const bytes = emitModule(incremental.value.program, { preemptible }).bytes.slice();
      expect(Buffer.compare(bytes, emitModule(fresh.value.program, { preemptible }).bytes), "module bytes").toBe(0);
      if (preemptible) continue;
      first ??= bytes;
      if ((path !== undefined || hz !== 250) && noEffect !== true) expect(Buffer.compare(bytes, first), "the edit changes the program").not.toBe(0);
      if (sameBytes === true) expect(Buffer.compare(bytes, first)).toBe(0);
    }
  });
});
