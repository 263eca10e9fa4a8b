/* SPDX-License-Identifier: MIT */
/*
 * The scenario "late-unmap": boot, probe, then a DLPAR remove while some buffers are still held. tcs_main() is the first
 * thread of the machine.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

void tcs_main(void *unused)
{
	svc_setup_cpus();
	svc_setup_pages();
	__tcs_phase("boot", 1);
	platform_setup();
	__tcs_phase("boot", 0);
	world_driver.probe();
	dlpar_start();
}
