/* SPDX-License-Identifier: MIT */
/*
 * How the network stack holds a driver's buffers, parameter "holdkind": all for the same time, each for its own time, until
 * the application reads them, as fragments of an incomplete datagram, or forever. A driver supplies the function that
 * returns one buffer, and the work item that calls it.
 */

#define HOLD_CONSTANT 0    /* all are returned together */
#define HOLD_UNIFORM 1     /* each for between 0 and twice the hold */
#define HOLD_EXPONENTIAL 2 /* each for its own time, with the hold as the mean */
#define HOLD_READER 3      /* the application sleeps for the hold, then reads packet by packet */
#define HOLD_FRAGMENTS 4   /* until the last fragment arrives, or the tree's reassembly timer expires */
#define HOLD_UNBOUNDED 5   /* on a list that nobody processes */

#define HOLD_MOST 1024
#define HOLD_READ_NS 1000000 /* nominal time of the application per packet */
#define HOLD_DRAWS 8         /* number of quantiles that a draw selects from */

/* How long fragments wait for the rest of a datagram: IP_FRAG_TIME of include/net/ip.h, the same in all known trees. */
#define HOLD_FRAGMENT_JIFFIES (30 * HZ)

struct world_hold {
	unsigned int count; /* buffers held */
	int cpu;            /* CPU on which they are returned */
	void (*put)(struct world_hold *hold, unsigned int i);
	struct work_struct *work; /* the driver's; calls hold_give() */
	unsigned long due[HOLD_MOST];
	unsigned char back[HOLD_MOST];
	struct timer_list fragments;
	unsigned long wakes; /* the application, ns */
};

static unsigned long hold_kind(void)
{
	return __tcs_param("holdkind", HOLD_CONSTANT);
}

/* Quantile 0 .. HOLD_DRAWS - 1 of the i-th buffer: from the seed, unless a search chooses another. */
static unsigned long hold_draw(unsigned int i)
{
	unsigned long x = (__tcs_param("seed", 1) + i) * 0x9e3779b97f4a7c15UL;

	return ((x >> 40) + __tcs_choose("how long a buffer is held", HOLD_DRAWS)) % HOLD_DRAWS;
}

/* The middle of the n-th eighth of an exponential distribution, in thousandths of its mean: -ln(1 - (n + 1/2) / 8). */
static const unsigned int hold_quantiles[HOLD_DRAWS] = { 65, 208, 375, 575, 827, 1163, 1674, 2773 };

static unsigned long hold_time(unsigned long hold, unsigned int i)
{
	unsigned long n = hold_draw(i);

	if (hold_kind() == HOLD_UNIFORM)
		return hold / HOLD_DRAWS * (2 * n + 1);
	return hold / 1000 * hold_quantiles[n];
}

/* Returns the buffers that are due; the result is when the next is due, TCS_NEVER if none is left. */
static unsigned long hold_give(struct world_hold *hold)
{
	unsigned long next = TCS_NEVER, now = __tcs_now();
	unsigned int i;

	for (i = 0; i < hold->count; i++) {
		if (hold->back[i])
			continue;
		if (hold->due[i] > now) {
			if (hold->due[i] < next)
				next = hold->due[i];
			continue;
		}
		hold->back[i] = 1;
		hold->put(hold, i);
	}
	return next;
}

/* Called by the driver's work item: returns what is due and schedules the rest. */
static void hold_work(struct world_hold *hold)
{
	unsigned long next = hold_give(hold);

	if (next != TCS_NEVER)
		svc_queue_work_at(hold->cpu, hold->work, next);
}

/* The reassembly timer: the kernel drops the datagram. */
static void frag_expire(struct timer_list *t)
{
	struct world_hold *hold = container_of(t, struct world_hold, fragments);
	unsigned int i;

	for (i = 0; i < hold->count; i++)
		hold->due[i] = 0;
	hold_give(hold);
}

static void application(void *arg)
{
	struct world_hold *hold = arg;
	unsigned int i;

	world_nap(hold->wakes - __tcs_now());
	__tcs_phase("application: reads", 1);
	for (i = 0; i < hold->count; i++) {
		hold->back[i] = 1;
		hold->put(hold, i);
		world_nap(HOLD_READ_NS);
	}
	__tcs_phase("application: reads", 0);
}

/* The buffers were passed to the stack: from here on, fragments wait. */
static void hold_begin(struct world_hold *hold)
{
	if (hold_kind() != HOLD_FRAGMENTS || !hold->count)
		return;
	timer_setup(&hold->fragments, frag_expire, 0);
	mod_timer(&hold->fragments, jiffies + HOLD_FRAGMENT_JIFFIES);
}

/* Buffers are returned by the hold kind, relative to `t`; TCS_NEVER: what they wait for never happens. */
static void hold_until(struct world_hold *hold, unsigned long t)
{
	unsigned long now = __tcs_now(), first = TCS_NEVER;
	unsigned int i;

	if (!hold->count || hold->count > HOLD_MOST || t == TCS_NEVER)
		return;
	switch (hold_kind()) {
	case HOLD_UNIFORM:
	case HOLD_EXPONENTIAL:
		for (i = 0; i < hold->count; i++) {
			hold->due[i] = now + hold_time(t - now, i);
			if (hold->due[i] < first)
				first = hold->due[i];
		}
		break;
	case HOLD_READER:
		hold->wakes = t;
		svc_thread("application", application, hold, hold->cpu, 0);
		return;
	case HOLD_UNBOUNDED:
		return;
	default:
		first = t;
		for (i = 0; i < hold->count; i++)
			hold->due[i] = t;
		break;
	}
	svc_queue_work_at(hold->cpu, hold->work, first);
}
