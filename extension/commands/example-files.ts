// The names of the example's files.

/** The file that Open Example opens, and the patch that it reviews. */
export const exampleSource = "arch/powerpc/kernel/iommu.c";
export const examplePatch = "wait-for-buffers.patch";

/** The files in examples/tree. An extension in a browser cannot list its own folder, so a test keeps this list complete. */
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
