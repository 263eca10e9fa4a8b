/* SPDX-License-Identifier: MIT */
/*
 * Workqueues: each CPU has a pool of worker threads, of which one works at a time; when it sleeps in a work item, another
 * takes the next item, as in the kernel's concurrency management. The functions have the kernel's names, so that call
 * traces are the same. An idle worker itself waits for delayed work; in the kernel a timer queues it.
 */

#define SVC_POOL_WORKERS 4 /* per CPU; further work then waits for one of them */

struct workqueue_struct {
	const char *name;
};

struct svc_worker {
	struct svc_pool *pool;
	struct work_struct *running;
	int id, asleep; /* thread id; whether it sleeps in its work */
};

struct svc_pool {
	struct list_head queue, delayed;
	struct svc_worker workers[SVC_POOL_WORKERS];
	int cpu, started, idle;
};

static struct svc_pool svc_pools[NR_CPUS];
static struct workqueue_struct svc_events = { "events" };

struct workqueue_struct *system_wq = &svc_events;
struct workqueue_struct *system_highpri_wq = &svc_events;
struct workqueue_struct *system_long_wq = &svc_events;
struct workqueue_struct *system_unbound_wq = &svc_events;
struct workqueue_struct *system_freezable_wq = &svc_events;
struct workqueue_struct *system_power_efficient_wq = &svc_events;
struct workqueue_struct *system_freezable_power_efficient_wq = &svc_events;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
struct workqueue_struct *system_percpu_wq = &svc_events;
struct workqueue_struct *system_dfl_wq = &svc_events;
struct workqueue_struct *system_bh_wq = &svc_events;
struct workqueue_struct *system_bh_highpri_wq = &svc_events;
#endif

/* Marks the current operation as a change of the queues: a wake without a waiter, so no point for a switch. */
static void svc_touch_queues(void)
{
	__tcs_wake(svc_pools, 0);
}

static int svc_work_claim(struct work_struct *work)
{
	__tcs_visible(&work->data, sizeof(work->data), TCS_ATOMIC);
	svc_touch_queues();
	if (work->data.counter & WORK_STRUCT_PENDING)
		return 0;
	work->data.counter |= WORK_STRUCT_PENDING;
	return 1;
}

static int worker_thread(struct svc_worker *worker);

static void kthread(void *arg)
{
	worker_thread(arg);
}

static void process_one_work(struct svc_worker *worker, struct work_struct *work)
{
	work_func_t func = work->func;
	char phase[80];

	/* The line of a call trace that names a worker's work item; the machine prints it from the phase of that name. */
	svc_snprintf(phase, sizeof(phase), "Workqueue: %s %ps", svc_events.name, func);
	__tcs_wake(&work->data, 0);
	list_del_init(&work->entry);
	work->data.counter &= ~(unsigned long)WORK_STRUCT_PENDING;
	worker->running = work;
	__tcs_phase(phase, 1);
	func(work);
	svc_check_left(phase);
	__tcs_phase(phase, 0);
	worker->running = NULL;
	svc_touch_queues();
	__tcs_wake(&worker->running, -1);
}

/* Work that runs at an exact time, not at a jiffy: triggered by a high-resolution timer or by another machine. */
struct svc_appointment {
	struct work_struct *work;
	unsigned long at;
	int cpu;
};

#define SVC_APPOINTMENTS 32

static struct svc_appointment svc_appointments[SVC_APPOINTMENTS];

/* Moves delayed work that is due to the queue; returns when the next is due, in ns. */
static unsigned long svc_due_work(struct svc_pool *pool)
{
	struct delayed_work *dwork, *next;
	unsigned long first = TCS_NEVER;
	int i;

	for (i = 0; i < SVC_APPOINTMENTS; i++) {
		struct svc_appointment *exact = &svc_appointments[i];

		if (!exact->work || exact->cpu != pool->cpu)
			continue;
		if (exact->at <= __tcs_now()) {
			list_add_tail(&exact->work->entry, &pool->queue);
			exact->work = NULL;
		} else if (exact->at < first)
			first = exact->at;
	}
	list_for_each_entry_safe(dwork, next, &pool->delayed, work.entry) {
		unsigned long at = svc_jiffies_to_ns(dwork->timer.expires);

		if (at <= __tcs_now())
			list_move_tail(&dwork->work.entry, &pool->queue);
		else if (at < first)
			first = at;
	}
	return first;
}

