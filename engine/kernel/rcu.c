/* SPDX-License-Identifier: MIT */
/*
 * RCU: a grace period is a tick of the clock without readers. Readers are not tracked: with PREEMPT_NONE they do not sleep,
 * so none is left after a switch on every CPU, which waiting for a tick stands for. Callbacks run in a thread.
 */

struct svc_rcu {
	struct rcu_head *first, **last;
	int started;
};

static struct svc_rcu svc_rcu;

void PROVIDE(synchronize_rcu)(void)
{
	svc_may_sleep("synchronize_rcu");
	svc_wait(&svc_rcu.last, __tcs_now() + 2 * SVC_TICK_NS, 0);
}

void PROVIDE(synchronize_rcu_expedited)(void)
{
	PROVIDE(synchronize_rcu)();
}

static void rcu_do_batch(void *arg)
{
	for (;;) {
		struct rcu_head *head = svc_rcu.first;

		if (!head) {
			svc_wait(&svc_rcu, TCS_NEVER, 0);
			continue;
		}
		svc_rcu.first = NULL;
		PROVIDE(synchronize_rcu)();
		while (head) {
			struct rcu_head *next = head->next;

			if ((unsigned long)head->func < 4096) /* kvfree_rcu: the offset of the head in its object */
				PROVIDE(kfree)((char *)head - (unsigned long)head->func);
			else
				head->func(head);
			head = next;
		}
		__tcs_wake(&svc_rcu.started, -1);
	}
}

static void svc_call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	struct rcu_head **p = &svc_rcu.first;

	__tcs_visible(&svc_rcu, sizeof(svc_rcu), TCS_ATOMIC);
	head->func = func;
	head->next = NULL;
	while (*p)
		p = &(*p)->next;
	*p = head;
	if (!svc_rcu.started) {
		svc_rcu.started = 1;
		svc_thread("rcu_sched", rcu_do_batch, NULL, 0, 1);
	}
	__tcs_wake(&svc_rcu, 1);
}

void PROVIDE(call_rcu)(struct rcu_head *head, rcu_callback_t func)
{
	svc_call_rcu(head, func);
}

void PROVIDE(rcu_barrier)(void)
{
	while (svc_rcu.first)
		svc_wait(&svc_rcu.started, TCS_NEVER, 0);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
void PROVIDE(kvfree_call_rcu)(struct rcu_head *head, void *ptr)
{
	if (head)
		svc_call_rcu(head, (rcu_callback_t)((char *)head - (char *)ptr));
	else {
		PROVIDE(synchronize_rcu)();
		PROVIDE(kfree)(ptr);
	}
}
#else
void PROVIDE(kvfree_call_rcu)(struct rcu_head *head, rcu_callback_t func)
{
	if (head)
		svc_call_rcu(head, func);
	else {
		PROVIDE(synchronize_rcu)();
		PROVIDE(kfree)((void *)func);
	}
}
#endif
