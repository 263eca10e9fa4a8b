/* SPDX-License-Identifier: MIT */
/*
 * Wait queues and completions. A wait queue is the kernel's own list of entries, so that the headers' wait_event() works on
 * it; sleeping is schedule().
 */

void PROVIDE(__init_waitqueue_head)(struct wait_queue_head *wq, const char *name, struct lock_class_key *key)
{
	*(volatile u32 *)&wq->lock = 0;
	INIT_LIST_HEAD(&wq->head);
}

int PROVIDE(autoremove_wake_function)(struct wait_queue_entry *entry, unsigned int mode, int sync, void *key)
{
	int woken = svc_wake_task(entry->private);

	list_del_init(&entry->entry);
	return woken;
}

int PROVIDE(default_wake_function)(struct wait_queue_entry *entry, unsigned int mode, int sync, void *key)
{
	return svc_wake_task(entry->private);
}

void PROVIDE(init_wait_entry)(struct wait_queue_entry *entry, int flags)
{
	entry->flags = flags;
	entry->private = PROVIDE(get_current)();
	entry->func = autoremove_wake_function;
	INIT_LIST_HEAD(&entry->entry);
}

static void svc_prepare(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state, int tail)
{
	__tcs_visible(wq, sizeof(*wq), TCS_ATOMIC);
	if (list_empty(&entry->entry)) {
		if (tail)
			list_add_tail(&entry->entry, &wq->head);
		else
			list_add(&entry->entry, &wq->head);
	}
	PROVIDE(get_current)()->__state = state;
}

void PROVIDE(prepare_to_wait)(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state)
{
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	svc_prepare(wq, entry, state, 0);
}

long PROVIDE(prepare_to_wait_event)(struct wait_queue_head *wq, struct wait_queue_entry *entry, int state)
{
	svc_prepare(wq, entry, state, entry->flags & WQ_FLAG_EXCLUSIVE);
	return 0;
}

void PROVIDE(finish_wait)(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	PROVIDE(get_current)()->__state = TASK_RUNNING;
	__tcs_visible(wq, sizeof(*wq), TCS_ATOMIC);
	list_del_init(&entry->entry);
}

void PROVIDE(add_wait_queue)(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	__tcs_visible(wq, sizeof(*wq), TCS_ATOMIC);
	list_add(&entry->entry, &wq->head);
}

void PROVIDE(remove_wait_queue)(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	__tcs_visible(wq, sizeof(*wq), TCS_ATOMIC);
	list_del(&entry->entry);
}

static void svc_wake_up(struct wait_queue_head *wq, unsigned int mode, int exclusive, void *key)
{
	struct wait_queue_entry *entry, *next;

	__tcs_visible(wq, sizeof(*wq), TCS_ATOMIC);
	list_for_each_entry_safe(entry, next, &wq->head, entry) {
		unsigned int flags = entry->flags;

		if (entry->func(entry, mode, 0, key) && (flags & WQ_FLAG_EXCLUSIVE) && !--exclusive)
			break;
	}
}

int PROVIDE(__wake_up)(struct wait_queue_head *wq, unsigned int mode, int exclusive, void *key)
{
	svc_wake_up(wq, mode, exclusive, key);
	return 0;
}

/* ---- completions ------------------------------------------------------------------------------------------------- */

void PROVIDE(__init_swait_queue_head)(struct swait_queue_head *q, const char *name, struct lock_class_key *key)
{
	*(volatile u32 *)&q->lock = 0;
	INIT_LIST_HEAD(&q->task_list);
}

void PROVIDE(complete)(struct completion *x)
{
	__tcs_visible(x, sizeof(*x), TCS_ATOMIC);
	if (x->done != UINT_MAX)
		x->done++;
	__tcs_wake(x, 1);
}

void PROVIDE(complete_all)(struct completion *x)
{
	__tcs_visible(x, sizeof(*x), TCS_ATOMIC);
	x->done = UINT_MAX;
	__tcs_wake(x, -1);
}

bool PROVIDE(try_wait_for_completion)(struct completion *x)
{
	__tcs_visible(x, sizeof(*x), TCS_ATOMIC);
	if (!x->done)
		return false;
	if (x->done != UINT_MAX)
		x->done--;
	return true;
}

bool PROVIDE(completion_done)(struct completion *x)
{
	__tcs_visible(x, sizeof(*x), TCS_READ);
	return x->done != 0;
}

unsigned long PROVIDE(wait_for_completion_timeout)(struct completion *x, unsigned long timeout)
{
	unsigned long expires = jiffies + timeout, deadline = TCS_NEVER;

	svc_may_sleep("wait_for_completion");
	if (timeout < MAX_SCHEDULE_TIMEOUT)
		deadline = svc_jiffies_to_ns(svc_wheel_expiry(expires));
	__tcs_visible(x, sizeof(*x), TCS_ATOMIC);
	while (!x->done)
		if (svc_wait(x, deadline, 0) && !x->done)
			return 0;
	if (x->done != UINT_MAX)
		x->done--;
	return time_before(jiffies, expires) ? expires - jiffies : 1;
}

void PROVIDE(wait_for_completion)(struct completion *x)
{
	PROVIDE(wait_for_completion_timeout)(x, MAX_SCHEDULE_TIMEOUT);
}
