/* SPDX-License-Identifier: MIT */
/*
 * WARN, BUG, panic and dump_stack(): each reports to the machine, which prints the kernel's lines with the call trace. A BUG
 * ends the thread, a panic the run.
 */

int panic_timeout;

static void svc_ended(void)
{
	for (;;)
		svc_wait(&panic_timeout, TCS_NEVER, 0);
}

void PROVIDE(panic)(const char *fmt, ...)
{
	char text[300];
	va_list args;

	va_start(args, fmt);
	svc_vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	/* The generic BUG() has printed its place and panics with this word; powerpc's ends the thread, as is done here. */
	if (!strcmp(text, "BUG!")) {
		__tcs_finding(TCS_BUG, "BUG() was reached.");
		svc_ended();
	}
	__tcs_finding(TCS_PANIC, text);
	svc_ended();
}

void PROVIDE(warn_slowpath_fmt)(const char *file, const int line, unsigned int taint, const char *fmt, ...)
{
	char message[300], text[400];
	unsigned int n;
	va_list args;

	message[0] = 0;
	if (fmt) {
		va_start(args, fmt);
		svc_vsnprintf(message, sizeof(message), fmt, args);
		va_end(args);
		for (n = 0; message[n]; n++)
			if (message[n] == '\n')
				message[n] = 0;
	}
	if (message[0])
		svc_log(4, message);
	svc_snprintf(text, sizeof(text), "WARN at %s:%d%s%s", file, line, message[0] ? ": " : "", message);
	__tcs_finding(TCS_WARN, text);
}

void PROVIDE(__warn_printk)(const char *fmt, ...)
{
	char message[300];
	va_list args;

	va_start(args, fmt);
	svc_vsnprintf(message, sizeof(message), fmt, args);
	va_end(args);
	svc_log(4, message);
}

void PROVIDE(dump_stack_lvl)(const char *level)
{
	svc_spend(200000); /* some twenty lines on the console */
	__tcs_dump_stack();
}

void PROVIDE(dump_stack)(void)
{
	PROVIDE(dump_stack_lvl)(KERN_DEFAULT);
}

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
void PROVIDE(__fortify_panic)(const u8 reason, const size_t avail, const size_t size)
{
	PROVIDE(panic)("detected buffer overflow: %lu byte at an object of %lu byte", size, avail);
}
#else
void PROVIDE(fortify_panic)(const char *name)
{
	PROVIDE(panic)("detected buffer overflow in %s", name);
}
#endif
