/* SPDX-License-Identifier: MIT */
/*
 * The scenario "memory-hotplug": with a window that maps all RAM, memory is added and removed while the device works; the
 * tree's memory notifier sets and clears its TCEs. Then the device is removed.
 */
#include "all.c"
#include <linux/memory.h>

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define HOT_START 0x40000000UL /* after the RAM present at boot */
#define HOT_SIZE 0x10000000UL  /* a logical memory block of 256 MiB */

static void hotplug(void *unused)
{
	struct memory_notify block = { .start_pfn = HOT_START >> PAGE_SHIFT, .nr_pages = HOT_SIZE >> PAGE_SHIFT };

	__tcs_phase("DLPAR: add memory", 1);
	if (notifier_to_errno(svc_memory_notify(MEM_GOING_ONLINE, &block)))
		svc_memory_notify(MEM_CANCEL_ONLINE, &block);
	else
		svc_memory_notify(MEM_ONLINE, &block);
	platform_count();
	__tcs_phase("DLPAR: add memory", 0);
	world_nap(100000000);
	__tcs_phase("DLPAR: remove memory", 1);
	if (!notifier_to_errno(svc_memory_notify(MEM_GOING_OFFLINE, &block)))
		svc_memory_notify(MEM_OFFLINE, &block);
	platform_count();
	__tcs_phase("DLPAR: remove memory", 0);
	dlpar_remove(&slots[0]);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("drmgr", hotplug, NULL, 0, 0);
}
