/* SPDX-License-Identifier: MIT */
/*
 * WARN, BUG, panic and dump_stack(): each prints the kernel's lines and tells the machine what happened. A BUG ends the
 * thread, a panic the run.
 */

int panic_timeout;

static void svc_ended(void)
{
	for (;;)
		svc_wait(&panic_timeout, TCS_NEVER, 0);
}

/* BUG() of the supplied asm/bug.h. */
void tcs_bug(const char *file, int line, const char *func)
{
	char text[200];

	svc_snprintf(text, sizeof(text), "kernel BUG at %s:%d!", file, line);
	svc_log(2, "------------[ cut here ]------------");
	svc_log(2, text);
	__tcs_finding(TCS_BUG, text);
	svc_ended();
}

void PROVIDE(panic)(const char *fmt, ...)
{
	char text[300];
	va_list args;
	int n = svc_snprintf(text, sizeof(text), "Kernel panic - not syncing: ");

	va_start(args, fmt);
	svc_vsnprintf(text + n, sizeof(text) - n, fmt, args);
	va_end(args);
	/* The generic BUG() printed where it is and panics with this word; powerpc's ends the thread, and so do we. */
	if (!strcmp(text + n, "BUG!")) {
		__tcs_finding(TCS_BUG, "kernel BUG");
		svc_ended();
	}
	svc_log(0, text);
	__tcs_dump_stack();
	__tcs_finding(TCS_PANIC, text);
	svc_ended();
}

static void svc_warn(const char *file, int line, const char *message)
{
	char text[400];
	int n;

	n = svc_snprintf(text, sizeof(text), "WARNING: CPU: %d PID: %d at %s:%d", __tcs_cpu(), __tcs_self(), file, line);
	svc_log(4, "------------[ cut here ]------------");
	svc_log(4, text);
	if (message[0]) {
		svc_log(4, message);
		svc_snprintf(text + n, sizeof(text) - n, ": %s", message);
	}
	__tcs_dump_stack();
	svc_log(4, "---[ end trace 0000000000000000 ]---");
	__tcs_finding(TCS_WARN, text);
}

void PROVIDE(warn_slowpath_fmt)(const char *file, const int line, unsigned int taint, const char *fmt, ...)
{
	char message[300];
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
	svc_warn(file, line, message);
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

void PROVIDE(dump_stack)(void)
{
	svc_spend(200000); /* some twenty lines on the console */
	__tcs_dump_stack();
}

void PROVIDE(dump_stack_lvl)(const char *level)
{
	PROVIDE(dump_stack)();
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
