/* SPDX-License-Identifier: MIT */
/*
 * jiffies, timers and sleeping. jiffies follow virtual time; a timer fires in the jiffy to which the timer wheel rounds it.
 * msleep() and similar functions run from the tree and call schedule_timeout() here. On each CPU with timers, a thread
 * replaces the timer interrupt.
 */

#define SVC_TICK_NS (NSEC_PER_SEC / HZ)

unsigned long volatile jiffies = INITIAL_JIFFIES;

void tcs_clock(unsigned long now_ns)
{
	jiffies = INITIAL_JIFFIES + now_ns / SVC_TICK_NS;
	jiffies_64 = jiffies;
}

unsigned long svc_jiffies_to_ns(unsigned long j)
{
	return (j - INITIAL_JIFFIES) * SVC_TICK_NS;
}

/* workqueue.c: a worker that sleeps in its work lets another worker run. */
struct svc_worker;
static struct svc_worker *svc_worker_sleeps(void);
static void svc_worker_wakes(struct svc_worker *worker);

int svc_wait(const void *key, unsigned long deadline, int spin)
{
	struct svc_worker *worker = spin ? NULL : svc_worker_sleeps();
	int timed_out = __tcs_wait(key, deadline, spin);

	tcs_clock(__tcs_now());
	svc_worker_wakes(worker);
	return timed_out;
}

void svc_spend(unsigned long ns)
{
	__tcs_spend(ns);
	tcs_clock(__tcs_now());
}

/* Level n of the wheel has 64 buckets of 8^n jiffies; a timer is put into the bucket after the one in which it is due. */
unsigned long svc_wheel_expiry(unsigned long expires)
{
	unsigned long ahead = expires - jiffies;
	int shift = 0;

	if ((long)ahead < 0)
		return jiffies;
	while (shift < 21 && ahead >= 63UL << shift)
		shift += 3;
	return ((expires >> shift) + 1) << shift;
}

/* ---- sleeping --------------------------------------------------------------------------------------------------- */

void PROVIDE(schedule)(void)
{
	struct task_struct *me = PROVIDE(get_current)();

	svc_may_sleep("schedule");
	__tcs_visible(&me->__state, sizeof(me->__state), TCS_ATOMIC);
	if (me->__state == TASK_RUNNING) {
		__tcs_yield();
		return;
	}
	while (me->__state != TASK_RUNNING)
		svc_wait(me, TCS_NEVER, 0);
}

signed long PROVIDE(schedule_timeout)(signed long timeout)
{
	struct task_struct *me = PROVIDE(get_current)();
	unsigned long expires = jiffies + timeout, deadline;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		PROVIDE(schedule)();
		return timeout;
	}
	svc_may_sleep("schedule_timeout");
	__tcs_visible(&me->__state, sizeof(me->__state), TCS_ATOMIC);
	deadline = svc_jiffies_to_ns(svc_wheel_expiry(expires));
	while (me->__state != TASK_RUNNING)
		if (svc_wait(me, deadline, 0))
			me->__state = TASK_RUNNING;
	timeout = expires - jiffies;
	return timeout < 0 ? 0 : timeout;
}

/* A wake-up reads the task's state, which the task changes before it sleeps. */
static int svc_wake_task(struct task_struct *task)
{
	int slept;

	__tcs_visible(&task->__state, sizeof(task->__state), TCS_ATOMIC);
	slept = task->__state != TASK_RUNNING;

	task->__state = TASK_RUNNING;
	if (slept)
		__tcs_wake(task, -1);
	return slept;
}

int PROVIDE(wake_up_process)(struct task_struct *task)
{
	return svc_wake_task(task);
}

int PROVIDE(wake_up_state)(struct task_struct *task, unsigned int state)
{
	return svc_wake_task(task);
}

void PROVIDE(usleep_range_state)(unsigned long min, unsigned long max, unsigned int state)
{
	unsigned long deadline = __tcs_now() + max * NSEC_PER_USEC;

	svc_may_sleep("usleep_range");
	svc_wait(PROVIDE(get_current)(), deadline, 0);
}

void PROVIDE(__delay)(unsigned long loops)
{
	svc_spend(loops);
}

void PROVIDE(udelay)(unsigned long usecs)
{
	svc_spend(usecs * NSEC_PER_USEC);
}

int PROVIDE(__cond_resched)(void)
{
	svc_may_sleep("cond_resched");
	__tcs_yield();
	return 0;
}

void PROVIDE(yield)(void)
{
	__tcs_yield();
}

