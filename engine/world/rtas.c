/* SPDX-License-Identifier: MIT */
/*
 * RTAS: the calls on DMA windows, with the tokens from the windows' node: LoPAR 2.9, 7.3.27, ibm,query-pe-dma-window .1,
 * ibm,create-pe-dma-window .2, ibm,remove-pe-dma-window .3, ibm,reset-pe-dma-windows .4.1; status words 7.2.8. The
 * scenario's layout decides what a query offers.
 */

/* The mask of I/O page sizes of a query: the scenario's, and the smaller ones, which are always offered too. */
static u32 rtas_page_sizes(unsigned long shift)
{
	return shift <= 12 ? 1 : shift <= 16 ? 3 : shift <= 21 ? 0x103 : shift <= 24 ? 7 : 0xf;
}

/* The calls identify a function by its address and the BUID of its host bridge. */
static struct world_slot *rtas_slot(const u32 *arg)
{
	return slot_of_buid((u64)arg[1] << 32 | arg[2]);
}

static unsigned long rtas_largest_window(void)
{
	unsigned long window = __tcs_param("window", WORLD_WINDOW_DYNAMIC);

	return window == WORLD_WINDOW_DIRECT ? WORLD_DIRECT_SIZE : window == WORLD_WINDOW_HYBRID ? WORLD_HYBRID_SIZE : WORLD_DDW_SIZE;
}

/* The bit of a query's mask for pages of 2^shift bytes; the bit for 2 MiB is not in LoPAR 2.9, but the kernel has it. */
static u32 rtas_page_size_bit(unsigned int shift)
{
	switch (shift) {
	case 12: return 1;
	case 16: return 2;
	case 21: return 0x100;
	case 24: return 4;
	case 25: return 8;
	default: return 0;
	}
}

static int rtas_query(const u32 *arg, int nret, int *out)
{
	struct world_slot *slot = rtas_slot(arg);
	unsigned long shift = __tcs_param("pageshift", 16);
	unsigned long block = rtas_largest_window() >> shift;
	int i = 0;

	/* Six outputs only if ibm,ddw-extensions says so (7.3.27.1). */
	if (!slot || nret < 5 || nret > (int)__tcs_param("queryouts", 6))
		return -3;
	out[i++] = hv_windows_free(slot->unit);
	if (nret == 6) /* then the block has two cells */
		out[i++] = block >> 32;
	out[i++] = block;
	out[i++] = rtas_page_sizes(shift);
	out[i] = 0;
	return 0;
}

static int rtas_create(const u32 *arg, int *out)
{
	struct world_slot *slot = rtas_slot(arg);
	u32 liobn = slot ? hv_dynamic_liobn(slot->unit) : 0;
	int rc = -3;

	/* Only a page size that a query offers, and no window larger than its limit (7.3.27.2). */
	if (slot && rtas_page_sizes(__tcs_param("pageshift", 16)) & rtas_page_size_bit(arg[3]) && arg[4] < 64 && 1UL << arg[4] <= rtas_largest_window())
		rc = hv_window_create(slot->unit, arg[3], arg[4]);
	out[0] = rc ? 0 : liobn;
	out[1] = 0;
	out[2] = 0;
	__tcs_event(TCS_EV_RTAS, WORLD_RTAS_CREATE, liobn, 0, 0, rc);
	return rc;
}

static int rtas_remove(u32 liobn)
{
	unsigned long mapped = 0;
	int rc = hv_window_remove(liobn, &mapped);
	char text[140];

	__tcs_event(TCS_EV_RTAS, WORLD_RTAS_REMOVE, liobn, 0, 0, rc);
	if (mapped) {
		svc_snprintf(text, sizeof(text), "ibm,remove-pe-dma-window on LIOBN 0x%x with %lu valid TCEs: its caller must see to it that there are none",
			     liobn, mapped);
		__tcs_finding(TCS_HCALL, text);
	}
	if (rc) {
		svc_snprintf(text, sizeof(text), "ibm,remove-pe-dma-window on LIOBN 0x%x returned %d: there is no such window", liobn, rc);
		__tcs_finding(TCS_HCALL, text);
	}
	return rc;
}

/* Resets to the default window only; as for a removal, the caller must have cleared all TCEs (7.3.27.4.1, R1-2). */
static int rtas_reset(const u32 *arg)
{
	struct world_slot *slot = rtas_slot(arg);
	unsigned long mapped;
	char text[140];
	u32 liobn;

	if (!slot)
		return -3;
	mapped = hv_mapped(slot->unit, &liobn);
	if (mapped) {
		svc_snprintf(text, sizeof(text), "ibm,reset-pe-dma-windows with %lu valid TCEs, of LIOBN 0x%x: its caller must see to it that there are none",
			     mapped, liobn);
		__tcs_finding(TCS_HCALL, text);
	}
	hv_slot_reset(slot->unit);
	return 0;
}

/* The call that the scenario lets fail fails every time from the driver's start. */
static int rtas_fails(int token)
{
	static const int tokens[] = { 0, WORLD_RTAS_QUERY, WORLD_RTAS_CREATE, WORLD_RTAS_REMOVE, WORLD_RTAS_RESET };
	unsigned long which = __tcs_param("failrtas", 0);

	return which && world_probing && tokens[which % 5] == token;
}

int PROVIDE(rtas_call)(int token, int nargs, int nret, int *out, ...)
{
	int never_woken; /* separate for each sleeper: sleepers are independent */
	int scratch[8], rc = -3, i;
	u32 arg[8];
	va_list args;

	va_start(args, out);
	for (i = 0; i < nargs && i < 8; i++)
		arg[i] = va_arg(args, u32);
	va_end(args);
	/* The caller spins in the firmware: its CPU runs nothing else. */
	svc_wait(&never_woken, __tcs_now() + WORLD_RTAS_NS, 1);
	if (rtas_fails(token) || svc_fails(SVC_FAIL_RTAS, "an RTAS call fails")) {
		__tcs_event(TCS_EV_RTAS, token, 0, 0, 0, -1);
		return -1; /* hardware error */
	}
	switch (token) {
	case WORLD_RTAS_QUERY:
		rc = nargs < 3 ? rc : rtas_query(arg, nret, out ? out : scratch);
		__tcs_event(TCS_EV_RTAS, token, 0, 0, 0, rc);
		return rc;
	case WORLD_RTAS_CREATE:
		return nargs < 5 || nret < 4 ? rc : rtas_create(arg, out ? out : scratch);
	case WORLD_RTAS_REMOVE:
		return nargs < 1 ? rc : rtas_remove(arg[0]);
	case WORLD_RTAS_RESET:
		rc = nargs < 3 ? rc : rtas_reset(arg);
		__tcs_event(TCS_EV_RTAS, token, 0, 0, 0, rc);
		return rc;
	default:
		return -1003; /* RTAS_UNKNOWN_SERVICE */
	}
}

/* No call here returns a status that requests a retry. */
bool PROVIDE(rtas_busy_delay)(int status)
{
	return false;
}

unsigned int PROVIDE(rtas_busy_delay_time)(int status)
{
	return 0;
}
