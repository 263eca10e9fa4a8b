/* SPDX-License-Identifier: MIT */
/*
 * The hypervisor's TCE tables, one for each LIOBN, and the hypercalls on them with their return codes: LoPAR 2.9, 14.5.4.2,
 * H_GET_TCE .1, H_PUT_TCE .2, H_STUFF_TCE .3, H_PUT_TCE_INDIRECT .4. A call on a window that does not exist returns
 * H_PARAMETER. TCEs are stored in chunks, which are allocated on the first write.
 */

#define HV_WINDOWS 8
#define HV_CHUNK 512 /* maximum number of TCEs per hypercall */
#define HV_CHUNKS 1024 /* 2 GiB in pages of 4 KiB */
#define HV_TCE_VALID 3UL /* read or write allowed */

struct hv_window {
	u32 liobn;
	unsigned int unit; /* the slot it belongs to */
	int live;
	unsigned int page_shift;
	unsigned long entries, mapped;
	u64 *chunk[HV_CHUNKS];
};

static struct hv_window hv_windows[HV_WINDOWS];

static struct hv_window *hv_find(unsigned long liobn)
{
	int i;

	for (i = 0; i < HV_WINDOWS; i++)
		if (hv_windows[i].live && hv_windows[i].liobn == liobn)
			return &hv_windows[i];
	return NULL;
}

static int hv_add(u32 liobn, unsigned int unit, unsigned int page_shift, unsigned long size)
{
	int i, j;

	if (hv_find(liobn) || size >> page_shift > HV_CHUNK * HV_CHUNKS)
		return -3;
	for (i = 0; i < HV_WINDOWS; i++) {
		struct hv_window *w = &hv_windows[i];

		if (w->live)
			continue;
		w->liobn = liobn;
		w->unit = unit;
		w->live = 1;
		w->page_shift = page_shift;
		w->entries = size >> page_shift;
		w->mapped = 0;
		for (j = 0; j < HV_CHUNKS; j++)
			w->chunk[j] = NULL;
		return 0;
	}
	return -3;
}

u32 hv_default_liobn(unsigned int unit)
{
	return WORLD_DEFAULT_LIOBN + unit;
}

u32 hv_dynamic_liobn(unsigned int unit)
{
	return __tcs_param("liobn", 0x70000016) + unit;
}

/* Reports a change of the number of TCEs mapped in all windows to the timeline. */
static void hv_count(void)
{
	static unsigned long told;
	unsigned long mapped = 0;
	int i;

	for (i = 0; i < HV_WINDOWS; i++)
		if (hv_windows[i].live)
			mapped += hv_windows[i].mapped;
	if (mapped != told)
		__tcs_event(TCS_EV_MAPPED, mapped, 0, 0, 0, 0);
	told = mapped;
}

/* As on an SR-IOV function, one window per slot, so a dynamic window needs the default one removed; or two windows. */
int hv_windows_free(unsigned int unit)
{
	int i, n = __tcs_param("window", WORLD_WINDOW_DYNAMIC) == WORLD_WINDOW_BESIDE ? 2 : 1;

	for (i = 0; i < HV_WINDOWS; i++)
		n -= hv_windows[i].live && hv_windows[i].unit == unit;
	return n > 0 ? n : 0;
}

int hv_window_create(unsigned int unit, unsigned int page_shift, unsigned int window_shift)
{
	return hv_windows_free(unit) ? hv_add(hv_dynamic_liobn(unit), unit, page_shift, 1UL << window_shift) : -3;
}

static void hv_default_window(unsigned int unit)
{
	hv_add(hv_default_liobn(unit), unit, WORLD_DEFAULT_SHIFT, WORLD_DEFAULT_SIZE);
}

/* Removing a slot's last window restores the default window, unless it was that one (LoPAR 2.9, 7.3.27.3, R1-3). */
int hv_window_remove(u32 liobn, unsigned long *mapped)
{
	struct hv_window *w = hv_find(liobn);
	int i, left = 0;

	if (!w)
		return -3;
	*mapped = w->mapped;
	w->live = 0;
	for (i = 0; i < HV_WINDOWS; i++)
		left += hv_windows[i].live && hv_windows[i].unit == w->unit;
	if (!left && liobn != hv_default_liobn(w->unit))
		hv_default_window(w->unit);
	hv_count();
	return 0;
}

void hv_slot_reset(unsigned int unit)
{
	int i;

	for (i = 0; i < HV_WINDOWS; i++)
		if (hv_windows[i].unit == unit)
			hv_windows[i].live = 0;
	hv_default_window(unit);
	hv_count();
}