/* A worker is running and does not sleep. */
static int svc_pool_busy(const struct svc_pool *pool)
{
	int i;

	for (i = 0; i < pool->started; i++)
		if (pool->workers[i].running && !pool->workers[i].asleep)
			return 1;
	return 0;
}

static void svc_start_worker(struct svc_pool *pool)
{
	struct svc_worker *worker = &pool->workers[pool->started++];
	char name[16];

	worker->pool = pool;
	svc_snprintf(name, sizeof(name), "kworker/%d:%d", pool->cpu, pool->started);
	worker->id = svc_thread(name, kthread, worker, pool->cpu, 1);
}

static struct svc_worker *svc_current_worker(void)
{
	struct svc_pool *pool = &svc_pools[__tcs_cpu()];
	int id = __tcs_self(), i;

	for (i = 0; i < pool->started; i++)
		if (pool->workers[i].id == id)
			return &pool->workers[i];
	return NULL;
}

/* A thread is about to sleep: if it is in a work item, other work must not wait for it. */
static struct svc_worker *svc_worker_sleeps(void)
{
	struct svc_worker *worker = svc_current_worker();
	struct svc_pool *pool;

	if (!worker || !worker->running)
		return NULL;
	pool = worker->pool;
	worker->asleep = 1;
	if (svc_due_work(pool) == TCS_NEVER && list_empty(&pool->queue))
		return worker;
	if (pool->idle)
		__tcs_wake(pool, 1);
	else if (pool->started < SVC_POOL_WORKERS)
		svc_start_worker(pool);
	return worker;
}

static void svc_worker_wakes(struct svc_worker *worker)
{
	if (worker)
		worker->asleep = 0;
}

static int worker_thread(struct svc_worker *worker)
{
	struct svc_pool *pool = worker->pool;

	for (;;) {
		unsigned long next;

		svc_touch_queues();
		next = svc_due_work(pool);
		if (!list_empty(&pool->queue) && !svc_pool_busy(pool)) {
			process_one_work(worker, list_first_entry(&pool->queue, struct work_struct, entry));
			continue;
		}
		pool->idle++;
		svc_wait(pool, next, 0);
		pool->idle--;
	}
	return 0;
}

static struct svc_pool *svc_pool_of(int cpu)
{
	struct svc_pool *pool;

	if (cpu < 0 || cpu >= __tcs_ncpus())
		cpu = __tcs_cpu();
	pool = &svc_pools[cpu];
	if (!pool->started) {
		pool->cpu = cpu;
		INIT_LIST_HEAD(&pool->queue);
		INIT_LIST_HEAD(&pool->delayed);
		svc_start_worker(pool);
	}
	return pool;
}

/* Ensures that a worker checks the queues: the running one, an idle one, or a new one if all sleep in work items. */
static void svc_kick(struct svc_pool *pool)
{
	if (pool->idle)
		__tcs_wake(pool, 1);
	else if (!svc_pool_busy(pool) && pool->workers[pool->started - 1].running && pool->started < SVC_POOL_WORKERS)
		svc_start_worker(pool);
}

static void svc_insert_work(int cpu, struct work_struct *work)
{
	struct svc_pool *pool = svc_pool_of(cpu);

	list_add_tail(&work->entry, &pool->queue);
	svc_kick(pool);
}

static void svc_insert_delayed(int cpu, struct delayed_work *dwork, unsigned long delay)
{
	struct svc_pool *pool = svc_pool_of(cpu);

	if (!delay) {
		svc_insert_work(cpu, &dwork->work);
		return;
	}
	dwork->cpu = cpu;
	dwork->timer.expires = svc_wheel_expiry(jiffies + delay);
	list_add_tail(&dwork->work.entry, &pool->delayed);
	svc_kick(pool);
}

void svc_queue_work_at(int cpu, struct work_struct *work, unsigned long at)
{
	struct svc_pool *pool = svc_pool_of(cpu);
	int i;

	if (!svc_work_claim(work))
		return;
	for (i = 0; i < SVC_APPOINTMENTS; i++)
		if (!svc_appointments[i].work) {
			svc_appointments[i].work = work;
			svc_appointments[i].at = at;
			svc_appointments[i].cpu = pool->cpu;
			svc_kick(pool);
			return;
		}
	__tcs_finding(TCS_BUG, "The engine has too many works waiting for an exact time.");
}

