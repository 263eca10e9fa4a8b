/* SPDX-License-Identifier: MIT */
/*
 * The scenario "vfio-holds-table": a VFIO container holds a reference of its own to the table, as vfio_iommu_spapr_tce
 * does for each table of its group, and drops it a second after the late buffers are unmapped.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define VFIO_AFTER_NS 1000000000

static void vfio_container(void *arg)
{
	struct iommu_table *tbl = arg;
	unsigned long hold = __tcs_param("hold", 3000000000UL);

	while (!world_detaching)
		world_nap(10000000);
	world_nap((hold == TCS_NEVER ? 0 : hold) + VFIO_AFTER_NS);
	__tcs_phase("VFIO: container is closed", 1);
	iommu_tce_table_put(tbl);
	__tcs_phase("VFIO: container is closed", 0);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("qemu", vfio_container, iommu_tce_table_get(get_iommu_table_base(&slots[0].pdev->dev)), __tcs_ncpus() > 1 ? 1 : 0, 0);
	dlpar_start(&slots[0], 0);
}
