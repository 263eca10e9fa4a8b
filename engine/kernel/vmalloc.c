/* SPDX-License-Identifier: MIT */
/*
 * vmalloc: page-aligned objects with addresses of the vmalloc area. vfree() removes the mapping, so that a later access is
 * an oops; the machine distinguishes these objects from the slab's by their kind.
 */

static void *svc_vmalloc(unsigned long size)
{
	svc_may_sleep("vmalloc");
	svc_spend(2000);
	return size && !svc_allocation_fails() ? __tcs_alloc(size, PAGE_SIZE, TCS_VMALLOC) : NULL;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define SVC_VMALLOC_NAME(name) PROVIDE(name##_noprof)
#else
#define SVC_VMALLOC_NAME(name) PROVIDE(name)
#endif

void *SVC_VMALLOC_NAME(vmalloc)(unsigned long size)
{
	return svc_vmalloc(size);
}

void *SVC_VMALLOC_NAME(vzalloc)(unsigned long size)
{
	return svc_vmalloc(size);
}

void *SVC_VMALLOC_NAME(vmalloc_node)(unsigned long size, int node)
{
	return svc_vmalloc(size);
}

void *SVC_VMALLOC_NAME(vzalloc_node)(unsigned long size, int node)
{
	return svc_vmalloc(size);
}

void PROVIDE(vfree)(const void *p)
{
	svc_may_sleep("vfree");
	svc_spend(2000);
	if (p) {
		__tcs_visible(p, __tcs_size(p), TCS_WRITE);
		__tcs_free(p, TCS_VMALLOC);
	}
}

bool PROVIDE(is_vmalloc_addr)(const void *p)
{
	return ((unsigned long)p >> 48) == 0xc008;
}
