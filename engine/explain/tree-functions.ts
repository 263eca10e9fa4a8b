// Finds the functions of a call trace in a tree. A tree cannot be listed, so only the files on the paths of DMA, page pool
// and hot removal are searched; a function that is in none of them may still be elsewhere.

import { pagePoolFiles, treeFiles } from "../kernel/index.js";
import type { SourceTree } from "../tree/index.js";

export interface FunctionPlace {
  readonly file: string;
  /** 1-based line of the definition's name. */
  readonly line: number;
}

/** In addition to the compiled files: those above and below them in a trace. */
const FURTHER: readonly string[] = [
  "arch/powerpc/kernel/eeh.c",
  "arch/powerpc/kernel/pci-common.c",
  "arch/powerpc/kernel/pci-hotplug.c",
  "arch/powerpc/kernel/traps.c",
  "arch/powerpc/kernel/interrupt.c",
  "arch/powerpc/mm/fault.c",
  "arch/powerpc/platforms/pseries/dlpar.c",
  "arch/powerpc/platforms/pseries/hotplug-memory.c",
  "arch/powerpc/platforms/pseries/lpar.c",
  "arch/powerpc/platforms/pseries/mobility.c",
  "arch/powerpc/platforms/pseries/pci_dlpar.c",
  "arch/powerpc/platforms/pseries/reconfig.c",
  "arch/powerpc/platforms/powernv/pci-ioda-tce.c",
  "arch/powerpc/platforms/powernv/pci-ioda.c",
  "drivers/base/bus.c",
  "drivers/base/core.c",
  "drivers/base/dd.c",
  "drivers/base/driver.c",
  "drivers/base/memory.c",
  "drivers/iommu/iommu.c",
  "drivers/pci/pci-driver.c",
  "drivers/pci/pci-sysfs.c",
  "drivers/pci/remove.c",
  "drivers/pci/hotplug/rpadlpar_core.c",
  "drivers/vfio/vfio_iommu_spapr_tce.c",
  "include/net/page_pool/helpers.h",
  "include/linux/dma-mapping.h",
  "kernel/dma/direct.c",
  "kernel/kthread.c",
  "kernel/locking/qspinlock.c",
  "kernel/locking/spinlock.c",
  "kernel/locking/spinlock_debug.c",
  "kernel/panic.c",
  "kernel/params.c",
  "kernel/softirq.c",
  "kernel/workqueue.c",
  "init/main.c",
  "lib/bug.c",
  "lib/dump_stack.c",
  "mm/kasan/common.c",
  "mm/kasan/generic.c",
  "mm/kasan/report.c",
  "mm/slab_common.c",
  "mm/slub.c",
  "mm/vmalloc.c",
  "net/core/dev.c",
  "net/core/skbuff.c",
  "net/core/xdp.c",
  "net/ipv4/ip_fragment.c",
  "net/ipv4/tcp.c",
];

/** A definition in the kernel's style: in the first column, not a statement, its body's brace on a line of its own. */
const DEFINITION = /^(?!(?:#|if|for|while|switch|return|else|do|typedef)\b)(?:[A-Za-z_][\w \t*()]*?[ \t*])?([A-Za-z_]\w*)\((?:[^;{}#]*)\)[^;{}#]*\n?\{/gm;

/** Reads each file once, when the first function is asked for. */
export class TreeFunctions {
  private places: Map<string, FunctionPlace> | undefined;
  private files = 0;

  constructor(private readonly tree: SourceTree) {}

  find(name: string): FunctionPlace | undefined {
    return this.all().get(name);
  }

  /** Number of files searched. */
  get looked(): number {
    this.all();
    return this.files;
  }

  private all(): ReadonlyMap<string, FunctionPlace> {
    if (this.places !== undefined) return this.places;
    const places = new Map<string, FunctionPlace>();
    for (const file of [...treeFiles, ...pagePoolFiles].map((f) => f.path).concat(FURTHER)) {
      const text = this.tree.read(file);
      if (text === undefined) continue;
      this.files++;
      let line = 1;
      let at = 0;
      for (const m of text.matchAll(DEFINITION)) {
        const name = m[1] ?? "";
        const end = m.index + m[0].indexOf(`${name}(`);
        for (; at < end; at++) if (text.charCodeAt(at) === 10) line++;
        if (!places.has(name)) places.set(name, { file, line });
      }
    }
    return (this.places = places);
  }
}
