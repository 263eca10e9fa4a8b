/* SPDX-License-Identifier: MIT */
/*
 * The scenario "vfio-takes-group": the driver is unbound while buffers are still held, and VFIO takes the group with the
 * tree's own ownership calls, as when a user opens it. A second after the hold the group is returned; then the slot is
 * removed. The user's own mappings are not simulated.
 */
#include "all.c"

#define VFIO_AFTER_NS 1000000000

static void nothing_held(struct world_slot *slot, unsigned long t)
{
}

/* The hold starts at the unbinding, not at the detach. */
WORLD_DRIVER(driver_probe, driver_remove, nothing_held);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static int take(struct world_slot *slot)
{
	return svc_iommu_claim(&slot->pdev->dev);
}

static void give_back(struct world_slot *slot)
{
	svc_iommu_unclaim(&slot->pdev->dev);
}
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
/* Here VFIO's own driver takes table by table; if one is refused, it returns those it has. */
static int take(struct world_slot *slot)
{
	struct iommu_table_group *group = PCI_DN(slot->window_node)->table_group;
	int i, rc = 0;

	for (i = 0; i < IOMMU_TABLE_GROUP_MAX_TABLES && !rc; i++)
		if (group->tables[i])
			rc = iommu_take_ownership(group->tables[i]);
	if (rc)
		for (i -= 2; i >= 0; i--)
			if (group->tables[i])
				iommu_release_ownership(group->tables[i]);
	return rc;
}

static void give_back(struct world_slot *slot)
{
	struct iommu_table_group *group = PCI_DN(slot->window_node)->table_group;
	int i;

	for (i = 0; i < IOMMU_TABLE_GROUP_MAX_TABLES; i++)
		if (group->tables[i])
			iommu_release_ownership(group->tables[i]);
}
#else
/* Versions in between allocated a domain for this; that is not simulated. */
static int take(struct world_slot *slot)
{
	return -EOPNOTSUPP;
}

static void give_back(struct world_slot *slot)
{
}
#endif

static void vfio_user(void *unused)
{
	unsigned long hold = __tcs_param("hold", 3000000000UL), t0;
	struct world_slot *slot = &slots[0];
	struct device *dev = &slot->pdev->dev;
	int rc;

	__tcs_leaks(NULL, 0, 1);
	__tcs_phase("VFIO: unbind the driver", 1);
	world_driver.remove(slot);
	dev->driver = NULL;
	__tcs_phase("VFIO: unbind the driver", 0);
	t0 = __tcs_now();
	world_detaching = 1;
	driver_release_at(slot, hold == TCS_NEVER ? TCS_NEVER : t0 + hold);
	__tcs_phase("VFIO: take the group", 1);
	rc = take(slot);
	__tcs_phase("VFIO: take the group", 0);
	dev_info(dev, "vfio: group %s (%d) after %lu ms\n", rc ? "refused" : "taken", rc, (__tcs_now() - t0) / 1000000);
	if (hold != TCS_NEVER && __tcs_now() < t0 + hold)
		world_nap(t0 + hold - __tcs_now());
	world_nap(VFIO_AFTER_NS);
	if (!rc) {
		__tcs_phase("VFIO: give the group back", 1);
		give_back(slot);
		__tcs_phase("VFIO: give the group back", 0);
	}
	dlpar_remove(slot);
}

void tcs_main(void *unused)
{
	world_boot(1);
	world_driver.probe(&slots[0]);
	svc_thread("qemu", vfio_user, NULL, 0, 0);
}
