/* SPDX-License-Identifier: MIT */
/* The scenarios "page-pool" and "page-pool-stalled": a removal while the network stack holds pages of the driver's pool. */
#include "all.c"
#include "pool-driver.c"

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	dlpar_start(&slots[0], 0);
}
