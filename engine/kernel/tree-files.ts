// The files of a Linux tree that are compiled along with the services and the world: the code under review first, then
// the plain C that it runs on. Kept short, since every file costs compile time.

export interface TreeFile {
  /** Relative to the tree's root. */
  readonly path: string;
  /** First kernel version (major.minor) that has the file or needs it. */
  readonly since?: string;
  /** Last kernel version (major.minor) that has the file or needs it. */
  readonly until?: string;
}

export const treeFiles: readonly TreeFile[] = [
  { path: "arch/powerpc/kernel/iommu.c" },
  { path: "arch/powerpc/kernel/dma-iommu.c" },
  { path: "arch/powerpc/platforms/pseries/iommu.c" },
  { path: "arch/powerpc/kernel/prom_parse.c" },
  { path: "kernel/dma/mapping.c" },
  { path: "kernel/notifier.c" },
  { path: "kernel/time/time.c" },
  { path: "kernel/time/timer.c" },
  { path: "drivers/of/base.c" },
  { path: "drivers/of/dynamic.c" },
  { path: "drivers/of/kobj.c" },
  { path: "drivers/of/property.c" },
  { path: "lib/bitmap.c" },
  { path: "lib/ctype.c" },
  { path: "lib/find_bit.c" },
  { path: "lib/hweight.c" },
  { path: "lib/iommu-helper.c" },
  { path: "lib/kobject.c" },
  { path: "lib/ratelimit.c" },
  { path: "lib/refcount.c" },
  { path: "lib/string.c" },
];

/** What scenarios with a page pool need in addition. Since 6.12.y the pool keeps its mapped pages in an xarray. */
export const pagePoolFiles: readonly TreeFile[] = [
  { path: "net/core/page_pool.c" },
  { path: "net/core/page_pool_user.c", since: "6.8" },
  { path: "lib/xarray.c", since: "6.8" },
];
