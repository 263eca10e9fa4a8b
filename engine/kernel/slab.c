/* SPDX-License-Identifier: MIT */
/*
 * The slab allocator's interface: each object is separate memory of the machine with its own redzones, and is never reused.
 * Objects have exactly the requested size, so that an access past the end is detected.
 */

struct kmem_cache {
	unsigned int size;
	unsigned int align;
	const char *name;
	void (*ctor)(void *);
};

/* The headers select one of these for a constant size; the size is passed too, so the entries can be empty. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
kmem_buckets kmalloc_caches[NR_KMALLOC_TYPES];
#else
struct kmem_cache *kmalloc_caches[NR_KMALLOC_TYPES][KMALLOC_SHIFT_HIGH + 1];
#endif

unsigned long svc_fail_in;

unsigned int svc_may_fail;

int svc_fails(unsigned int kind, const char *what)
{
	if (!(svc_may_fail & kind) || !__tcs_choose(what, 2))
		return 0;
	svc_may_fail = 0;
	return 1;
}

int svc_allocation_fails(void)
{
	return (svc_fail_in && !--svc_fail_in) || svc_fails(SVC_FAIL_ALLOCATION, "an allocation fails");
}

static void *svc_kmalloc(size_t size)
{
	svc_spend(200);
	if (svc_allocation_fails())
		return NULL;
	if (!size)
		return ZERO_SIZE_PTR;
	return __tcs_alloc(size, 16, TCS_SLAB);
}

void PROVIDE(kfree)(const void *p)
{
	svc_spend(100);
	if (ZERO_OR_NULL_PTR(p))
		return;
	/* Another thread may run first: to other threads this is a write to the whole object. */
	__tcs_visible(p, __tcs_size(p), TCS_WRITE);
	__tcs_free(p, TCS_SLAB);
}

static void *svc_cache_alloc(struct kmem_cache *s)
{
	void *p = svc_kmalloc(s->size);

	if (p && s->ctor)
		s->ctor(p);
	return p;
}

static void *svc_krealloc(const void *p, size_t size)
{
	unsigned long old = ZERO_OR_NULL_PTR(p) ? 0 : __tcs_size(p);
	void *to;

	if (!size) {
		PROVIDE(kfree)(p);
		return ZERO_SIZE_PTR;
	}
	if (old >= size)
		return (void *)p;
	to = svc_kmalloc(size);
	if (to && old)
		PROVIDE(memcpy)(to, p, old);
	if (to)
		PROVIDE(kfree)(p);
	return to;
}

static void *svc_dup(const void *src, size_t len, size_t size)
{
	char *to = svc_kmalloc(size);

	if (to)
		PROVIDE(memcpy)(to, src, len);
	return to;
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
void *PROVIDE(__kmalloc_noprof)(size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_node_noprof)(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_cache_noprof)(struct kmem_cache *s, gfp_t flags, size_t size)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_cache_node_noprof)(struct kmem_cache *s, gfp_t flags, int node, size_t size)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_large_noprof)(size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_large_node_noprof)(size_t size, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_node_track_caller_noprof)(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node, unsigned long caller)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kvmalloc_node_noprof)(DECL_BUCKET_PARAMS(size, b), gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(krealloc_noprof)(const void *p, size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_krealloc(p, size);
}

void *PROVIDE(kmem_cache_alloc_noprof)(struct kmem_cache *s, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmem_cache_alloc_lru_noprof)(struct kmem_cache *s, struct list_lru *lru, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmem_cache_alloc_node_noprof)(struct kmem_cache *s, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmemdup_noprof)(const void *src, size_t len, gfp_t gfp)
{
	return svc_dup(src, len, len);
}
#else
void *PROVIDE(__kmalloc)(size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_node)(size_t size, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(kmalloc_trace)(struct kmem_cache *s, gfp_t flags, size_t size)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(kmalloc_node_trace)(struct kmem_cache *s, gfp_t flags, int node, size_t size)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(kmalloc_large)(size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(kmalloc_large_node)(size_t size, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(__kmalloc_node_track_caller)(size_t size, gfp_t flags, int node, unsigned long caller)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(kvmalloc_node)(size_t size, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_kmalloc(size);
}

void *PROVIDE(krealloc)(const void *p, size_t size, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_krealloc(p, size);
}

void *PROVIDE(kmem_cache_alloc)(struct kmem_cache *s, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmem_cache_alloc_lru)(struct kmem_cache *s, struct list_lru *lru, gfp_t flags)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmem_cache_alloc_node)(struct kmem_cache *s, gfp_t flags, int node)
{
	svc_may_alloc(flags);
	return svc_cache_alloc(s);
}

void *PROVIDE(kmemdup)(const void *src, size_t len, gfp_t gfp)
{
	return svc_dup(src, len, len);
}
#endif

void PROVIDE(kmem_cache_free)(struct kmem_cache *s, void *p)
{
	PROVIDE(kfree)(p);
}

void PROVIDE(kvfree)(const void *p)
{
	PROVIDE(kfree)(p);
}

void PROVIDE(kfree_sensitive)(const void *p)
{
	PROVIDE(kfree)(p);
}

size_t PROVIDE(ksize)(const void *p)
{
	return ZERO_OR_NULL_PTR(p) ? 0 : __tcs_size(p);
}

char *PROVIDE(kstrdup)(const char *s, gfp_t gfp)
{
	size_t n = 0;

	if (!s)
		return NULL;
	while (s[n])
		n++;
	return svc_dup(s, n + 1, n + 1);
}

char *PROVIDE(kstrndup)(const char *s, size_t max, gfp_t gfp)
{
	size_t n = 0;

	if (!s)
		return NULL;
	while (n < max && s[n])
		n++;
	return svc_dup(s, n, n + 1);
}

/* A constant string is copied too: kfree_const() recognises the copy, since it is an object. */
const char *PROVIDE(kstrdup_const)(const char *s, gfp_t gfp)
{
	return PROVIDE(kstrdup)(s, gfp);
}

void PROVIDE(kfree_const)(const void *p)
{
	if (p && __tcs_size(p))
		PROVIDE(kfree)(p);
}

char *PROVIDE(kvasprintf)(gfp_t gfp, const char *fmt, va_list args)
{
	va_list again;
	char *buf;
	int n;

	va_copy(again, args);
	n = svc_vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	buf = svc_kmalloc(n + 1);
	if (buf)
		svc_vsnprintf(buf, n + 1, fmt, args);
	return buf;
}

char *PROVIDE(kasprintf)(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *buf;

	va_start(args, fmt);
	buf = PROVIDE(kvasprintf)(gfp, fmt, args);
	va_end(args);
	return buf;
}

const char *PROVIDE(kvasprintf_const)(gfp_t gfp, const char *fmt, va_list args)
{
	return PROVIDE(kvasprintf)(gfp, fmt, args);
}
