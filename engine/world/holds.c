/* SPDX-License-Identifier: MIT */
/*
 * How the network stack holds the buffers a driver handed up, parameter "holdkind": all for the same time, each for a time
 * of its own, until the application reads them, as parts of a datagram that is not complete, or for good. A driver says
 * how one buffer comes back and keeps the work in which that is done.
 */

#define HOLD_CONSTANT 0    /* all come back together */
#define HOLD_UNIFORM 1     /* each for between nothing and twice the hold */
#define HOLD_EXPONENTIAL 2 /* each for a time with the hold as its mean */
#define HOLD_READER 3      /* the application sleeps for the hold, then reads one packet after the other */
#define HOLD_FRAGMENTS 4   /* until the last fragment comes, or the tree's own time for fragments is over */
#define HOLD_UNBOUNDED 5   /* on a list that nobody looks at any more */

#define HOLD_MOST 1024
#define HOLD_READ_NS 1000000 /* the application's time for a packet: nominal */
#define HOLD_DRAWS 8         /* a draw is one of so many quantiles */

/* How long parts of a datagram wait for the rest: IP_FRAG_TIME of include/net/ip.h, the same on all trees known. */
#define HOLD_FRAGMENT_JIFFIES (30 * HZ)

struct world_hold {
	unsigned int count; /* buffers held */
	int cpu;            /* where they come back */
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

/* Quantile 0 .. HOLD_DRAWS - 1 of the i-th buffer: by the seed, unless a search chooses another. */
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

/* Gives back what is due now; returns when the next is, TCS_NEVER where nothing is left. */
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

/* From the driver's work: what is due, and an appointment for the rest. */
static void hold_work(struct world_hold *hold)
{
	unsigned long next = hold_give(hold);

	if (next != TCS_NEVER)
		svc_queue_work_at(hold->cpu, hold->work, next);
}

/* The reassembly timer: the kernel gives up the datagram. */
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

/* The buffers went up to the stack: from here on fragments wait. */
static void hold_begin(struct world_hold *hold)
{
	if (hold_kind() != HOLD_FRAGMENTS || !hold->count)
		return;
	timer_setup(&hold->fragments, frag_expire, 0);
	mod_timer(&hold->fragments, jiffies + HOLD_FRAGMENT_JIFFIES);
}

/* They come back as the scenario says, at `t` or by it; TCS_NEVER: whoever is waited for never comes. */
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