u64 PROVIDE(get_tb)(void)
{
	return __tcs_now() * 512 / 1000; /* the time base runs at 512 MHz */
}

cycles_t PROVIDE(get_cycles)(void)
{
	return PROVIDE(get_tb)();
}

ktime_t PROVIDE(ktime_get)(void)
{
	return __tcs_now();
}

/* All clocks start at boot. */
ktime_t PROVIDE(ktime_get_with_offset)(enum tk_offsets offs)
{
	return __tcs_now();
}

ktime_t PROVIDE(ktime_get_coarse_with_offset)(enum tk_offsets offs)
{
	return svc_jiffies_to_ns(jiffies);
}

/* ---- timers ------------------------------------------------------------------------------------------------------ */

struct svc_timer_base {
	struct hlist_head pending;
	struct timer_list *running;
	int started;
};

static struct svc_timer_base svc_timers[NR_CPUS];

/* Marks the current operation as a change of the timers: a wake without a waiter. */
static void svc_touch_timers(void)
{
	__tcs_wake(svc_timers, 0);
}

static void run_timer_softirq(void *arg)
{
	struct svc_timer_base *base = arg;

	for (;;) {
		struct timer_list *timer, *first = NULL;
		unsigned long at = 0, due;

		svc_touch_timers();
		hlist_for_each_entry(timer, &base->pending, entry) {
			due = svc_jiffies_to_ns(svc_wheel_expiry(timer->expires));
			if (!first || due < at) {
				first = timer;
				at = due;
			}
		}
		if (!first || at > __tcs_now()) {
			svc_wait(base, first ? at : TCS_NEVER, 0);
			continue;
		}
		hlist_del_init(&first->entry);
		base->running = first;
		first->function(first);
		base->running = NULL;
		svc_touch_timers();
		__tcs_wake(&base->running, -1);
	}
}

static struct svc_timer_base *svc_timer_base(struct timer_list *timer)
{
	return &svc_timers[timer->flags & TIMER_CPUMASK & (NR_CPUS - 1)];
}

static void svc_timer_start(struct timer_list *timer, int cpu)
{
	struct svc_timer_base *base = &svc_timers[cpu];
	char name[16];

	svc_touch_timers();
	timer->flags = (timer->flags & ~TIMER_CPUMASK) | cpu;
	hlist_add_head(&timer->entry, &base->pending);
	if (!base->started) {
		base->started = 1;
		svc_snprintf(name, sizeof(name), "ksoftirqd/%d", cpu);
		svc_thread(name, run_timer_softirq, base, cpu, 1);
	}
	__tcs_wake(base, 1);
}

static int svc_timer_stop(struct timer_list *timer)
{
	svc_touch_timers();
	if (hlist_unhashed(&timer->entry))
		return 0;
	hlist_del_init(&timer->entry);
	return 1;
}

void PROVIDE(init_timer_key)(struct timer_list *timer, void (*func)(struct timer_list *), unsigned int flags, const char *name,
			     struct lock_class_key *key)
{
	timer->entry.next = NULL;
	timer->entry.pprev = NULL;
	timer->function = func;
	timer->flags = flags | __tcs_cpu();
}

int PROVIDE(mod_timer)(struct timer_list *timer, unsigned long expires)
{
	int was;

	__tcs_visible(timer, sizeof(*timer), TCS_ATOMIC);
	was = svc_timer_stop(timer);
	timer->expires = expires;
	svc_timer_start(timer, __tcs_cpu());
	return was;
}

void PROVIDE(add_timer)(struct timer_list *timer)
{
	PROVIDE(mod_timer)(timer, timer->expires);
}

void PROVIDE(add_timer_on)(struct timer_list *timer, int cpu)
{
	__tcs_visible(timer, sizeof(*timer), TCS_ATOMIC);
	svc_timer_stop(timer);
	svc_timer_start(timer, cpu);
}

int PROVIDE(timer_delete)(struct timer_list *timer)
{
	__tcs_visible(timer, sizeof(*timer), TCS_ATOMIC);
	return svc_timer_stop(timer);
}

int PROVIDE(timer_delete_sync)(struct timer_list *timer)
{
	struct svc_timer_base *base = svc_timer_base(timer);
	int was = PROVIDE(timer_delete)(timer);

	while (base->running == timer)
		svc_wait(&base->running, TCS_NEVER, 0);
	return was;
}

int PROVIDE(timer_shutdown)(struct timer_list *timer)
{
	return PROVIDE(timer_delete)(timer);
}

int PROVIDE(timer_shutdown_sync)(struct timer_list *timer)
{
	return PROVIDE(timer_delete_sync)(timer);
}
