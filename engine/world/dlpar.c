/* SPDX-License-Identifier: MIT */
/*
 * DLPAR remove of the adapter, as drmgr does it: the device is removed, then the slot, then the function's node, then the
 * node that owns the DMA window; that detach calls the reconfiguration notifiers.
 */

/* Nominal times of the steps around the detach: entries of sysfs and /proc, the calls through drmgr. Assumptions. */
#define DLPAR_START_NS 50000000
#define DLPAR_DEVICE_NS 5000000
#define DLPAR_SLOT_NS 2000000
#define DLPAR_BEFORE_NS 3000000
#define DLPAR_AFTER_NS 4000000

static void device_remove(struct world_slot *slot)
{
	struct pci_dev *pdev = slot->pdev;

	__tcs_phase("DLPAR: remove device", 1);
	world_nap(DLPAR_DEVICE_NS);
	world_driver.remove(slot);
	pdev->dev.driver = NULL;
	pdev->dev.kobj.state_in_sysfs = 0;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	svc_iommu_release_device(&pdev->dev);
#else
	iommu_del_device(&pdev->dev); /* from the bus notifier of the platform */
#endif
	__tcs_phase("DLPAR: remove device", 0);
}

/* The part of remove_phb_dynamic() that matters: the host bridge is removed from the system, its node remains. */
static void slot_remove(struct world_slot *slot)
{
	__tcs_phase("DLPAR: remove slot", 1);
	world_nap(DLPAR_SLOT_NS);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	ppc_iommu_unregister_device(&slot->phb);
#endif
	list_del_init(&slot->phb.list_node);
	__tcs_phase("DLPAR: remove slot", 0);
}

static void detach_child(struct world_slot *slot)
{
	__tcs_phase("DLPAR: detach device node", 1);
	of_detach_node(slot->dev_node);
	__tcs_phase("DLPAR: detach device node", 0);
}

/* The node that owns the windows: the host bridge's, or that of a bridge below it, which is detached first. */
static void detach_window_node(struct world_slot *slot)
{
	unsigned long hold = __tcs_param("hold", 3000000000UL), t0 = __tcs_now();
	const char *phase = slot->bridge_node ? "DLPAR: detach bridge node" : "DLPAR: detach host bridge node";

	world_detaching = 1;
	__tcs_event(TCS_EV_DETACH_START, 0, 0, 0, 0, 0);
	__tcs_phase(phase, 1);
	world_driver.release_at(slot, hold == TCS_NEVER ? TCS_NEVER : t0 + hold);
	world_nap(DLPAR_BEFORE_NS);
	of_detach_node(slot->window_node);
	world_nap(DLPAR_AFTER_NS);
	__tcs_phase(phase, 0);
	__tcs_event(TCS_EV_DETACH_END, 0, 0, 0, 0, 0);
	platform_count();
}

void dlpar_remove(struct world_slot *slot)
{
	static int begun;

	world_nap(DLPAR_START_NS);
	if (!begun++)
		__tcs_leaks(NULL, 0, 1);
	device_remove(slot);
	slot_remove(slot);
	detach_child(slot);
	detach_window_node(slot);
	if (slot->bridge_node) {
		__tcs_phase("DLPAR: detach host bridge node", 1);
		of_detach_node(slot->phb_node);
		__tcs_phase("DLPAR: detach host bridge node", 0);
	}
	slot->live = 0;
	slot->removed = 1;
}

static void drmgr(void *slot)
{
	dlpar_remove(slot);
}

void dlpar_start(struct world_slot *slot, int cpu)
{
	svc_thread("drmgr", drmgr, slot, cpu, 0);
}
