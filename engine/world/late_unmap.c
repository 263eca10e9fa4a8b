/* SPDX-License-Identifier: MIT */
/*
 * The scenario "late-unmap": boot, probe, then a DLPAR remove while some buffers are still held. tcs_main() is the machine's
 * first thread.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	dlpar_start(&slots[0], 0);
}