/* The headers name this as the timer function of delayed work; no timer here calls it. */
void PROVIDE(delayed_work_timer_fn)(struct timer_list *t)
{
}

bool PROVIDE(queue_work_on)(int cpu, struct workqueue_struct *wq, struct work_struct *work)
{
	if (!svc_work_claim(work))
		return false;
	svc_insert_work(cpu, work);
	return true;
}

bool PROVIDE(queue_delayed_work_on)(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	if (!svc_work_claim(&dwork->work))
		return false;
	svc_insert_delayed(cpu, dwork, delay);
	return true;
}

/* Takes pending work off its list. */
static bool svc_work_cancel(struct work_struct *work)
{
	__tcs_visible(&work->data, sizeof(work->data), TCS_ATOMIC);
	svc_touch_queues();
	if (!(work->data.counter & WORK_STRUCT_PENDING))
		return false;
	list_del_init(&work->entry);
	work->data.counter &= ~(unsigned long)WORK_STRUCT_PENDING;
	return true;
}

static bool svc_work_drain(struct work_struct *work)
{
	bool waited = false;
	int cpu, i;

	svc_may_sleep("flush_work");
	svc_touch_queues();
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		for (i = 0; i < svc_pools[cpu].started; i++)
			while (svc_pools[cpu].workers[i].running == work) {
				waited = true;
				svc_wait(&svc_pools[cpu].workers[i].running, TCS_NEVER, 0);
			}
	return waited;
}

bool PROVIDE(mod_delayed_work_on)(int cpu, struct workqueue_struct *wq, struct delayed_work *dwork, unsigned long delay)
{
	bool was = svc_work_cancel(&dwork->work);

	dwork->work.data.counter |= WORK_STRUCT_PENDING;
	svc_insert_delayed(cpu, dwork, delay);
	return was;
}

bool PROVIDE(cancel_work)(struct work_struct *work)
{
	return svc_work_cancel(work);
}

bool PROVIDE(cancel_work_sync)(struct work_struct *work)
{
	bool was = svc_work_cancel(work);

	svc_work_drain(work);
	return was;
}

bool PROVIDE(cancel_delayed_work)(struct delayed_work *dwork)
{
	return svc_work_cancel(&dwork->work);
}

bool PROVIDE(cancel_delayed_work_sync)(struct delayed_work *dwork)
{
	return PROVIDE(cancel_work_sync)(&dwork->work);
}

bool PROVIDE(flush_work)(struct work_struct *work)
{
	bool waited = false;

	svc_touch_queues();
	while (work->data.counter & WORK_STRUCT_PENDING) {
		waited = true;
		svc_wait(&work->data, __tcs_now() + SVC_TICK_NS, 0);
	}
	return svc_work_drain(work) || waited;
}

bool PROVIDE(flush_delayed_work)(struct delayed_work *dwork)
{
	if (svc_work_cancel(&dwork->work)) {
		dwork->work.data.counter |= WORK_STRUCT_PENDING;
		svc_insert_work(dwork->cpu, &dwork->work);
	}
	return PROVIDE(flush_work)(&dwork->work);
}

void PROVIDE(__flush_workqueue)(struct workqueue_struct *wq)
{
	struct svc_worker *me = svc_current_worker();
	int cpu, i;

	svc_may_sleep("flush_workqueue");
	svc_touch_queues();
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		struct svc_pool *pool = &svc_pools[cpu];

		while (pool->started && !list_empty(&pool->queue))
			svc_wait(&pool->workers[0].running, __tcs_now() + SVC_TICK_NS, 0);
		for (i = 0; i < pool->started; i++)
			while (pool->workers[i].running && &pool->workers[i] != me)
				svc_wait(&pool->workers[i].running, TCS_NEVER, 0);
	}
}

struct workqueue_struct *PROVIDE(alloc_workqueue)(const char *fmt, unsigned int flags, int max_active, ...)
{
	struct workqueue_struct *wq = __tcs_alloc(sizeof(*wq), 16, TCS_PRIVATE);

	wq->name = fmt;
	return wq;
}

void PROVIDE(destroy_workqueue)(struct workqueue_struct *wq)
{
	PROVIDE(__flush_workqueue)(wq);
}
