// The files of the example, by name.

/** The file that is opened, and the patch that is reviewed. */
export const exampleSource = "arch/powerpc/kernel/iommu.c";
export const examplePatch = "wait-for-buffers.patch";

/** What examples/tree holds; a package in a browser cannot be listed, so the names are kept here and tested. */
export const exampleFiles: readonly string[] = [
  "Makefile",
  "README.md",
  "arch/powerpc/include/asm/dlpar.h",
  "arch/powerpc/include/asm/iommu.h",
  exampleSource,
  "arch/powerpc/platforms/pseries/iommu.c",
  "include/linux/compiler-version.h",
  "include/linux/compiler_types.h",
  "include/linux/delay.h",
  "include/linux/kconfig.h",
  "include/linux/kernel.h",
  "include/linux/slab.h",
  "include/linux/spinlock.h",
  "include/linux/types.h",
  examplePatch,
];
