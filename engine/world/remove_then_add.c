/* SPDX-License-Identifier: MIT */
/*
 * The scenario "remove-then-add": the slot is added again after its removal, as after a migration. The firmware gives it
 * the same name and the same LIOBN, so a late unmap of the old slot may hit the window of the new one.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define ADD_AFTER_NS 1000000000 /* between the removal's end and the addition */

static void drmgr_remove_add(void *unused)
{
	dlpar_remove(&slots[0]);
	world_nap(ADD_AFTER_NS);
	__tcs_phase("DLPAR: add", 1);
	slot_add(&slots[1], 0);
	world_driver.probe(&slots[1]);
	__tcs_phase("DLPAR: add", 0);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("drmgr", drmgr_remove_add, NULL, 0, 0);
}
