/* SPDX-License-Identifier: MIT */
/*
 * A driver that takes its receive buffers from the tree's own page pool, which maps and unmaps them. Packets go up to
 * the network stack; it gives their pages back from another CPU, the last few only after a hold. The driver destroys
 * the pool on removal; what happens then is the tree's.
 */
#include "../kernel/radix-node.c"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#define RX_RING 512      /* descriptors, at most */
#define RX_ROUNDS 4      /* times the ring is received and refilled */
#define RX_ROUND_NS 1000000 /* between two polls: a nominal millisecond */

struct pool_driver {
	struct page_pool *pool;
	unsigned int buffers, late;
	struct page *ring[RX_RING];
	struct page *stack[RX_RING]; /* pages in the network stack */
	struct page *held[RX_RING];  /* pages that stay there */
	struct work_struct stack_work, late_work;
};

static struct pool_driver pp;

/* The page's reference goes back to its pool, as skb_free_head() and the like do it. */
static void stack_put(struct page **slot)
{
	if (*slot)
		page_pool_put_full_page(pp.pool, *slot, false);
	*slot = NULL;
}

/* The socket's reader is done with the packets of the last poll. */
static void skb_free_fn(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < pp.buffers; i++)
		stack_put(&pp.stack[i]);
	platform_count();
}

static void skb_late_fn(struct work_struct *work)
{
	unsigned int i;

	__tcs_phase("network stack: the last packets are read", 1);
	for (i = 0; i < pp.late; i++)
		stack_put(&pp.held[i]);
	platform_count();
	__tcs_phase("network stack: the last packets are read", 0);
}

static int rx_refill(void)
{
	unsigned int i, filled = 0;

	for (i = 0; i < pp.buffers; i++) {
		if (pp.ring[i])
			continue;
		pp.ring[i] = page_pool_dev_alloc_pages(pp.pool);
		if (!pp.ring[i])
			break;
		__tcs_event(TCS_EV_MAP, i, page_pool_get_dma_addr(pp.ring[i]), 0, 0, 0);
		filled++;
	}
	platform_count();
	return filled;
}

/* One NAPI poll: each packet goes up, but every fourth is dropped and its page recycled at once. */
static void rx_poll(void)
{
	unsigned int i;

	local_bh_disable();
	for (i = 0; i < pp.buffers; i++) {
		if (!pp.ring[i])
			continue;
		if (i % 4 == 3)
			page_pool_recycle_direct(pp.pool, pp.ring[i]);
		else
			pp.stack[i] = pp.ring[i];
		pp.ring[i] = NULL;
	}
	rx_refill();
	local_bh_enable();
}

static void pool_probe(struct world_slot *slot)
{
	struct device *dev = &slot->pdev->dev;
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP,
		.pool_size = 256,
		.nid = NUMA_NO_NODE,
		.dev = dev,
		.dma_dir = DMA_FROM_DEVICE,
	};
	unsigned int i, round;

	pp.buffers = min_t(unsigned long, __tcs_param("buffers", 16), RX_RING);
	pp.late = min_t(unsigned long, __tcs_param("late", 4), pp.buffers);
	INIT_WORK(&pp.stack_work, skb_free_fn);
	INIT_WORK(&pp.late_work, skb_late_fn);
	__tcs_phase("driver: probe", 1);
	world_fail_allocation();
	dev->driver = &world_driver.pci.driver;
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		dev_err(dev, "no usable DMA mask\n");
	platform_count_from_here(slot);
	pp.pool = page_pool_create(&params);
	if (IS_ERR(pp.pool)) {
		dev_err(dev, "no page pool: %ld\n", PTR_ERR(pp.pool));
		pp.pool = NULL;
	}
	if (pp.pool)
		rx_refill();
	__tcs_phase("driver: probe", 0);
	if (!pp.pool)
		return;
	__tcs_phase("driver: receive", 1);
	for (round = 0; round < RX_ROUNDS; round++) {
		rx_poll();
		schedule_work_on(__tcs_ncpus() > 1 ? 1 : 0, &pp.stack_work);
		world_nap(RX_ROUND_NS);
	}
	/* The last packets before the removal: their reader sleeps. */
	for (i = 0; i < pp.late; i++) {
		pp.held[i] = pp.ring[i];
		pp.ring[i] = NULL;
	}
	__tcs_phase("driver: receive", 0);
}

static void pool_remove(struct world_slot *slot)
{
	unsigned int i;

	__tcs_phase("driver: remove", 1);
	if (pp.pool) {
		flush_work(&pp.stack_work);
		for (i = 0; i < pp.buffers; i++)
			stack_put(&pp.ring[i]);
		page_pool_destroy(pp.pool);
	}
	platform_count();
	__tcs_phase("driver: remove", 0);
}

static void pool_release_at(struct world_slot *slot, unsigned long t)
{
	if (pp.pool && pp.late)
		svc_queue_work_at(__tcs_ncpus() > 1 ? 1 : 0, &pp.late_work, t);
}

WORLD_DRIVER(pool_probe, pool_remove, pool_release_at);
