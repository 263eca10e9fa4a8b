/* SPDX-License-Identifier: MIT */
/*
 * Workqueues: one worker thread a CPU, started when it first has work. The frames are named as in the kernel, so that
 * a call trace reads alike. A worker waits for its delayed work itself; in the kernel a timer queues it. A worker that
 * sleeps in a work does not get a second worker beside it.
 */

struct workqueue_struct {
	const char *name;
};

struct svc_worker {
	struct list_head queue, delayed;
	struct work_struct *running;
	int cpu, started;
};

static struct svc_worker svc_workers[NR_CPUS];
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

/* Says that the operation under way also changes the queues: a wake of nobody, so no place for a switch. */
static void svc_touch_queues(void)
{
	__tcs_wake(svc_workers, 0);
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

static void process_one_work(struct svc_worker *worker, struct work_struct *work)
{
	work_func_t func = work->func;
	char phase[80];

	/* The line of a call trace that says what a worker does; the machine prints it from the phase of that name. */
	svc_snprintf(phase, sizeof(phase), "Workqueue: %s %ps", svc_events.name, func);
	__tcs_wake(&work->data, 0);
	list_del_init(&work->entry);
	work->data.counter &= ~(unsigned long)WORK_STRUCT_PENDING;
	worker->running = work;
	__tcs_phase(phase, 1);
	func(work);
	__tcs_phase(phase, 0);
	worker->running = NULL;
	svc_touch_queues();
	__tcs_wake(&worker->running, -1);
}

/* Work that is to run at an exact time, not at a jiffy: what a high-resolution timer or another machine triggers. */
struct svc_appointment {
	struct work_struct *work;
	unsigned long at;
};

static struct svc_appointment svc_appointments[NR_CPUS];

/* Moves delayed work that is due to the queue; returns when the next is, in ns. */
static unsigned long svc_due_work(struct svc_worker *worker)
{
	struct delayed_work *dwork, *next;
	struct svc_appointment *exact = &svc_appointments[worker->cpu];
	unsigned long first = TCS_NEVER;

	if (exact->work && exact->at <= __tcs_now()) {
		list_add_tail(&exact->work->entry, &worker->queue);
		exact->work = NULL;
	} else if (exact->work)
		first = exact->at;
	list_for_each_entry_safe(dwork, next, &worker->delayed, work.entry) {
		unsigned long at = svc_jiffies_to_ns(dwork->timer.expires);

		if (at <= __tcs_now())
			list_move_tail(&dwork->work.entry, &worker->queue);
		else if (at < first)
			first = at;
	}
	return first;
}

static int worker_thread(struct svc_worker *worker)
{
	for (;;) {
		unsigned long next;

		svc_touch_queues();
		next = svc_due_work(worker);
		if (!list_empty(&worker->queue))
			process_one_work(worker, list_first_entry(&worker->queue, struct work_struct, entry));
		else
			svc_wait(worker, next, 0);
	}
	return 0;
}

static void kthread(void *arg)
{
	worker_thread(arg);
}

static struct svc_worker *svc_worker_of(int cpu)
{
	struct svc_worker *worker;
	char name[16];

	if (cpu < 0 || cpu >= __tcs_ncpus())
		cpu = __tcs_cpu();
	worker = &svc_workers[cpu];
	if (!worker->started) {
		worker->started = 1;
		worker->cpu = cpu;
		INIT_LIST_HEAD(&worker->queue);
		INIT_LIST_HEAD(&worker->delayed);
		svc_snprintf(name, sizeof(name), "kworker/%d:1", cpu);
		svc_thread(name, kthread, worker, cpu, 1);
	}
	return worker;
}

static void svc_insert_work(int cpu, struct work_struct *work)
{
	struct svc_worker *worker = svc_worker_of(cpu);

	list_add_tail(&work->entry, &worker->queue);
	__tcs_wake(worker, 1);
}

static void svc_insert_delayed(int cpu, struct delayed_work *dwork, unsigned long delay)
{
	struct svc_worker *worker = svc_worker_of(cpu);

	if (!delay) {
		svc_insert_work(cpu, &dwork->work);
		return;
	}
	dwork->cpu = cpu;
	dwork->timer.expires = svc_wheel_expiry(jiffies + delay);
	list_add_tail(&dwork->work.entry, &worker->delayed);
	__tcs_wake(worker, 1);
}

void svc_queue_work_at(int cpu, struct work_struct *work, unsigned long at)
{
	struct svc_worker *worker = svc_worker_of(cpu);

	if (!svc_work_claim(work))
		return;
	svc_appointments[cpu].work = work;
	svc_appointments[cpu].at = at;
	__tcs_wake(worker, 1);
}

/* The headers name this as the timer function of a delayed work; no timer of ours calls it. */
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
	int cpu;

	svc_may_sleep("flush_work");
	svc_touch_queues();
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		while (svc_workers[cpu].running == work) {
			waited = true;
			svc_wait(&svc_workers[cpu].running, TCS_NEVER, 0);
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
	int cpu;

	svc_touch_queues();
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		while (svc_workers[cpu].started && (work->data.counter & WORK_STRUCT_PENDING)) {
			waited = true;
			svc_wait(&svc_workers[cpu].running, __tcs_now() + SVC_TICK_NS, 0);
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
	int cpu;

	svc_may_sleep("flush_workqueue");
	svc_touch_queues();
	for (cpu = 0; cpu < NR_CPUS; cpu++)
		while (svc_workers[cpu].started && (svc_workers[cpu].running || !list_empty(&svc_workers[cpu].queue)))
			svc_wait(&svc_workers[cpu].running, TCS_NEVER, 0);
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
