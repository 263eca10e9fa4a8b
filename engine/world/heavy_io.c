/* SPDX-License-Identifier: MIT */
/*
 * The scenario "heavy-io": one queue per CPU, or the requested number, maps and unmaps buffers as fast as it can, several at
 * a time, until the removal; then the removal of "late-unmap".
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define IO_DEPTH 8   /* buffers per queue that are mapped at the same time */
#define IO_ROUNDS 64 /* how often each queue maps and unmaps them */

struct io_queue {
	int cpu;
	struct page *page;
	dma_addr_t dma[IO_DEPTH];
	struct completion done;
};

#define IO_QUEUES 8 /* also the maximum number of CPUs */

static struct io_queue io_queues[IO_QUEUES];

static void io_queue(void *arg)
{
	struct io_queue *q = arg;
	struct device *dev = &slots[0].pdev->dev;
	unsigned int round, i, size;

	__tcs_phase("driver: queue", 1);
	for (round = 0; q->page && round < IO_ROUNDS; round++) {
		for (i = 0; i < IO_DEPTH; i++) {
			size = 512U << ((round + i) % 8); /* 512 bytes to a page: several sizes share the pools */
			q->dma[i] = dma_map_page_attrs(dev, q->page, 0, size, DMA_TO_DEVICE, 0);
		}
		platform_count();
		__tcs_yield();
		for (i = 0; i < IO_DEPTH; i++) {
			size = 512U << ((round + i) % 8);
			if (!dma_mapping_error(dev, q->dma[i]))
				dma_unmap_page_attrs(dev, q->dma[i], size, DMA_TO_DEVICE, 0);
		}
		platform_count();
	}
	__tcs_phase("driver: queue", 0);
	complete(&q->done);
}

void tcs_main(void *unused)
{
	int i, cpus = __tcs_ncpus(), n = __tcs_param("queues", 0);

	if (!n || n > IO_QUEUES)
		n = cpus;
	world_boot(1);
	world_driver.probe(&slots[0]);
	for (i = 0; i < n; i++) {
		struct io_queue *q = &io_queues[i];

		q->cpu = i % cpus;
		q->page = alloc_pages(GFP_KERNEL, 0);
		init_completion(&q->done);
		svc_thread("queue", io_queue, q, q->cpu, 0);
	}
	for (i = 0; i < n; i++)
		wait_for_completion(&io_queues[i].done);
	dlpar_start(&slots[0], 0);
}
