/* SPDX-License-Identifier: MIT */
/*
 * What the services share: the kernel headers that they implement, the record of each simulated thread, and time. Must not
 * depend on the world (hypervisor, devices, actors). Names that are not the kernel's begin with svc_.
 */
#ifndef TCS_SERVICES_H
#define TCS_SERVICES_H

#include <linux/version.h>
#include <linux/types.h>
#include <linux/kernel.h>
#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/gfp.h>
#include <linux/iommu.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/memblock.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/of.h>
#include <linux/pci.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <asm/paca.h>
#include <asm/firmware.h>
#include <asm/machdep.h>

#include "tcs.h"

#define SVC_THREADS 64 /* more threads than a scenario ever starts */

/* The services' record of a simulated thread; indexed by __tcs_self(), entry 0 before the first thread runs. */
struct svc_thread {
	struct task_struct *task;
	unsigned long irq_mask; /* soft mask of interrupts; per thread, since it does not stay with the CPU when the thread blocks */
	int spinning;           /* spin and rw locks held */
	int bh, rcu;            /* depth of local_bh_disable() and of RCU read-side sections */
	int mutexes;            /* mutexes and semaphores held for writing */
	int complained;         /* "slept in atomic context" is reported once per thread */
};

struct svc_thread *svc_self(void);
/* Starts a thread with a task_struct of that name; see __tcs_thread. */
int svc_thread(const char *name, void (*fn)(void *), void *arg, int cpu, int daemon);
/* A point that may sleep: a finding where the thread must not. */
void svc_may_sleep(const char *what);
/* The same for an allocation whose flags allow it to sleep. */
void svc_may_alloc(gfp_t flags);
/* A finding if the thread still holds a lock, a mask or a read-side section when the function `who` returns. */
void svc_check_left(const char *who);

/* __tcs_wait and __tcs_spend, which also update jiffies from virtual time. */
int svc_wait(const void *key, unsigned long deadline, int spin);
void svc_spend(unsigned long ns);
/* Sets jiffies from virtual time; may be called at any time. */
void tcs_clock(unsigned long now_ns);
/* Virtual time at which `j` jiffies begin. */
unsigned long svc_jiffies_to_ns(unsigned long j);
/* The jiffy in which a timer set for `expires` fires: the timer wheel rounds up, coarser the further away. */
unsigned long svc_wheel_expiry(unsigned long expires);

/* Queues work on a CPU's worker at virtual time `at`; one such work item per CPU. */
void svc_queue_work_at(int cpu, struct work_struct *work, unsigned long at);
/* Called by the bus notifier of a removed device. */
void svc_iommu_release_device(struct device *dev);
/* A user takes and returns the device's group through the domains of the platform's IOMMU driver. 0 or -errno. */
int svc_iommu_claim(struct device *dev);
int svc_iommu_unclaim(struct device *dev);
/* Calls the notifiers of memory hotplug (struct memory_notify). */
int svc_memory_notify(unsigned long action, void *block);
/* Physical address of the end of the highest memory with page structures. */
extern unsigned long svc_memory_end;
/* Called once, before all else, in this order. */
void svc_setup_cpus(void);
void svc_setup_pages(void);
/* Instead of svc_setup_pages(): adds page structures of `size` bytes of persistent memory beyond the maximum RAM. */
void svc_setup_pages_with_pmem(unsigned long size);
struct page *svc_pmem_page(unsigned int i);

/* What a search may let fail, once per run, from the driver's start: bits SVC_FAIL_*. */
#define SVC_FAIL_ALLOCATION 1
#define SVC_FAIL_HYPERCALL 2
#define SVC_FAIL_RTAS 4
extern unsigned int svc_may_fail;
int svc_fails(unsigned int kind, const char *what);

/* The allocation that fails: 1 is the next, 0 none. */
extern unsigned long svc_fail_in;
int svc_allocation_fails(void);

int svc_vsnprintf(char *buf, unsigned long size, const char *fmt, va_list args);
int svc_snprintf(char *buf, unsigned long size, const char *fmt, ...) __printf(3, 4);
/* Text of `level`, one log line for each line of it. */
void svc_log(int level, const char *text);

#endif
