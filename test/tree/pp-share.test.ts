// Header segments shared between translation units do not change a unit's tokens, in any order of units. Only numbers from
// __COUNTER__ may differ, and names built from them must remain distinct.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { DiskTree } from "../../engine/node/disk-tree.js";
import { kernelTree } from "../../engine/kbuild/translation-unit.js";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";

const FILES = [
  "lib/vsprintf.c",
  "arch/powerpc/kernel/iommu.c",
  "lib/ratelimit.c",
  "drivers/of/dynamic.c",
  "net/core/page_pool.c",
  "arch/powerpc/kernel/iommu.c",
];

for (const version of ["6.1", "6.12"]) {
  const root = join(projectDir, ".cache/trees", version);
  describe.skipIf(!existsSync(join(root, "Makefile")))(`Linux ${version}`, () => {
    const tree = new DiskTree(root);
    const alone = new PpCache();
    // A common atom table, so that spellings can be compared by number.
    const shared = new PpCache(alone.atoms);
    const { atoms } = alone;
    const optionsAlone = kernelTree(tree, { cache: alone });
    const optionsShared = kernelTree(tree, { cache: shared });

    test.each([...FILES, ...FILES.toReversed()])("%s has the same tokens", (main) => {
      const a = preprocess(optionsAlone(main));
      const b = preprocess({ ...optionsShared(main), share: true });
      expect(b.diagnostics).toEqual([]);
      expect(b.files).toEqual(a.files);
      expect(b.tokens.length).toBe(a.tokens.length);
      const renamed = new Map<number, number>();
      const originalOf = new Map<number, number>();
      const wrong: string[] = [];
      for (let i = 0; i < a.tokens.length && wrong.length < 5; i++) {
        const x = a.tokens.value[i] ?? 0;
        const y = b.tokens.value[i] ?? 0;
        if (a.tokens.kind[i] !== b.tokens.kind[i]) wrong.push(`kind of ${atoms.text(x)}`);
        // A name with a number may be renamed, consistently and to a name that no other name has.
        const same = x === y || (/[A-Za-z_]\w*\d/.test(atoms.text(x)) && atoms.text(x).replace(/\d+/g, "#") === atoms.text(y).replace(/\d+/g, "#"));
        if (!same || (renamed.get(x) ?? y) !== y || (originalOf.get(y) ?? x) !== x) wrong.push(`${atoms.text(x)} became ${atoms.text(y)}`);
        renamed.set(x, y);
        originalOf.set(y, x);
      }
      expect(wrong).toEqual([]);
      const at = b.tokens.length - 2;
      expect(shared.sourceMap.place(b.tokens.loc[at] ?? 0)).toEqual(alone.sourceMap.place(a.tokens.loc[at] ?? 0));
    });
  });
}
