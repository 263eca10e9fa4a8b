/* SPDX-License-Identifier: MIT */
/*
 * A driver that allocates its receive buffers from the tree's page pool, which maps and unmaps them: one pool per queue.
 * Packets are passed to the network stack, which returns their pages from another CPU, the last few only after a hold. The
 * driver destroys the pools on removal; the rest is up to the tree.
 */
#include "../kernel/radix-node.c"

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#include <net/page_pool/helpers.h>
#else
#include <net/page_pool.h>
#endif

#define RX_RING 512      /* maximum number of descriptors per queue */
#define RX_QUEUES 8
#define RX_ROUNDS 4      /* how often the ring is received and refilled */
#define RX_ROUND_NS 1000000 /* between two polls: a nominal millisecond */

struct rx_queue {
	struct page_pool *pool;
	struct device *dev;
	unsigned int index;
	int cpu, reader; /* CPUs on which it is polled and its packets are read */
	struct page *ring[RX_RING];
	struct page *stack[RX_RING]; /* pages in the network stack */
	struct page *held[RX_RING];  /* pages that stay there */
	struct work_struct stack_work, late_work;
	struct world_hold hold;
	struct completion polled;
};

/* One per slot: a slot that is added again has a new driver, while packets of the old driver may still be held. */
static struct rx_driver {
	struct rx_queue queue[RX_QUEUES];
} rx_drivers[WORLD_SLOTS];
static unsigned int rx_count, rx_buffers, rx_late; /* queues; buffers and held buffers per queue */

/* Returns the page's reference to its pool, as skb_free_head() and similar functions do. */
static void stack_put(struct rx_queue *q, struct page **slot)
{
	if (*slot)
		page_pool_put_full_page(q->pool, *slot, false);
	*slot = NULL;
}

/* The socket's reader has finished with the packets of the last poll. */
static void skb_free_fn(struct work_struct *work)
{
	struct rx_queue *q = container_of(work, struct rx_queue, stack_work);
	unsigned int i;

	for (i = 0; i < rx_buffers; i++)
		stack_put(q, &q->stack[i]);
	platform_count();
}

static void skb_late_put(struct world_hold *hold, unsigned int i)
{
	struct rx_queue *q = container_of(hold, struct rx_queue, hold);

	stack_put(q, &q->held[i]);
	platform_count();
}

static void skb_late_fn(struct work_struct *work)
{
	struct rx_queue *q = container_of(work, struct rx_queue, late_work);

	__tcs_phase("network stack: held packets are read", 1);
	hold_work(&q->hold);
	__tcs_phase("network stack: held packets are read", 0);
}

static int rx_refill(struct rx_queue *q)
{
	unsigned int i, filled = 0;

	for (i = 0; i < rx_buffers; i++) {
		if (q->ring[i])
			continue;
		q->ring[i] = page_pool_dev_alloc_pages(q->pool);
		if (!q->ring[i])
			break;
		__tcs_event(TCS_EV_MAP, q->index * RX_RING + i, page_pool_get_dma_addr(q->ring[i]), 0, 0, 0);
		filled++;
	}
	platform_count();
	return filled;
}

/* One NAPI poll: packets are passed up, but every fourth is dropped and its page recycled immediately. */
static void rx_poll(struct rx_queue *q)
{
	unsigned int i;

	local_bh_disable();
	for (i = 0; i < rx_buffers; i++) {
		if (!q->ring[i])
			continue;
		if (i % 4 == 3)
			page_pool_recycle_direct(q->pool, q->ring[i]);
		else
			q->stack[i] = q->ring[i];
		q->ring[i] = NULL;
	}
	rx_refill(q);
	local_bh_enable();
}

static void rx_open(struct rx_queue *q, struct device *dev, unsigned int index)
{
	struct page_pool_params params = {
		.flags = PP_FLAG_DMA_MAP,
		.pool_size = 256,
		.nid = NUMA_NO_NODE,
		.dev = dev,
		.dma_dir = DMA_FROM_DEVICE,
	};
	int n = __tcs_ncpus();

	q->dev = dev;
	q->index = index;
	q->cpu = index % n;
	q->reader = (index + 1) % n;
	INIT_WORK(&q->stack_work, skb_free_fn);
	INIT_WORK(&q->late_work, skb_late_fn);
	init_completion(&q->polled);
	q->pool = page_pool_create(&params);
	if (IS_ERR(q->pool)) {
		dev_err(dev, "no page pool: %ld\n", PTR_ERR(q->pool));
		q->pool = NULL;
	}
	if (q->pool)
		rx_refill(q);
}

static void rx_round(struct rx_queue *q)
{
	rx_poll(q);
	schedule_work_on(q->reader, &q->stack_work);
	world_nap(RX_ROUND_NS);
}

static void rx_receive(void *arg)
{
	struct rx_queue *q = arg;
	unsigned int round, i;

	__tcs_phase("driver: receive", 1);
	for (round = 0; round < RX_ROUNDS; round++)
		rx_round(q);
	/* The last packets before the removal: their reader sleeps. */
	for (i = 0; i < rx_late; i++) {
		q->held[i] = q->ring[i];
		q->ring[i] = NULL;
	}
	q->hold.count = rx_late;
	q->hold.cpu = q->reader;
	q->hold.put = skb_late_put;
	q->hold.work = &q->late_work;
	hold_begin(&q->hold);
	__tcs_phase("driver: receive", 0);
	complete(&q->polled);
}

static void pool_probe(struct world_slot *slot)
{
	struct rx_queue *queue = rx_drivers[slot - slots].queue;
	struct device *dev = &slot->pdev->dev;
	unsigned int i;

	rx_count = min_t(unsigned long, max_t(unsigned long, __tcs_param("queues", 0), 1), RX_QUEUES);
	rx_buffers = min_t(unsigned long, __tcs_param("buffers", 16), RX_RING / rx_count);
	rx_late = min_t(unsigned long, __tcs_param("late", 4), rx_buffers);
	__tcs_phase("driver: probe", 1);
	world_fail_allocation();
	dev->driver = &world_driver.pci.driver;
	if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64)))
		dev_err(dev, "no usable DMA mask\n");
	platform_count_from_here(slot);
	for (i = 0; i < rx_count; i++)
		rx_open(&queue[i], dev, i);
	__tcs_phase("driver: probe", 0);
	/* The first queue is polled here, the others by separate threads. */
	for (i = 1; i < rx_count; i++)
		if (queue[i].pool)
			svc_thread("napi", rx_receive, &queue[i], queue[i].cpu, 0);
	if (queue[0].pool)
		rx_receive(&queue[0]);
	for (i = 1; i < rx_count; i++)
		if (queue[i].pool)
			wait_for_completion(&queue[i].polled);
}

static void pool_remove(struct world_slot *slot)
{
	unsigned int n, i;

	__tcs_phase("driver: remove", 1);
	for (n = 0; n < rx_count; n++) {
		struct rx_queue *q = &rx_drivers[slot - slots].queue[n];

		if (!q->pool)
			continue;
		flush_work(&q->stack_work);
		for (i = 0; i < rx_buffers; i++)
			stack_put(q, &q->ring[i]);
		page_pool_destroy(q->pool);
	}
	platform_count();
	__tcs_phase("driver: remove", 0);
}

static void pool_release_at(struct world_slot *slot, unsigned long t)
{
	struct rx_queue *queue = rx_drivers[slot - slots].queue;
	unsigned int i;

	for (i = 0; i < rx_count; i++)
		if (queue[i].pool)
			hold_until(&queue[i].hold, t);
}

WORLD_DRIVER(pool_probe, pool_remove, pool_release_at);
