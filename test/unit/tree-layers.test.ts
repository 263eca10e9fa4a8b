// Layers of a tree, the check for a kernel tree, and the tree on disk: no file outside the tree is ever read.

import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DiskTree, findKernelTree } from "../../engine/node/disk-tree.js";
import { checkKernelTree, kernelVersion } from "../../engine/tree/kernel-tree.js";
import { LayeredTree, normalPath, treeOf } from "../../engine/tree/layered-tree.js";

const MAKEFILE = "# SPDX-License-Identifier: GPL-2.0\nVERSION = 6\nPATCHLEVEL = 13\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\nNAME = Some Name\n\nall:\n";

const KERNEL: Record<string, string> = {
  Makefile: MAKEFILE,
  "arch/powerpc/kernel/iommu.c": "int a;\n",
  "arch/powerpc/platforms/pseries/iommu.c": "int b;\n",
  "include/linux/kernel.h": "\n",
  "arch/powerpc/include/asm/iommu.h": "\n",
};

describe("a layered tree", () => {
  const base = treeOf({ "a.c": "disk a", "b.c": "disk b", "c.c": "disk c" });
  const tree = new LayeredTree(
    [
      new Map([["a.c", "patch a"]]),
      new Map<string, string | undefined>([
        ["a.c", "editor a"],
        ["b.c", undefined],
        ["d.c", ""],
      ]),
    ],
    base,
  );

  it("reads from the topmost layer that has the path", () => {
    expect([tree.read("a.c"), tree.read("c.c"), tree.read("d.c")]).toEqual(["patch a", "disk c", ""]);
  });

  it("hides what a layer deletes", () => {
    expect([tree.read("b.c"), tree.exists("b.c"), tree.exists("d.c"), tree.exists("e.c")]).toEqual([undefined, false, true, false]);
  });

  it("finds a file by every spelling of its path, and no file outside", () => {
    expect([tree.read("./a.c"), tree.read("x/../a.c"), tree.read("x//../c.c")]).toEqual(["patch a", "patch a", "disk c"]);
    for (const path of ["../a.c", "/a.c", "x/../../a.c", "", ".", "a\0.c", "..\\a.c"])
      expect([normalPath(path), tree.read(path), tree.exists(path)]).toEqual([undefined, undefined, false]);
  });
});

describe("the kernel's version", () => {
  it("is read from the head of the Makefile", () => {
    expect(kernelVersion(treeOf(KERNEL))).toEqual({ version: 6, patchLevel: 13, subLevel: 0, extra: "-rc3", text: "6.13.0-rc3" });
    expect(kernelVersion(treeOf({ Makefile: "VERSION=5\r\nPATCHLEVEL=4\r\nSUBLEVEL=12\r\nEXTRAVERSION=\r\n" }))?.text).toBe("5.4.12");
  });

  it("is unknown without one, or with another project's", () => {
    expect(kernelVersion(treeOf({}))).toBeUndefined();
    expect(kernelVersion(treeOf({ Makefile: "VERSION = 1.2\nall:\n" }))).toBeUndefined();
  });
});

describe("a folder that is not a kernel tree is refused:", () => {
  const without = (...paths: string[]): Record<string, string> => Object.fromEntries(Object.entries(KERNEL).filter(([path]) => !paths.includes(path)));
  const check = (files: Record<string, string>): string => {
    const result = checkKernelTree(treeOf(files));
    return result.ok ? `kernel ${result.value.version.text}` : `${result.error.code}: ${result.error.message} ${result.error.hint ?? ""}`;
  };

  it.each([
    ["a kernel", KERNEL, "kernel 6.13.0-rc3"],
    [
      "an empty folder",
      {},
      "tree/not-a-kernel: Not a kernel tree: no Makefile and no arch/powerpc/kernel/iommu.c. Open the folder that holds the kernel's Makefile.",
    ],
    [
      "a folder within the tree",
      { "kernel/iommu.c": "" },
      "tree/not-a-kernel: Not a kernel tree: no Makefile and no arch/powerpc/kernel/iommu.c. Open the folder that holds the kernel's Makefile.",
    ],
    [
      "another project",
      { Makefile: "all:\n" },
      "tree/not-a-kernel: Not a kernel tree: its Makefile sets no kernel VERSION and no arch/powerpc/kernel/iommu.c. Open the folder that holds the kernel's Makefile.",
    ],
    [
      "a tree without powerpc",
      without("arch/powerpc/kernel/iommu.c"),
      "tree/no-iommu: Not a kernel tree with PowerPC IOMMU code: no arch/powerpc/kernel/iommu.c (the Makefile has version 6.13.0-rc3). Use a checkout that includes arch/powerpc.",
    ],
    [
      "a sparse checkout",
      without("include/linux/kernel.h"),
      "tree/incomplete: The kernel tree (6.13.0-rc3) is missing the include folder: no include/linux/kernel.h. Check out the complete tree. A sparse checkout lacks headers that the code includes.",
    ],
  ])("%s", (_, files, expected) => {
    expect(check(files)).toBe(expected);
  });
});

