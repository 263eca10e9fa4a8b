/* SPDX-License-Identifier: MIT */
#ifndef EXAMPLE_SPINLOCK_H
#define EXAMPLE_SPINLOCK_H

#include <linux/types.h>

typedef struct spinlock {
	u32 owner; /* 0: free */
} spinlock_t;

void spin_lock(spinlock_t *lock);
void spin_unlock(spinlock_t *lock);

#endif
