/* SPDX-License-Identifier: MIT */
/*
 * printk: level, text, one log line for each line of the text. The machine adds time stamps. Rate limiting is the tree's
 * lib/ratelimit.c with the kernel's limits for printk_ratelimit().
 */

#define SVC_LINE 1024
#define SVC_DEFAULT_LEVEL 4 /* CONFIG_MESSAGE_LOGLEVEL_DEFAULT */

int oops_in_progress;
int console_printk[4] = { 7, 4, 1, 7 };

/* Nominal cost of a line on a hypervisor console at about 1 MB/s. An assumption. */
#define SVC_PRINTK_NS 20000

void svc_log(int level, const char *text)
{
	unsigned long n;

	for (;;) {
		for (n = 0; text[n] && text[n] != '\n'; n++)
			;
		if (n || text[n])
			__tcs_log(level, text, n);
		if (!text[n])
			break;
		text += n + 1;
		if (!*text)
			break;
	}
	svc_spend(SVC_PRINTK_NS);
}

static int svc_vprintk(const char *prefix, const char *fmt, va_list args)
{
	char text[SVC_LINE];
	int level = SVC_DEFAULT_LEVEL, n = 0, m;
	const char *p = text;

	if (prefix)
		n = svc_snprintf(text, sizeof(text), "%s", prefix);
	m = svc_vsnprintf(text + n, sizeof(text) - n, fmt, args);
	while (p[0] == KERN_SOH_ASCII && p[1]) {
		if (p[1] >= '0' && p[1] <= '7')
			level = p[1] - '0';
		p += 2;
	}
	svc_log(level, p);
	return n + m;
}

int PROVIDE(vprintk)(const char *fmt, va_list args)
{
	return svc_vprintk(NULL, fmt, args);
}

int PROVIDE(_printk)(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = svc_vprintk(NULL, fmt, args);
	va_end(args);
	return n;
}

int PROVIDE(_printk_deferred)(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = svc_vprintk(NULL, fmt, args);
	va_end(args);
	return n;
}

static DEFINE_RATELIMIT_STATE(svc_printk_ratelimit, 5 * HZ, 10);

int PROVIDE(__printk_ratelimit)(const char *func)
{
	return ___ratelimit(&svc_printk_ratelimit, func);
}

/* ---- messages of a device: "driver name: text" --------------------------------------------------------------- */

const char *PROVIDE(dev_driver_string)(const struct device *dev)
{
	return dev->driver ? dev->driver->name : dev->bus ? dev->bus->name : "";
}

static void svc_dev_vprintk(int level, const struct device *dev, const char *fmt, va_list args)
{
	char prefix[160];

	if (dev)
		svc_snprintf(prefix, sizeof(prefix), "\001%c%s %s: ", '0' + level, PROVIDE(dev_driver_string)(dev), dev_name(dev));
	else
		svc_snprintf(prefix, sizeof(prefix), "\001%c(NULL device *): ", '0' + level);
	svc_vprintk(prefix, fmt, args);
}

#define SVC_DEV_PRINTK(name, level)                                                                        \
	void PROVIDE(name)(const struct device *dev, const char *fmt, ...)                                 \
	{                                                                                                  \
		va_list args;                                                                              \
                                                                                                           \
		va_start(args, fmt);                                                                       \
		svc_dev_vprintk(level, dev, fmt, args);                                                    \
		va_end(args);                                                                              \
	}

SVC_DEV_PRINTK(_dev_emerg, 0)
SVC_DEV_PRINTK(_dev_alert, 1)
SVC_DEV_PRINTK(_dev_crit, 2)
SVC_DEV_PRINTK(_dev_err, 3)
SVC_DEV_PRINTK(_dev_warn, 4)
SVC_DEV_PRINTK(_dev_notice, 5)
SVC_DEV_PRINTK(_dev_info, 6)

void PROVIDE(_dev_printk)(const char *level, const struct device *dev, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	svc_dev_vprintk(level[0] == KERN_SOH_ASCII ? level[1] - '0' : SVC_DEFAULT_LEVEL, dev, fmt, args);
	va_end(args);
}

void PROVIDE(udbg_printf)(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	svc_vprintk(NULL, fmt, args);
	va_end(args);
}
