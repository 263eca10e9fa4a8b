// Measures the preprocessing of a kernel file with an empty cache and with a filled one.
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { bench, describe } from "vitest";
import { projectDir } from "../../scripts/process.mjs";
import { kernelTree } from "../../engine/kbuild/translation-unit.js";
import { PpCache, preprocess } from "../../engine/c/preprocess/index.js";
import type { SourceTree } from "../../engine/tree/source-tree.js";

const root = join(projectDir, ".cache/trees/6.12");

describe.skipIf(!existsSync(join(root, "Makefile")))("preprocess, Linux 6.12", () => {
  const tree: SourceTree = {
    exists: (path) => statSync(join(root, path), { throwIfNoEntry: false })?.isFile() === true,
    read: (path) => readFileSync(join(root, path), "utf8"),
  };
  const cache = new PpCache();
  const warm = kernelTree(tree, { cache });
  for (const main of ["arch/powerpc/kernel/iommu.c", "arch/powerpc/platforms/pseries/iommu.c", "lib/vsprintf.c"]) {
    bench(`${main}, headers cached`, () => {
      preprocess(warm(main));
    });
  }
  bench("arch/powerpc/kernel/iommu.c, empty cache", () => {
    preprocess(kernelTree(tree, { cache: new PpCache() })("arch/powerpc/kernel/iommu.c"));
  });
});
