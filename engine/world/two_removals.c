/* SPDX-License-Identifier: MIT */
/* The scenario "two-removals": two slots, each with its own window, are removed at the same time on two CPUs. */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

void tcs_main(void *unused)
{
	world_boot(2);
	world_driver.probe(&slots[0]);
	world_driver.probe(&slots[1]);
	dlpar_start(&slots[0], 0);
	dlpar_start(&slots[1], __tcs_ncpus() > 1 ? 1 : 0);
}
