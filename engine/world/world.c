/* SPDX-License-Identifier: MIT */
/* What surrounds the kernel, one file an actor. The scenario's own file includes this and says in which order they act. */
#include "world.h"

#include "hypervisor.c"
#include "rtas.c"
#include "platform.c"
#include "holds.c"
#include "driver.c"
#include "dlpar.c"
#include "leaks.c"

/* What every scenario begins with. */
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
