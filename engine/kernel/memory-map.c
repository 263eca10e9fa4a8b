/* SPDX-License-Identifier: MIT */
/*
 * The RAM that the kernel sees: 1 GiB, more than the dynamic window of a scenario can map directly, so that the window is
 * managed TCE by TCE. The machine itself has less.
 */

#define SVC_RAM 0x40000000UL
#define SVC_RAM_MAX 0x80000000UL /* including all that memory hot-add may add */

unsigned long svc_memory_end = SVC_RAM;

phys_addr_t PROVIDE(memblock_end_of_DRAM)(void)
{
	return SVC_RAM;
}

phys_addr_t PROVIDE(memblock_start_of_DRAM)(void)
{
	return 0;
}

u64 PROVIDE(memory_hotplug_max)(void)
{
	return SVC_RAM_MAX;
}

u64 PROVIDE(hot_add_drconf_memory_max)(void)
{
	return SVC_RAM_MAX;
}

int PROVIDE(walk_system_ram_range)(unsigned long start_pfn, unsigned long nr_pages, void *arg, int (*fn)(unsigned long, unsigned long, void *))
{
	unsigned long end = min(start_pfn + nr_pages, SVC_RAM >> PAGE_SHIFT);

	return start_pfn < end ? fn(start_pfn, end - start_pfn, arg) : -EINVAL;
}

/* The smallest mask of the form 2^n - 1 that covers all memory. */
u64 PROVIDE(dma_direct_get_required_mask)(struct device *dev)
{
	return DMA_BIT_MASK(64 - __builtin_clzl(svc_memory_end - 1));
}
