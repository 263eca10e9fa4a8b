/* SPDX-License-Identifier: MIT */
/*
 * The reference counting of the driver core, without sysfs and uevents. The world allocates device objects.
 */

struct device *PROVIDE(get_device)(struct device *dev)
{
	if (dev)
		kobject_get(&dev->kobj);
	return dev;
}

void PROVIDE(put_device)(struct device *dev)
{
	if (dev)
		kobject_put(&dev->kobj);
}

struct pci_dev *PROVIDE(pci_dev_get)(struct pci_dev *dev)
{
	if (dev)
		PROVIDE(get_device)(&dev->dev);
	return dev;
}

void PROVIDE(pci_dev_put)(struct pci_dev *dev)
{
	if (dev)
		PROVIDE(put_device)(&dev->dev);
}

int PROVIDE(kobject_uevent)(struct kobject *kobj, enum kobject_action action)
{
	return 0;
}

int PROVIDE(bus_register_notifier)(
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	const
#endif
	struct bus_type *bus, struct notifier_block *nb)
{
	return 0;
}

static BLOCKING_NOTIFIER_HEAD(memory_chain);

int PROVIDE(register_memory_notifier)(struct notifier_block *nb)
{
	return blocking_notifier_chain_register(&memory_chain, nb);
}

int svc_memory_notify(unsigned long action, void *block)
{
	return blocking_notifier_call_chain(&memory_chain, action, block);
}

bool PROVIDE(is_swiotlb_active)(struct device *dev)
{
	return false;
}
