/* SPDX-License-Identifier: MIT */
/*
 * All services as one translation unit: each file replaces a part of the kernel that the tree implements in assembly or that
 * does not matter for the review; tree-files.ts lists the tree files that run. A new service needs its file and a line here.
 */
#include "services.h"

#include "current.c"
#include "irqflags.c"
#include "atomic.c"
#include "bitops.c"
#include "string.c"
#include "locks.c"
#include "format.c"
#include "printk.c"
#include "panic.c"
#include "timer.c"
#include "slab.c"
#include "vmalloc.c"
#include "pages.c"
#include "memory-map.c"
#include "wait.c"
#include "workqueue.c"
#include "kthread.c"
#include "rcu.c"
#include "iommu-group.c"
#include "device.c"
