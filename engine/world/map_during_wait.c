/* SPDX-License-Identifier: MIT */
/*
 * The scenario "map-during-wait": a second user of the device (an auxiliary driver, a queue that was not stopped) keeps
 * mapping and unmapping a buffer while the node of the window is being detached.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define SECOND_EVERY_NS 100000000 /* one mapping per 100 ms, held for half of that */

static void second_user(void *unused)
{
	struct device *dev = &slots[0].pdev->dev;
	unsigned long hold = __tcs_param("hold", 3000000000UL), end;
	struct page *page = alloc_pages(GFP_KERNEL, 0);

	while (!world_detaching)
		world_nap(SECOND_EVERY_NS / 10);
	end = __tcs_now() + (hold == TCS_NEVER ? 10 * SECOND_EVERY_NS : hold);
	while (page && __tcs_now() < end) {
		dma_addr_t dma;

		world_nap(SECOND_EVERY_NS / 2);
		dma = dma_map_page_attrs(dev, page, 0, PAGE_SIZE, DMA_TO_DEVICE, 0);
		if (dma_mapping_error(dev, dma))
			continue;
		__tcs_event(TCS_EV_MAP, DRIVER_BUFFERS, dma, 0, 0, 0);
		platform_count();
		world_nap(SECOND_EVERY_NS / 2);
		__tcs_event(TCS_EV_UNMAP, DRIVER_BUFFERS, dma, 0, 0, 0);
		dma_unmap_page_attrs(dev, dma, PAGE_SIZE, DMA_TO_DEVICE, 0);
		platform_count();
	}
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("second", second_user, NULL, __tcs_ncpus() > 1 ? 1 : 0, 0);
	dlpar_start(&slots[0], 0);
}
