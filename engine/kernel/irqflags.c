/* SPDX-License-Identifier: MIT */
/*
 * Masking of interrupts. No interrupt comes in this machine, so a mask is only remembered: it tells that a thread must
 * not sleep. powerpc keeps the mask in the paca with assembly; here it belongs to the thread that set it.
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

void PROVIDE(__local_bh_enable_ip)(unsigned long ip, unsigned int cnt)
{
}

/* Asked by the machine when an oops ends a thread. */
int tcs_irqs_disabled(void)
{
	return (svc_self()->irq_mask & IRQS_DISABLED) != 0;
}

void svc_may_sleep(const char *what)
{
	struct svc_thread *t = svc_self();
	char text[120];

	if ((!t->spinning && !(t->irq_mask & IRQS_DISABLED)) || t->complained)
		return;
	t->complained = 1;
	svc_snprintf(text, sizeof(text), "%s called with %s", what, t->spinning ? "a spin lock held" : "interrupts off");
	__tcs_finding(TCS_LOCKING, text);
}
