/* SPDX-License-Identifier: MIT */
/*
 * All services, one translation unit: a file here stands for a part of the kernel that the tree implements in assembly
 * or that has no say in the review. Which tree files run beside them is in tree-files.ts.
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
