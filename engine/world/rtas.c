/* SPDX-License-Identifier: MIT */
/*
 * RTAS: the calls that query, create, remove and reset DMA windows (LoPAR, "Run-Time Abstraction Services": Dynamic DMA
 * Windows option; reset since level 2.7, queries with six outputs since 2.8), by the tokens that the node of the windows
 * carries. A query offers what the scenario's layout says.
 */

/* The mask of I/O page sizes of a query: the scenario's, and the smaller ones that always come with it. */
static u32 rtas_page_sizes(unsigned long shift)
{
	return shift <= 12 ? 1 : shift <= 16 ? 3 : shift <= 21 ? 0x103 : shift <= 24 ? 7 : 0xf;
}

/* The calls name a function by its address and the BUID of its host bridge. */
static struct world_slot *rtas_slot(const u32 *arg)
{
	return slot_of_buid((u64)arg[1] << 32 | arg[2]);
}

static int rtas_query(const u32 *arg, int nret, int *out)
{
	struct world_slot *slot = rtas_slot(arg);
	unsigned long shift = __tcs_param("pageshift", 16);
	unsigned long window = __tcs_param("window", WORLD_WINDOW_DYNAMIC);
	unsigned long size = window == WORLD_WINDOW_DIRECT ? WORLD_DIRECT_SIZE : window == WORLD_WINDOW_HYBRID ? WORLD_HYBRID_SIZE : WORLD_DDW_SIZE;
	unsigned long block = size >> shift;
	int i = 0;

	if (nret < 5 || !slot)
		return -3;
	out[i++] = hv_windows_free(slot->unit);
	if (nret >= 6) /* since LoPAR 2.8, when ibm,ddw-extensions says so, the block has two cells */
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
	int rc = slot ? hv_window_create(slot->unit, arg[3], arg[4]) : -3;

	out[0] = rc ? 0 : liobn;
	out[1] = 0;
	out[2] = 0;
	__tcs_event(TCS_EV_RTAS, WORLD_RTAS_CREATE, liobn, 0, 0, rc);
	return rc;
}

static int rtas_remove(u32 liobn)
{
	int rc = hv_window_remove(liobn);
	char text[100];

	__tcs_event(TCS_EV_RTAS, WORLD_RTAS_REMOVE, liobn, 0, 0, rc);
	if (rc) {
		svc_snprintf(text, sizeof(text), "ibm,remove-pe-dma-window on LIOBN 0x%x returned %d: there is no such window", liobn, rc);
		__tcs_finding(TCS_HCALL, text);
	}
	return rc;
}

/* Back to the default window alone. */
static int rtas_reset(const u32 *arg)
{
	struct world_slot *slot = rtas_slot(arg);

	if (!slot)
		return -3;
	hv_slot_reset(slot->unit);
	return 0;
}

/* The call that the scenario wants to fail fails, from the driver's start on, each time. */
static int rtas_fails(int token)
{
	static const int tokens[] = { 0, WORLD_RTAS_QUERY, WORLD_RTAS_CREATE, WORLD_RTAS_REMOVE, WORLD_RTAS_RESET };
	unsigned long which = __tcs_param("failrtas", 0);

	return which && world_probing && tokens[which % 5] == token;
}

int PROVIDE(rtas_call)(int token, int nargs, int nret, int *out, ...)
{
	static int never_woken;
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

/* No call of ours returns a status that asks to be called again. */
bool PROVIDE(rtas_busy_delay)(int status)
{
	return false;
}

unsigned int PROVIDE(rtas_busy_delay_time)(int status)
{
	return 0;
}
