/* SPDX-License-Identifier: MIT */
/*
 * The scenario "lpm-failover": live partition migration with an SR-IOV function under a bond. The management console
 * makes the bond fail over to virtual Ethernet, the function is closed and removed by DLPAR, then memory is copied.
 * Pages that the function received stay with the application across all of it.
 */
#include "all.c"
#include "pool-driver.c"

/* Nominal lengths of the phases before the removal. */
#define LPM_VALIDATE_NS 200000000
#define LPM_FAILOVER_NS 100000000
#define LPM_COPY_NS 2000000000

static void migration(void *unused)
{
	__tcs_phase("LPM: validate", 1);
	world_nap(LPM_VALIDATE_NS);
	__tcs_phase("LPM: validate", 0);
	__tcs_phase("LPM: bond fails over to virtual Ethernet", 1);
	world_nap(LPM_FAILOVER_NS);
	__tcs_phase("LPM: bond fails over to virtual Ethernet", 0);
	__tcs_phase("LPM: remove the SR-IOV function", 1);
	dlpar_remove(&slots[0]);
	__tcs_phase("LPM: remove the SR-IOV function", 0);
	__tcs_phase("LPM: copy memory", 1);
	world_nap(LPM_COPY_NS);
	__tcs_phase("LPM: copy memory", 0);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("drmgr", migration, NULL, 0, 0);
}
