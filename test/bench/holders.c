/* SPDX-License-Identifier: MIT */
/*
 * One holder per late buffer: threads on separate CPUs that unmap one buffer each at the same time. For comparison with the
 * model's variant that has as many holders as buffers.
 */
#include "../world/all.c"

static unsigned long holder_time;

static void holder(void *arg)
{
	struct driver_state *driver = &drivers[0];
	unsigned int i = (unsigned long)arg;

	world_nap(holder_time > __tcs_now() ? holder_time - __tcs_now() : 0);
	unmap_range(driver, i, i + 1);
}

static void release_to_holders(struct world_slot *slot, unsigned long t)
{
	struct driver_state *driver = &drivers[0];
	unsigned long i;

	holder_time = t;
	for (i = driver->buffers - driver->late; i < driver->buffers; i++)
		svc_thread("holder", holder, (void *)i, 1 + (i % (__tcs_ncpus() - 1)), 0);
}

WORLD_DRIVER(driver_probe, driver_remove, release_to_holders);

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	dlpar_start(&slots[0], 0);
}
