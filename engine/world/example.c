/* SPDX-License-Identifier: MIT */
/*
 * The scenario "example": everything around the small tree in examples/tree. That tree calls few functions, so this file
 * contains all services, the hypervisor, the driver and the removal.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <asm/dlpar.h>
#include "../kernel/tcs.h"

#define EXAMPLE_LIOBN 0x70000016UL
#define EXAMPLE_ENTRIES 256
#define EXAMPLE_SHIFT 16
#define EXAMPLE_BUFFERS 64
#define MS 1000000UL

/* Nominal costs in ns, the same as in the other scenarios. */
#define ALLOC_NS 200
#define VMALLOC_NS 2000
#define PRINTK_NS 20000
#define HCALL_NS 1040

/* ---- memory ------------------------------------------------------------------------------------------------------ */

void *kzalloc(size_t size)
{
	__tcs_spend(ALLOC_NS);
	return __tcs_alloc(size, 16, TCS_SLAB);
}

void kfree(const void *p)
{
	__tcs_spend(ALLOC_NS);
	if (!p)
		return;
	__tcs_visible(p, __tcs_size(p), TCS_WRITE);
	__tcs_free(p, TCS_SLAB);
}

void *vzalloc(size_t size)
{
	__tcs_spend(VMALLOC_NS);
	return __tcs_alloc(size, 65536, TCS_VMALLOC);
}

void vfree(const void *p)
{
	__tcs_spend(VMALLOC_NS);
	if (!p)
		return;
	__tcs_visible(p, __tcs_size(p), TCS_WRITE);
	__tcs_free(p, TCS_VMALLOC);
}

/* ---- locks and time ---------------------------------------------------------------------------------------------- */

static int locks_held[64];

int tcs_irqs_disabled(void)
{
	return 0;
}

void spin_lock(spinlock_t *lock)
{
	int told = 0;

	__tcs_visible(lock, sizeof(*lock), TCS_LOCK);
	while (lock->owner) {
		if (lock->owner == (u32)__tcs_self() && !told++)
			__tcs_finding(TCS_LOCKING, "spin_lock: the lock is held by this thread already");
		__tcs_wait(lock, TCS_NEVER, 1);
	}
	lock->owner = __tcs_self();
	locks_held[__tcs_self() & 63]++;
}

void spin_unlock(spinlock_t *lock)
{
	__tcs_visible(lock, sizeof(*lock), TCS_UNLOCK);
	if (lock->owner != (u32)__tcs_self())
		__tcs_finding(TCS_LOCKING, "spin_unlock: the lock is not held by this thread");
	lock->owner = 0;
	locks_held[__tcs_self() & 63]--;
	__tcs_wake(lock, 1);
}

static void nap(unsigned long ns)
{
	int never_woken; /* separate for each sleeper: sleepers are independent */

	__tcs_wait(&never_woken, __tcs_now() + ns, 0);
}

/* Two ticks more than requested: the clock's granularity, as in msleep(). */
void msleep(unsigned int ms)
{
	unsigned long tick = 1000000000UL / __tcs_param("hz", 250);

	if (locks_held[__tcs_self() & 63])
		__tcs_finding(TCS_LOCKING, "msleep: slept while a spin lock is held");
	nap(((ms * MS + tick - 1) / tick + 1) * tick);
}

/* ---- the log: %s %d %u %x with l, and %% ------------------------------------------------------------------------- */

static unsigned int put_number(char *to, unsigned long v, unsigned int base)
{
	char digit[24];
	unsigned int n = 0, i;

	do
		digit[n++] = "0123456789abcdef"[v % base];
	while (v /= base);
	for (i = 0; i < n; i++)
		to[i] = digit[n - 1 - i];
	return n;
}

static unsigned int format(char *to, unsigned int size, const char *fmt, __builtin_va_list args)
{
	unsigned int n = 0;

	for (; *fmt && n + 24 < size; fmt++) {
		int is_long = 0;
		const char *s;
		long v;

		if (*fmt != '%') {
			to[n++] = *fmt;
			continue;
		}
		for (fmt++; *fmt == 'l'; fmt++)
			is_long = 1;
		switch (*fmt) {
		case 's':
			for (s = __builtin_va_arg(args, const char *); *s && n + 24 < size; s++)
				to[n++] = *s;
			break;
		case 'd':
			v = is_long ? __builtin_va_arg(args, long) : __builtin_va_arg(args, int);
			if (v < 0)
				to[n++] = '-';
			n += put_number(to + n, v < 0 ? -v : v, 10);
			break;
		case 'u':
		case 'x':
			v = is_long ? __builtin_va_arg(args, unsigned long) : __builtin_va_arg(args, unsigned int);
			n += put_number(to + n, v, *fmt == 'x' ? 16 : 10);
			break;
		default:
			to[n++] = *fmt;
		}
	}
	return n;
}

int _printk(const char *fmt, ...)
{
	__builtin_va_list args;
	char text[300];
	int level = 4;
	unsigned int n;

	if (fmt[0] == 1) {
		level = fmt[1] - '0';
		fmt += 2;
	}
	__builtin_va_start(args, fmt);
	n = format(text, sizeof(text), fmt, args);
	__builtin_va_end(args);
	while (n && text[n - 1] == '\n')
		n--;
	__tcs_log(level, text, n);
	__tcs_spend(PRINTK_NS);
	return n;
}

