/* SPDX-License-Identifier: MIT */
/*
 * For the benchmark of 120 s under load: the detach of one slot waits for a late unmap, while the other slot's driver maps
 * and unmaps 100,000 pages per second for 120 s of virtual time.
 */
#include "../world/all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define HEAVY_NS 120000000000UL
#define HEAVY_BURST 100 /* pages mapped, then unmapped, each millisecond */

static void heavy(void *unused)
{
	struct device *dev = &slots[1].pdev->dev;
	struct page *page = alloc_pages(GFP_KERNEL, 0);
	unsigned long start = __tcs_now(), next;
	static dma_addr_t dma[HEAVY_BURST];
	int i;

	for (next = start; next < start + HEAVY_NS; next += 1000000) {
		for (i = 0; i < HEAVY_BURST; i++)
			dma[i] = dma_map_page_attrs(dev, page, 0, 4096, DMA_FROM_DEVICE, 0);
		for (i = 0; i < HEAVY_BURST; i++)
			dma_unmap_page_attrs(dev, dma[i], 4096, DMA_FROM_DEVICE, 0);
		if (__tcs_now() < next + 1000000)
			world_nap(next + 1000000 - __tcs_now());
	}
}

void tcs_main(void *unused)
{
	world_boot(2);
	world_driver.probe(&slots[0]);
	world_driver.probe(&slots[1]);
	dlpar_start(&slots[0], 0);
	svc_thread("traffic", heavy, NULL, __tcs_ncpus() > 1 ? 1 : 0, 0);
}
