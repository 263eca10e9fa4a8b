/* SPDX-License-Identifier: MIT */
/*
 * IOMMU groups without sysfs: reference-counted objects that hold the platform's table group and call its release
 * function when the last reference is dropped. The removal of a node relies on that call.
 */

struct iommu_group {
	int refs, id;
	void *data;
	void (*release)(void *data);
	char *name;
	struct device *device; /* a scenario has one device per group */
	struct iommu_domain *domain;
};

static int svc_group_ids;

struct iommu_group *PROVIDE(iommu_group_alloc)(void)
{
	struct iommu_group *group = svc_kmalloc(sizeof(*group));

	if (!group)
		return ERR_PTR(-ENOMEM);
	group->refs = 1;
	group->id = svc_group_ids++;
	return group;
}

static struct iommu_group *svc_group_get(struct iommu_group *group)
{
	__tcs_visible(&group->refs, sizeof(group->refs), TCS_ATOMIC);
	if (group->refs <= 0)
		__tcs_finding(TCS_REFCOUNT, "reference taken to an IOMMU group whose last reference is gone");
	group->refs++;
	return group;
}

void PROVIDE(iommu_group_put)(struct iommu_group *group)
{
	if (!group)
		return;
	__tcs_visible(&group->refs, sizeof(group->refs), TCS_ATOMIC);
	if (--group->refs)
		return;
	if (group->release)
		group->release(group->data);
	PROVIDE(kfree)(group->name);
	PROVIDE(kfree)(group);
}

struct iommu_group *PROVIDE(iommu_group_get)(struct device *dev)
{
	return dev->iommu_group ? svc_group_get(dev->iommu_group) : NULL;
}

struct iommu_group *PROVIDE(iommu_group_ref_get)(struct iommu_group *group)
{
	return svc_group_get(group);
}

void *PROVIDE(iommu_group_get_iommudata)(struct iommu_group *group)
{
	return group->data;
}

void PROVIDE(iommu_group_set_iommudata)(struct iommu_group *group, void *data, void (*release)(void *))
{
	group->data = data;
	group->release = release;
}

int PROVIDE(iommu_group_set_name)(struct iommu_group *group, const char *name)
{
	PROVIDE(kfree)(group->name);
	group->name = PROVIDE(kstrdup)(name, GFP_KERNEL);
	return group->name ? 0 : -ENOMEM;
}

int PROVIDE(iommu_group_id)(struct iommu_group *group)
{
	return group->id;
}

static void svc_group_join(struct iommu_group *group, struct device *dev)
{
	dev->iommu_group = group;
	group->device = dev;
	dev_info(dev, "Adding to iommu group %d\n", group->id);
}

static void svc_group_leave(struct iommu_group *group, struct device *dev)
{
	group->device = NULL;
	group->domain = NULL;
	dev->iommu_group = NULL;
	PROVIDE(iommu_group_put)(group);
}

int PROVIDE(iommu_group_add_device)(struct iommu_group *group, struct device *dev)
{
	svc_group_join(svc_group_get(group), dev);
	return 0;
}

void PROVIDE(iommu_group_remove_device)(struct device *dev)
{
	struct iommu_group *group = dev->iommu_group;

	if (!group)
		return;
	dev_info(dev, "Removing from iommu group %d\n", group->id);
	svc_group_leave(group, dev);
}

int PROVIDE(iommu_group_for_each_dev)(struct iommu_group *group, void *data, int (*fn)(struct device *, void *))
{
	return group->device ? fn(group->device, data) : 0;
}

/* ---- devices of IOMMU drivers: since 6.5 the platform registers one for each host bridge ------------------------ */

int PROVIDE(iommu_device_sysfs_add)(struct iommu_device *iommu, struct device *parent, const struct attribute_group **groups,
				    const char *fmt, ...)
{
	return 0;
}

void PROVIDE(iommu_device_sysfs_remove)(struct iommu_device *iommu)
{
}

static const struct iommu_ops *svc_iommu_ops;

int PROVIDE(iommu_device_register)(struct iommu_device *iommu, const struct iommu_ops *ops, struct device *hwdev)
{
	iommu->ops = ops;
	svc_iommu_ops = ops;
	return 0;
}

void PROVIDE(iommu_device_unregister)(struct iommu_device *iommu)
{
	iommu->ops = NULL;
}

/* ---- domains: the kernel uses the group through the default domain; the blocked domain leaves it to a user ------- */

struct iommu_domain *PROVIDE(iommu_get_domain_for_dev)(struct device *dev)
{
	return dev->iommu_group ? dev->iommu_group->domain : NULL;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
static int svc_attach(struct iommu_domain *domain, struct device *dev)
{
	int rc = domain->ops->attach_dev(domain, dev);

	if (!rc)
		dev->iommu_group->domain = domain;
	return rc;
}

static int svc_default_domain(struct device *dev)
{
	return svc_iommu_ops->default_domain ? svc_attach(svc_iommu_ops->default_domain, dev) : 0;
}

int svc_iommu_claim(struct device *dev)
{
	if (!dev->iommu_group || !svc_iommu_ops || !svc_iommu_ops->blocked_domain)
		return -ENODEV;
	return svc_attach(svc_iommu_ops->blocked_domain, dev);
}

int svc_iommu_unclaim(struct device *dev)
{
	return dev->iommu_group ? svc_default_domain(dev) : -ENODEV;
}
#else
static int svc_default_domain(struct device *dev)
{
	return 0;
}
#endif

int PROVIDE(iommu_probe_device)(struct device *dev)
{
	struct iommu_device *iommu;
	struct iommu_group *group;

	if (!svc_iommu_ops)
		return -ENODEV;
	iommu = svc_iommu_ops->probe_device(dev);
	if (IS_ERR(iommu))
		return PTR_ERR(iommu);
	group = svc_iommu_ops->device_group(dev);
	if (IS_ERR_OR_NULL(group))
		return group ? PTR_ERR(group) : -EINVAL;
	svc_group_join(group, dev);
	return svc_default_domain(dev);
}

/* Called by the bus notifier of the removed device. */
void svc_iommu_release_device(struct device *dev)
{
	if (svc_iommu_ops && svc_iommu_ops->release_device)
		svc_iommu_ops->release_device(dev);
	if (dev->iommu_group)
		svc_group_leave(dev->iommu_group, dev);
}
