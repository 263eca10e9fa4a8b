/* SPDX-License-Identifier: MIT */
/* The kernel log. Levels are the digits that dmesg uses. */
#ifndef EXAMPLE_KERNEL_H
#define EXAMPLE_KERNEL_H

#include <linux/types.h>

int _printk(const char *fmt, ...) __printf(1, 2);
#define pr_err(fmt, ...) _printk("\0013" fmt, ##__VA_ARGS__)
#define pr_warn(fmt, ...) _printk("\0014" fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...) _printk("\0016" fmt, ##__VA_ARGS__)

#endif
