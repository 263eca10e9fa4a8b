/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads for drivers and actors: created asleep, started by wake_up_process(), stopped by kthread_stop(), which
 * waits for their function's result. A thread runs on the CPU after its creator's unless one is given, and stays there.
 */

struct svc_kthread {
	struct task_struct *task;
	int (*fn)(void *data);
	void *data;
	int stop, exited, result;
};

static struct svc_kthread svc_kthreads[SVC_THREADS]; /* by thread id */

static void svc_kthread_main(void *unused)
{
	int id = __tcs_self();
	struct svc_kthread *k = &svc_kthreads[id < SVC_THREADS ? id : 0];

	PROVIDE(schedule)(); /* asleep until it is started */
	if (!k->stop)
		k->result = k->fn(k->data);
	k->exited = 1;
	__tcs_wake(k, -1);
}

static struct task_struct *svc_kthread_create(int (*fn)(void *), void *data, int cpu, const char *namefmt, va_list args)
{
	char name[TASK_COMM_LEN];
	int id;

	svc_vsnprintf(name, sizeof(name), namefmt, args);
	id = svc_thread(name, svc_kthread_main, NULL, cpu, 1);
	if (id >= SVC_THREADS)
		return ERR_PTR(-ENOMEM);
	svc_kthreads[id].fn = fn;
	svc_kthreads[id].data = data;
	svc_kthreads[id].result = -EINTR;
	svc_kthreads[id].task = svc_threads[id].task;
	svc_threads[id].task->__state = TASK_UNINTERRUPTIBLE;
	return svc_threads[id].task;
}

struct task_struct *PROVIDE(kthread_create_on_node)(int (*fn)(void *data), void *data, int node, const char namefmt[], ...)
{
	struct task_struct *task;
	va_list args;

	va_start(args, namefmt);
	task = svc_kthread_create(fn, data, (__tcs_cpu() + 1) % __tcs_ncpus(), namefmt, args);
	va_end(args);
	return task;
}

/* The kernel gives the format the CPU's number as its only argument. */
static struct task_struct *svc_kthread_named(int (*fn)(void *), void *data, int cpu, const char *namefmt, ...)
{
	struct task_struct *task;
	va_list args;

	va_start(args, namefmt);
	task = svc_kthread_create(fn, data, cpu, namefmt, args);
	va_end(args);
	return task;
}

struct task_struct *PROVIDE(kthread_create_on_cpu)(int (*fn)(void *data), void *data, unsigned int cpu, const char *namefmt)
{
	return svc_kthread_named(fn, data, cpu % __tcs_ncpus(), namefmt, cpu);
}

bool PROVIDE(kthread_should_stop)(void)
{
	int id = __tcs_self();
	struct svc_kthread *k = &svc_kthreads[id < SVC_THREADS ? id : 0];

	__tcs_visible(&k->stop, sizeof(k->stop), TCS_ATOMIC);
	return k->stop;
}

int PROVIDE(kthread_stop)(struct task_struct *task)
{
	struct svc_kthread *k = &svc_kthreads[task->pid < SVC_THREADS ? task->pid : 0];

	svc_may_sleep("kthread_stop");
	__tcs_visible(&k->stop, sizeof(k->stop), TCS_ATOMIC);
	k->stop = 1;
	svc_wake_task(task);
	while (!k->exited)
		svc_wait(k, TCS_NEVER, 0);
	return k->result;
}