/* ---- the hypervisor: one window, its TCEs ------------------------------------------------------------------------ */

#define OP_PUT_TCE 0x20 /* H_PUT_TCE of the platform, for the timeline */

static struct {
	u64 liobn, entries, shift, mapped;
	u64 tce[EXAMPLE_ENTRIES];
} window;

static void count(void)
{
	__tcs_event(TCS_EV_MAPPED, window.mapped, 0, 0, 0, 0);
}

static long hcall_done(u64 liobn, u64 offset, long rc)
{
	char text[100];
	unsigned int n = 0;
	const char *s;

	__tcs_spend(HCALL_NS);
	__tcs_event(TCS_EV_HCALL, OP_PUT_TCE, liobn, offset >> EXAMPLE_SHIFT, 1, rc);
	if (!rc)
		return rc;
	for (s = "H_PUT_TCE on LIOBN 0x"; *s; s++)
		text[n++] = *s;
	n += put_number(text + n, liobn, 16);
	for (s = " returned H_PARAMETER (-4): there is no such window"; *s; s++)
		text[n++] = *s;
	text[n] = 0;
	__tcs_finding(TCS_HCALL, text);
	return rc;
}

long h_put_tce(u64 liobn, u64 offset, u64 tce)
{
	u64 entry;

	__tcs_visible(&window, sizeof(window), TCS_ATOMIC);
	entry = window.liobn ? offset >> window.shift : 0;
	if (!window.liobn || window.liobn != liobn || entry >= window.entries)
		return hcall_done(liobn, offset, H_PARAMETER);
	window.mapped += (tce != 0) - (window.tce[entry] != 0);
	window.tce[entry] = tce;
	count();
	return hcall_done(liobn, offset, 0);
}

long h_create_window(u64 liobn, u64 entries, u64 page_shift)
{
	__tcs_visible(&window, sizeof(window), TCS_ATOMIC);
	__tcs_spend(MS);
	if (window.liobn || entries > EXAMPLE_ENTRIES)
		return H_PARAMETER;
	window.liobn = liobn;
	window.entries = entries;
	window.shift = page_shift;
	__tcs_event(TCS_EV_RTAS, 0, liobn, 0, 0, 0);
	return 0;
}

long h_remove_window(u64 liobn)
{
	u64 i;

	__tcs_visible(&window, sizeof(window), TCS_ATOMIC);
	__tcs_spend(MS);
	__tcs_event(TCS_EV_RTAS, 1, liobn, 0, 0, 0);
	if (window.liobn != liobn)
		return H_PARAMETER;
	window.liobn = 0;
	window.mapped = 0;
	for (i = 0; i < EXAMPLE_ENTRIES; i++)
		window.tce[i] = 0;
	count();
	return 0;
}

/* ---- a driver, the holder of its late buffers, and the removal ---------------------------------------------------- */

static struct slot slot;
static struct iommu_table *table; /* as the driver knows it */
static unsigned long buffers, late, held_until;
static u64 dma[EXAMPLE_BUFFERS];

static void driver_probe(void)
{
	unsigned long i;

	__tcs_phase("driver: probe", 1);
	buffers = __tcs_param("buffers", 16);
	late = __tcs_param("late", 4);
	if (slot_attach(&slot, EXAMPLE_LIOBN, EXAMPLE_ENTRIES, EXAMPLE_SHIFT))
		buffers = 0;
	table = slot.table;
	for (i = 0; i < buffers; i++) {
		dma[i] = iommu_map_page(table, (i + 1) << EXAMPLE_SHIFT);
		__tcs_event(TCS_EV_MAP, i, dma[i], 0, 0, 0);
	}
	__tcs_phase("driver: probe", 0);
}

static void unmap(unsigned long first, unsigned long end)
{
	unsigned long i;

	for (i = first; i < end; i++) {
		__tcs_event(TCS_EV_UNMAP, i, dma[i], 0, 0, 0);
		iommu_unmap_page(table, dma[i]);
		__tcs_event(TCS_EV_UNMAPPED, i, dma[i], 0, 0, 0);
	}
}

static void holder(void *unused)
{
	nap(held_until - __tcs_now());
	unmap(buffers - late, buffers);
}

static void removal(void *unused)
{
	unsigned long hold = __tcs_param("hold", 3000 * MS);

	nap(50 * MS);
	__tcs_phase("remove device", 1);
	unmap(0, buffers - late);
	__tcs_phase("remove device", 0);
	if (late && hold != TCS_NEVER) {
		held_until = __tcs_now() + hold;
		__tcs_thread("holder", holder, NULL, __tcs_ncpus() > 1, 0);
	}
	__tcs_event(TCS_EV_DETACH_START, 0, 0, 0, 0, 0);
	__tcs_phase("detach slot", 1);
	slot_detach(&slot);
	__tcs_phase("detach slot", 0);
	__tcs_event(TCS_EV_DETACH_END, 0, 0, 0, 0, 0);
}

void tcs_main(void *unused)
{
	driver_probe();
	__tcs_thread("drmgr", removal, NULL, 0, 0);
}
