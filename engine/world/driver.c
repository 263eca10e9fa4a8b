/* SPDX-License-Identifier: MIT */
/*
 * The device's driver: sets its DMA mask, fills a ring of receive buffers, and on removal unmaps all but the last few,
 * which are still held elsewhere. These are returned later and unmapped by a worker on another CPU.
 */

#define DRIVER_BUFFERS 1024
/* Up to this number each buffer has its own page; beyond it, four share a page, as real drivers use 64K pages. */
#define DRIVER_WHOLE_PAGES 256

struct driver_state {
	struct device *dev;
	unsigned int buffers, late, share, size;
	int pmem; /* the late buffers are in persistent memory */
	struct page *page[DRIVER_BUFFERS];
	dma_addr_t dma[DRIVER_BUFFERS];
	struct work_struct late_work;
	struct world_hold hold; /* of the last `late` buffers */
};

static struct driver_state drivers[WORLD_SLOTS];

/* Unmaps buffers first .. end-1 and frees their pages. */
static void unmap_range(struct driver_state *driver, unsigned int first, unsigned int end)
{
	unsigned int i;

	for (i = first; i < end; i++) {
		if (!driver->page[i])
			continue;
		__tcs_event(TCS_EV_UNMAP, i, driver->dma[i], 0, 0, 0);
		dma_unmap_page_attrs(driver->dev, driver->dma[i], driver->size, DMA_FROM_DEVICE, 0);
		__tcs_event(TCS_EV_UNMAPPED, i, driver->dma[i], 0, 0, 0);
		platform_count();
		if (!driver->pmem || i < driver->buffers - driver->late)
			__free_pages(driver->page[i], 0);
		driver->page[i] = NULL;
	}
}

static void late_fn(struct work_struct *work)
{
	struct driver_state *driver = container_of(work, struct driver_state, late_work);

	if (hold_kind() == HOLD_CONSTANT)
		unmap_range(driver, driver->buffers - driver->late, driver->buffers);
	else
		hold_work(&driver->hold);
}

/* The i-th late buffer is returned. */
static void late_put(struct world_hold *hold, unsigned int i)
{
	struct driver_state *driver = container_of(hold, struct driver_state, hold);
	unsigned int first = driver->buffers - driver->late;

	unmap_range(driver, first + i, first + i + 1);
}

/* Page and offset of buffer `i`; NULL if there is no memory. */
static struct page *buffer_page(struct driver_state *driver, unsigned int i, unsigned int *offset)
{
	unsigned int part = i % driver->share;
	struct page *page;

	*offset = part * driver->size;
	/* Persistent memory is not covered by a window that maps all RAM, so late buffers in it have TCEs of their own. */
	if (driver->pmem && i >= driver->buffers - driver->late)
		return world_pmem_page(i);
	if (!part)
		return alloc_pages(GFP_KERNEL, 0);
	page = driver->page[i - 1];
	if (page)
		get_page(page);
	return page;
}

static void driver_probe(struct world_slot *slot)
{
	struct driver_state *driver = &drivers[slot - slots];
	struct device *dev = &slot->pdev->dev;
	unsigned int i, offset;

	driver->buffers = min_t(unsigned long, __tcs_param("buffers", 16), DRIVER_BUFFERS);
	driver->late = min_t(unsigned long, __tcs_param("late", 4), driver->buffers);
	driver->share = driver->buffers > DRIVER_WHOLE_PAGES ? 4 : 1;
	driver->size = PAGE_SIZE / driver->share;
	driver->pmem = __tcs_param("window", WORLD_WINDOW_DYNAMIC) == WORLD_WINDOW_HYBRID;
	if (driver->pmem)
		driver->late = min_t(unsigned long, driver->late, WORLD_PMEM_SIZE >> PAGE_SHIFT);
	INIT_WORK(&driver->late_work, late_fn);
	__tcs_phase("driver: probe", 1);
	world_fail_allocation();
	driver->dev = dev;
	dev->driver = &world_driver.pci.driver;
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		dev_err(dev, "no usable DMA mask\n");
	platform_count_from_here(slot);
	for (i = 0; i < driver->buffers; i++) {
		struct page *page = buffer_page(driver, i, &offset);
		dma_addr_t dma = page ? dma_map_page_attrs(dev, page, offset, driver->size, DMA_FROM_DEVICE, 0) : DMA_MAPPING_ERROR;

		if (dma == DMA_MAPPING_ERROR) {
			if (page && !(driver->pmem && i >= driver->buffers - driver->late))
				__free_pages(page, 0);
			continue;
		}
		driver->page[i] = page;
		driver->dma[i] = dma;
		__tcs_event(TCS_EV_MAP, i, dma, 0, 0, 0);
		platform_count();
	}
	driver->hold.count = driver->late;
	driver->hold.put = late_put;
	driver->hold.work = &driver->late_work;
	hold_begin(&driver->hold);
	__tcs_phase("driver: probe", 0);
}

static void driver_remove(struct world_slot *slot)
{
	struct driver_state *driver = &drivers[slot - slots];

	__tcs_phase("driver: remove", 1);
	unmap_range(driver, 0, driver->buffers - driver->late);
	__tcs_phase("driver: remove", 0);
}

/* The holder releases the late buffers at time `t` and hands them to a worker, as a page pool does. */
static void driver_release_at(struct world_slot *slot, unsigned long t)
{
	struct driver_state *driver = &drivers[slot - slots];

	driver->hold.cpu = __tcs_ncpus() > 1 ? 1 : 0;
	if (slot != slots) /* another device's packets are read on another CPU */
		driver->hold.cpu = __tcs_ncpus() > 2 ? 2 : 0;
	hold_until(&driver->hold, t);
}

#define WORLD_DRIVER(probe_fn, remove_fn, release_fn)                                        \
	struct world_driver world_driver = {                                                 \
		.pci = { .name = "tcetest", .driver = { .name = "tcetest" } },               \
		.probe = probe_fn,                                                           \
		.remove = remove_fn,                                                         \
		.release_at = release_fn,                                                    \
	}
