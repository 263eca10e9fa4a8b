/* SPDX-License-Identifier: MIT */
/*
 * The page allocator. A physical address is an offset in the machine's memory; `vmemmap` is an array with a struct page
 * for each of its pages, so that the headers' page_address(), virt_to_page() and page_to_pfn() work.
 */

#define SVC_MEMORY 0x4000000UL /* MEMORY_SIZE of the machine */

struct page *vmemmap;
unsigned long max_pfn = SVC_MEMORY >> PAGE_SHIFT, max_low_pfn = SVC_MEMORY >> PAGE_SHIFT;
void *high_memory;

#define SVC_PMEM_START 0x80000000UL /* SVC_RAM_MAX of memory-map.c */

static void svc_setup_vmemmap(unsigned long memory)
{
	unsigned long map = (unsigned long)__tcs_alloc((memory >> PAGE_SHIFT) * sizeof(struct page), PAGE_SIZE, TCS_PRIVATE);

	if (map >> 48 == 0xc000)
		map |= 0x000c000000000000UL;
	vmemmap = (struct page *)map;
	high_memory = (void *)(PAGE_OFFSET + SVC_MEMORY);
}

/* Called once, before all else. The array has addresses of the vmemmap region, as on the real machine. */
void svc_setup_pages(void)
{
	svc_setup_vmemmap(SVC_MEMORY);
}

/* Persistent memory is never read or written: its pages have addresses, for DMA, but no contents. */
void svc_setup_pages_with_pmem(unsigned long size)
{
	svc_memory_end = SVC_PMEM_START + size;
	svc_setup_vmemmap(svc_memory_end);
}

struct page *svc_pmem_page(unsigned int i)
{
	return vmemmap + (SVC_PMEM_START >> PAGE_SHIFT) + i;
}

static struct page *svc_alloc_pages(unsigned int order)
{
	void *p = svc_allocation_fails() ? NULL : __tcs_alloc(PAGE_SIZE << order, PAGE_SIZE, TCS_PAGES);
	struct page *page;

	svc_spend(500);
	if (!p)
		return NULL;
	page = vmemmap + (((unsigned long)p & ~PAGE_OFFSET) >> PAGE_SHIFT);
	page->_refcount.counter = 1;
	page->_mapcount.counter = -1;
	return page;
}

static void *svc_page_address(const struct page *page)
{
	return (void *)(PAGE_OFFSET | ((unsigned long)(page - vmemmap) << PAGE_SHIFT));
}

static void svc_free_page(struct page *page)
{
	svc_spend(300);
	page->_refcount.counter = 0;
	__tcs_free(svc_page_address(page), TCS_PAGES);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define SVC_PAGES_NAME(name) PROVIDE(name##_noprof)

unsigned long PROVIDE(get_free_pages_noprof)(gfp_t gfp, unsigned int order)
{
	struct page *page;

	svc_may_alloc(gfp);
	page = svc_alloc_pages(order);
	return page ? (unsigned long)svc_page_address(page) : 0;
}

unsigned long PROVIDE(get_zeroed_page_noprof)(gfp_t gfp)
{
	return PROVIDE(get_free_pages_noprof)(gfp, 0);
}
#else
#define SVC_PAGES_NAME(name) PROVIDE(name)

unsigned long PROVIDE(__get_free_pages)(gfp_t gfp, unsigned int order)
{
	struct page *page;

	svc_may_alloc(gfp);
	page = svc_alloc_pages(order);
	return page ? (unsigned long)svc_page_address(page) : 0;
}

unsigned long PROVIDE(get_zeroed_page)(gfp_t gfp)
{
	return PROVIDE(__get_free_pages)(gfp, 0);
}
#endif

struct page *SVC_PAGES_NAME(__alloc_pages)(gfp_t gfp, unsigned int order, int node, nodemask_t *mask)
{
	svc_may_alloc(gfp);
	return svc_alloc_pages(order);
}

struct page *SVC_PAGES_NAME(alloc_pages)(gfp_t gfp, unsigned int order)
{
	svc_may_alloc(gfp);
	return svc_alloc_pages(order);
}

/* Fills the empty entries of `array`; returns how many are filled. */
static unsigned long svc_bulk_alloc(unsigned long n, struct page **array)
{
	unsigned long i;

	for (i = 0; i < n; i++) {
		if (!array[i])
			array[i] = svc_alloc_pages(0);
		if (!array[i])
			break;
	}
	return i;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
unsigned long PROVIDE(alloc_pages_bulk_noprof)(gfp_t gfp, int nid, nodemask_t *mask, int n, struct list_head *list, struct page **array)
#else
unsigned long PROVIDE(__alloc_pages_bulk)(gfp_t gfp, int nid, nodemask_t *mask, int n, struct list_head *list, struct page **array)
#endif
{
	svc_may_alloc(gfp);
	return array && n > 0 ? svc_bulk_alloc(n, array) : 0;
}

void PROVIDE(__free_pages)(struct page *page, unsigned int order)
{
	__tcs_visible(&page->_refcount, sizeof(page->_refcount), TCS_ATOMIC);
	if (page->_refcount.counter <= 0)
		__tcs_finding(TCS_REFCOUNT, "a reference to a page is dropped though none is left");
	if (--page->_refcount.counter == 0)
		svc_free_page(page);
}

void PROVIDE(free_pages)(unsigned long addr, unsigned int order)
{
	if (addr)
		PROVIDE(__free_pages)(vmemmap + ((addr & ~PAGE_OFFSET) >> PAGE_SHIFT), order);
}

/* put_page() has already dropped the last reference. */
void PROVIDE(__folio_put)(struct folio *folio)
{
	svc_free_page(&folio->page);
}
