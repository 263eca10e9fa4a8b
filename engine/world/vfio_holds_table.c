/* SPDX-License-Identifier: MIT */
/*
 * The scenario "vfio-holds-table": a VFIO container holds its own reference to each table of its group, as
 * vfio_iommu_spapr_tce does, and drops it a second after the late buffers are unmapped.
 */
#include "all.c"

WORLD_DRIVER(driver_probe, driver_remove, driver_release_at);

#define VFIO_AFTER_NS 1000000000

static struct iommu_table *held[IOMMU_TABLE_GROUP_MAX_TABLES];

static void vfio_container(void *unused)
{
	unsigned long hold = __tcs_param("hold", 3000000000UL);
	int i;

	while (!world_detaching)
		world_nap(10000000);
	world_nap((hold == TCS_NEVER ? 0 : hold) + VFIO_AFTER_NS);
	__tcs_phase("VFIO: container is closed", 1);
	for (i = 0; i < IOMMU_TABLE_GROUP_MAX_TABLES; i++)
		if (held[i])
			iommu_tce_table_put(held[i]);
	__tcs_phase("VFIO: container is closed", 0);
}

void tcs_main(void *unused)
{
	struct iommu_table_group *group;
	int i;

	world_boot(1);
	world_driver.probe(&slots[0]);
	group = PCI_DN(slots[0].window_node)->table_group;
	for (i = 0; group && i < IOMMU_TABLE_GROUP_MAX_TABLES; i++)
		if (group->tables[i])
			held[i] = iommu_tce_table_get(group->tables[i]);
	svc_thread("qemu", vfio_container, NULL, __tcs_ncpus() > 1 ? 1 : 0, 0);
	dlpar_start(&slots[0], 0);
}