unsigned long hv_mapped(unsigned int unit, u32 *liobn)
{
	unsigned long mapped = 0;
	int i;

	for (i = 0; i < HV_WINDOWS; i++) {
		if (!hv_windows[i].live || hv_windows[i].unit != unit || !hv_windows[i].mapped)
			continue;
		mapped += hv_windows[i].mapped;
		*liobn = hv_windows[i].liobn;
	}
	return mapped;
}

static u64 hv_get(struct hv_window *w, unsigned long index)
{
	u64 *chunk = w->chunk[index / HV_CHUNK];

	return chunk ? chunk[index % HV_CHUNK] : 0;
}

static void hv_put(struct hv_window *w, unsigned long index, u64 tce)
{
	u64 **chunk = &w->chunk[index / HV_CHUNK];
	u64 old = *chunk ? (*chunk)[index % HV_CHUNK] : 0;

	if (!*chunk) {
		if (!tce)
			return;
		*chunk = __tcs_alloc(HV_CHUNK * sizeof(u64), 64, TCS_PRIVATE);
	}
	(*chunk)[index % HV_CHUNK] = tce;
	w->mapped += ((tce & HV_TCE_VALID) != 0) - ((old & HV_TCE_VALID) != 0);
}

static const char *hv_name(unsigned long opcode)
{
	return opcode == H_PUT_TCE ? "H_PUT_TCE" : opcode == H_PUT_TCE_INDIRECT ? "H_PUT_TCE_INDIRECT" :
	       opcode == H_STUFF_TCE ? "H_STUFF_TCE" : opcode == H_GET_TCE ? "H_GET_TCE" : "hypercall";
}

/*
 * The hypervisor may preempt the CPU during a hypercall, for some ticks of the clock. Whether it does is a decision, which is
 * requested only if the scenario allows such stalls, and only during the detach or a late unmap.
 */
#define HV_STALL_TICKS 16

static int hv_stalls_used;

static void hv_stall(void)
{
	int never_woken; /* separate for each sleeper: sleepers are independent */
	unsigned long ticks;

	if (!world_detaching || hv_stalls_used >= (int)__tcs_param("stalls", 0))
		return;
	ticks = __tcs_choose("ticks the hypervisor keeps a CPU in a hypercall", HV_STALL_TICKS);
	if (!ticks)
		return;
	hv_stalls_used++;
	svc_wait(&never_woken, svc_jiffies_to_ns(jiffies + ticks), 1);
}

/* Ends each hypercall on a window: cost, timeline, and a finding if the window does not exist. */
/* Not part of the path of every call: an array on the stack has redzones. */
static void hv_no_window(unsigned long opcode, unsigned long liobn, long rc)
{
	char text[120];

	svc_snprintf(text, sizeof(text), "%s on LIOBN 0x%lx returned H_PARAMETER (%ld): there is no such window", hv_name(opcode), liobn, rc);
	__tcs_finding(TCS_HCALL, text);
}

static long hv_done(unsigned long opcode, struct hv_window *w, unsigned long liobn, unsigned long ioba, unsigned long count, long rc)
{
	unsigned int shift = w ? w->page_shift : __tcs_param("pageshift", 16);

	svc_spend(WORLD_HCALL_NS + WORLD_TCE_NS * count);
	__tcs_event(TCS_EV_HCALL, opcode, liobn, ioba >> shift, count, rc);
	hv_count();
	if (!w)
		hv_no_window(opcode, liobn, rc);
	hv_stall();
	return rc;
}

/*
 * The scenario may let one call fail that sets or that clears TCEs: the n-th since the driver's start, with the given return
 * code; otherwise H_SUCCESS. A hypervisor may return such codes if it is short of resources or busy, or if its hardware
 * fails.
 */
static long hv_fails(int clears)
{
	static const long codes[] = { H_NOT_ENOUGH_RESOURCES, H_BUSY, H_HARDWARE, H_PARAMETER };
	static unsigned long calls, nth, asked; /* read once, since every call passes here */

	if (!asked++)
		nth = __tcs_param("failcall", 0);
	if (!world_probing)
		return H_SUCCESS;
	if ((!nth || clears != (int)__tcs_param("failon", 0) || ++calls != nth) &&
	    !svc_fails(SVC_FAIL_HYPERCALL, clears ? "a hypercall that clears TCEs fails" : "a hypercall that enters TCEs fails"))
		return H_SUCCESS;
	return codes[__tcs_param("failcode", 0) & 3];
}

/* A TCE that allows access must refer to a page of the partition's memory; otherwise the call returns H_PARAMETER. */
static int hv_not_ours(u64 tce)
{
	u64 end = memory_hotplug_max() > svc_memory_end ? memory_hotplug_max() : svc_memory_end;

	return (tce & HV_TCE_VALID) && (tce & ~0xfffUL) >= end;
}

