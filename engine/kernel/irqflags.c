/* SPDX-License-Identifier: MIT */
/*
 * Masking of interrupts. This machine has no interrupts, so a mask is only recorded: it forbids the thread to sleep.
 * powerpc keeps the mask in the paca with assembly; here it belongs to the thread that set it.
 */

unsigned long PROVIDE(irq_soft_mask_return)(void)
{
	return svc_self()->irq_mask;
}

void PROVIDE(irq_soft_mask_set)(unsigned long mask)
{
	svc_self()->irq_mask = mask;
}

unsigned long PROVIDE(irq_soft_mask_set_return)(unsigned long mask)
{
	unsigned long old = svc_self()->irq_mask;

	svc_self()->irq_mask = mask;
	return old;
}

unsigned long PROVIDE(irq_soft_mask_or_return)(unsigned long mask)
{
	unsigned long old = svc_self()->irq_mask;

	svc_self()->irq_mask = old | mask;
	return old;
}

unsigned long PROVIDE(arch_local_save_flags)(void)
{
	return svc_self()->irq_mask;
}

unsigned long PROVIDE(arch_local_irq_save)(void)
{
	unsigned long old = svc_self()->irq_mask;

	svc_self()->irq_mask = old | IRQS_DISABLED;
	return old;
}

void PROVIDE(arch_local_irq_disable)(void)
{
	svc_self()->irq_mask |= IRQS_DISABLED;
}

void PROVIDE(arch_local_irq_enable)(void)
{
	svc_self()->irq_mask = 0;
}

void PROVIDE(arch_local_irq_restore)(unsigned long mask)
{
	svc_self()->irq_mask = mask;
}

bool PROVIDE(arch_irqs_disabled)(void)
{
	return svc_self()->irq_mask & IRQS_DISABLED;
}

void PROVIDE(__hard_irq_enable)(void)
{
}

void PROVIDE(__hard_irq_disable)(void)
{
}

/* Bottom halves and RCU readers are counted, since they must not sleep; a PREEMPT_NONE kernel does not check that. */
void PROVIDE(__local_bh_disable_ip)(unsigned long ip, unsigned int cnt)
{
	svc_self()->bh++;
	preempt_count_add(cnt);
}

void PROVIDE(__local_bh_enable_ip)(unsigned long ip, unsigned int cnt)
{
	if (svc_self()->bh > 0) {
		svc_self()->bh--;
		preempt_count_sub(cnt);
	} else
		__tcs_finding(TCS_LOCKING, "local_bh_enable: bottom halves are not disabled by this thread");
}

void PROVIDE(__rcu_read_lock)(void)
{
	svc_self()->rcu++;
}

void PROVIDE(__rcu_read_unlock)(void)
{
	if (svc_self()->rcu > 0)
		svc_self()->rcu--;
	else
		__tcs_finding(TCS_LOCKING, "rcu_read_unlock: this thread is in no RCU read-side section");
}

/* Called by the machine when an oops ends a thread. */
int tcs_irqs_disabled(void)
{
	return (svc_self()->irq_mask & IRQS_DISABLED) != 0;
}

/* Why a thread must not sleep; NULL if it may. */
static const char *svc_atomic(const struct svc_thread *t)
{
	return t->spinning ? "a spin lock held" : t->irq_mask & IRQS_DISABLED ? "interrupts off" :
	       t->bh ? "bottom halves off" : t->rcu ? "an RCU read-side section open" : NULL;
}

void svc_may_sleep(const char *what)
{
	struct svc_thread *t = svc_self();
	const char *why = svc_atomic(t);
	char text[120];

	if (!why || t->complained)
		return;
	t->complained = 1;
	svc_snprintf(text, sizeof(text), "%s called with %s", what, why);
	__tcs_finding(TCS_LOCKING, text);
}

void svc_may_alloc(gfp_t flags)
{
	if (flags & __GFP_DIRECT_RECLAIM)
		svc_may_sleep("an allocation that may sleep");
}

void svc_check_left(const char *who)
{
	struct svc_thread *t = svc_self();
	const char *why = svc_atomic(t);
	char text[160];

	if (!why && t->mutexes)
		why = "a mutex or semaphore held";
	if (!why)
		return;
	svc_snprintf(text, sizeof(text), "%s returned with %s", who, why);
	__tcs_finding(TCS_LOCKING, text);
	t->spinning = t->bh = t->rcu = t->mutexes = 0;
	t->irq_mask = 0;
}

/* Called by the machine when a thread's function has returned. */
void tcs_thread_done(void)
{
	struct svc_thread *t = svc_self();

	if (t->task)
		svc_check_left(t->task->comm);
}
