/* SPDX-License-Identifier: MIT */
/*
 * For the benchmark "run": after the usual set-up of platform and driver, one thread maps and unmaps pages; BENCH_LIVE pages
 * are mapped at any time. Without BENCH_TIMELINE no timeline events are recorded, so only compiled code is measured.
 */
#include "../kernel/services.c"
#ifndef BENCH_TIMELINE
#define __tcs_event(...) do { } while (0)
#endif
#include "../world/world.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define BENCH_LIVE 64 /* pages mapped at any time */

void tcs_main(void *unused)
{
	unsigned long pairs = __tcs_param("pairs", 0), i;
	static dma_addr_t dma[BENCH_LIVE];
	struct device *dev = &slots[0].pdev->dev;
	struct page *page;
	unsigned long failed = 0;

	world_boot(1);
	world_driver.probe(&slots[0]);
	dev = &slots[0].pdev->dev;
	page = alloc_pages(GFP_KERNEL, 0);
	for (i = 0; i < pairs + BENCH_LIVE; i++) {
		unsigned int slot = i % BENCH_LIVE;

		if (i >= BENCH_LIVE)
			dma_unmap_page_attrs(dev, dma[slot], 4096, DMA_FROM_DEVICE, 0);
		dma[slot] = dma_map_page_attrs(dev, page, 0, 4096, DMA_FROM_DEVICE, 0);
		failed += dma[slot] == DMA_MAPPING_ERROR;
	}
	if (failed)
		__tcs_finding(TCS_BUG, "a page could not be mapped");
}
