/* SPDX-License-Identifier: MIT */
/* What the concurrent test programs may use: threads, locks, waits, memory and counters, each a few lines in world.c. */
#ifndef TEST_WORLD_H
#define TEST_WORLD_H

#include "tcs.h"

#define READ_ONCE(x) (*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))
#define NULL ((void *)0)
#define MS 1000000UL

typedef struct { int owner; int pad; } spinlock_t;
typedef struct { int owner; int pad; } mutex_t;
typedef struct { int counter; int pad; } atomic_t;
typedef struct { int done; int pad; } completion_t;

/* Starts a thread on the next CPU, or on the given one. */
void run(void (*fn)(void *));
void run_arg(void (*fn)(void *), void *arg);
void run_on(int cpu, void (*fn)(void *));
/* Waits for all threads. */
void join(void);
/* One of the values that make up the outcome. */
void outcome(long value);
/* Appends a value to what thread `i` saw, which is part of the outcome; not a visible operation. */
void saw(int i, long value);

void spin_lock(spinlock_t *l);
int spin_trylock(spinlock_t *l);
void spin_unlock(spinlock_t *l);
void mutex_lock(mutex_t *m);
void mutex_unlock(mutex_t *m);

int atomic_read(atomic_t *v);
void atomic_set(atomic_t *v, int i);
int atomic_add_return(atomic_t *v, int i);
int atomic_cmpxchg(atomic_t *v, int old, int new);
int atomic_xchg(atomic_t *v, int new);
void *xchg(void *at, void *new);
void *cmpxchg(void *at, void *old, void *new);

void complete(completion_t *c);
void wait_for_completion(completion_t *c);
/* 0 on timeout. */
int wait_for_completion_timeout(completion_t *c, unsigned long ns);

/* A bare wait, ended by a wake on the same key or by the timeout (TCS_NEVER: none). 1 on timeout. */
int sleep_on(void *key, unsigned long ns);
void wake_up(void *key);
/* The same without a visible operation. */
void wake_with(void *key);
void msleep(unsigned long ms);
void cpu_relax(void);

void *kmalloc(unsigned long size);
void kfree(void *p);
void warn(const char *text);
#endif
