/* SPDX-License-Identifier: MIT */
/* Everything around the kernel, one file per actor. The scenario's file includes this and decides the order of events. */
#include "world.h"

#include "hypervisor.c"
#include "rtas.c"
#include "platform.c"
#include "holds.c"
#include "driver.c"
#include "dlpar.c"
#include "leaks.c"

/* The start of every scenario. */
static void world_boot(unsigned int nslots)
{
	svc_setup_cpus();
	if (__tcs_param("window", WORLD_WINDOW_DYNAMIC) == WORLD_WINDOW_HYBRID)
		svc_setup_pages_with_pmem(WORLD_PMEM_SIZE);
	else
		svc_setup_pages();
	__tcs_phase("boot", 1);
	platform_setup(nslots);
	__tcs_phase("boot", 0);
}