/* Zero TCEs count as out of range: LoPAR does not specify this case, and QEMU's pseries returns H_PARAMETER. */
static int hv_outside(const struct hv_window *w, unsigned long ioba, unsigned long count)
{
	unsigned long index = ioba >> w->page_shift;

	return !count || ioba & ((1UL << w->page_shift) - 1) || index >= w->entries || count > w->entries - index;
}

static long hv_stuff(unsigned long liobn, unsigned long ioba, u64 tce, unsigned long count, unsigned long opcode)
{
	struct hv_window *w;
	unsigned long index, i;
	long rc;

	__tcs_visible(hv_windows, sizeof(hv_windows), TCS_ATOMIC);
	w = hv_find(liobn);
	if (!w || (count <= HV_CHUNK && (hv_outside(w, ioba, count) || hv_not_ours(tce))))
		return hv_done(opcode, w, liobn, ioba, count, H_PARAMETER);
	if (count > HV_CHUNK)
		return hv_done(opcode, w, liobn, ioba, count, H_P4);
	index = ioba >> w->page_shift;
	rc = hv_fails(!tce);
	if (rc != H_SUCCESS)
		return hv_done(opcode, w, liobn, ioba, count, rc);
	for (i = 0; i < count; i++)
		hv_put(w, index + i, tce);
	return hv_done(opcode, w, liobn, ioba, count, H_SUCCESS);
}

/* `list` is the physical address of a 4 KiB page of big-endian TCEs. */
static long hv_put_indirect(unsigned long liobn, unsigned long ioba, unsigned long list, unsigned long count)
{
	const __be64 *tce = (const __be64 *)(PAGE_OFFSET | list);
	struct hv_window *w;
	unsigned long index, i;
	long rc;

	__tcs_visible(hv_windows, sizeof(hv_windows), TCS_ATOMIC);
	w = hv_find(liobn);
	if (!w || count > HV_CHUNK || hv_outside(w, ioba, count))
		return hv_done(H_PUT_TCE_INDIRECT, w, liobn, ioba, count, H_PARAMETER);
	for (i = 0; i < count; i++)
		if (hv_not_ours(be64_to_cpu(tce[i])))
			return hv_done(H_PUT_TCE_INDIRECT, w, liobn, ioba, count, H_PARAMETER);
	index = ioba >> w->page_shift;
	rc = hv_fails(0);
	if (rc != H_SUCCESS)
		return hv_done(H_PUT_TCE_INDIRECT, w, liobn, ioba, count, rc);
	for (i = 0; i < count; i++)
		hv_put(w, index + i, be64_to_cpu(tce[i]));
	return hv_done(H_PUT_TCE_INDIRECT, w, liobn, ioba, count, H_SUCCESS);
}

long PROVIDE(plpar_hcall_norets)(unsigned long opcode, ...)
{
	unsigned long liobn, ioba, tce, count = 1;
	va_list args;

	if (opcode != H_PUT_TCE && opcode != H_STUFF_TCE && opcode != H_PUT_TCE_INDIRECT) {
		svc_spend(WORLD_HCALL_NS);
		return H_FUNCTION;
	}
	va_start(args, opcode);
	liobn = va_arg(args, unsigned long);
	ioba = va_arg(args, unsigned long);
	tce = va_arg(args, unsigned long); /* for H_PUT_TCE_INDIRECT: the address of its list */
	if (opcode != H_PUT_TCE)
		count = va_arg(args, unsigned long);
	va_end(args);
	return opcode == H_PUT_TCE_INDIRECT ? hv_put_indirect(liobn, ioba, tce, count) : hv_stuff(liobn, ioba, tce, count, opcode);
}

long PROVIDE(plpar_hcall)(unsigned long opcode, unsigned long *retbuf, ...)
{
	unsigned long liobn, ioba;
	struct hv_window *w;
	va_list args;

	if (opcode != H_GET_TCE) {
		svc_spend(WORLD_HCALL_NS);
		return H_FUNCTION;
	}
	va_start(args, retbuf);
	liobn = va_arg(args, unsigned long);
	ioba = va_arg(args, unsigned long);
	va_end(args);
	__tcs_visible(hv_windows, sizeof(hv_windows), TCS_READ);
	w = hv_find(liobn);
	if (!w || ioba >> w->page_shift >= w->entries)
		return hv_done(opcode, w, liobn, ioba, 1, H_PARAMETER);
	retbuf[0] = hv_get(w, ioba >> w->page_shift);
	return hv_done(opcode, w, liobn, ioba, 1, H_SUCCESS);
}

long PROVIDE(plpar_hcall9)(unsigned long opcode, unsigned long *retbuf, ...)
{
	svc_spend(WORLD_HCALL_NS);
	return H_FUNCTION;
}