describe("on disk", () => {
  let dir = "";
  const write = (root: string, files: Record<string, string>): void => {
    for (const [path, text] of Object.entries(files)) {
      const file = join(dir, root, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  };

  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "tree-"));
    write("deep/er/linux", KERNEL);
    write("near", KERNEL);
    write("near/tools/inner", KERNEL);
    write("node_modules/linux", KERNEL);
    write("a/b/c/d/e/f/g", KERNEL);
    write("other", { Makefile: "all:\n" });
    write("", { "secret.txt": "secret" });
    symlinkSync(join(dir, "secret.txt"), join(dir, "near/leak.txt"));
    symlinkSync(dir, join(dir, "near/up"));
    symlinkSync("Makefile", join(dir, "near/Makefile.link"));
    symlinkSync("loop", join(dir, "near/loop"));
  });

  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it("reads files of the tree, and again only after they were invalidated", () => {
    const tree = new DiskTree(join(dir, "near"));
    expect(tree.read("arch/powerpc/kernel/iommu.c")).toBe("int a;\n");
    write("near", { "arch/powerpc/kernel/iommu.c": "int changed;\n" });
    expect(tree.read("arch/powerpc/kernel/iommu.c")).toBe("int a;\n");
    tree.invalidate("arch/powerpc/kernel/iommu.c");
    expect(tree.read("arch/powerpc/kernel/iommu.c")).toBe("int changed;\n");
  });

  it("forgets on request what changed on disk: an edited, a new or a deleted file", () => {
    write("near", { "sub/kept.h": "kept", "sub/changed.h": "old", "sub/gone.h": "gone" });
    const old = new Date(Date.now() - 60_000);
    for (const name of ["sub", "sub/kept.h", "sub/changed.h", "sub/gone.h"]) utimesSync(join(dir, "near", name), old, old);
    const tree = new DiskTree(join(dir, "near"));
    const read = (): unknown[] => ["kept", "changed", "gone", "new"].map((name) => tree.read(`sub/${name}.h`));
    expect([...read(), tree.exists("sub/new.h"), tree.exists("deep/er/new.h")]).toEqual(["kept", "old", "gone", undefined, false, false]);
    write("near", { "sub/changed.h": "new", "sub/new.h": "new", "deep/er/new.h": "deep" });
    unlinkSync(join(dir, "near/sub/gone.h"));
    expect(read()).toEqual(["kept", "old", "gone", undefined]);
    tree.refresh();
    expect([...read(), tree.exists("sub/new.h"), tree.exists("deep/er/new.h")]).toEqual(["kept", "new", undefined, "new", true, true]);
    tree.refresh();
    expect(read()).toEqual(["kept", "new", undefined, "new"]);
  });

  it("reads nothing outside the tree, by path or by link, and no folder", () => {
    const tree = new DiskTree(join(dir, "near"));
    for (const path of ["../secret.txt", "leak.txt", "up/secret.txt", join(dir, "secret.txt"), "arch", "loop", "no/such"]) {
      expect([path, tree.read(path), tree.exists(path)]).toEqual([path, undefined, false]);
    }
    expect(tree.read("Makefile.link")).toBe(MAKEFILE);
  });

  it("does not read a huge file as source text", () => {
    write("near", { "huge.h": "x".repeat(9 * 1024 * 1024) });
    expect(new DiskTree(join(dir, "near")).exists("huge.h")).toBe(false);
  });

  it("is an empty tree if the folder does not exist", () => {
    expect(new DiskTree(join(dir, "none")).exists("Makefile")).toBe(false);
  });

  it("finds kernel trees at any depth, nearest first, not within one, in node_modules, by links or too deep", () => {
    const found = findKernelTree(dir).map(({ root, depth, info }) => [root.slice(dir.length + 1), depth, info.version.text]);
    expect(found).toEqual([
      ["near", 1, "6.13.0-rc3"],
      ["deep/er/linux", 3, "6.13.0-rc3"],
    ]);
    expect(findKernelTree(join(dir, "near")).map(({ depth }) => depth)).toEqual([0]);
    expect(findKernelTree(join(dir, "a/b"))).toHaveLength(1);
    expect(findKernelTree(join(dir, "none"))).toEqual([]);
  });
});
