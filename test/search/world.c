/* SPDX-License-Identifier: MIT */
/* Services of the concurrent test programs, like those of engine/kernel: each begins with the visible operation. */
#include "world.h"

void test(void);
void __tcs_outcome(long value);

struct started {
	void (*fn)(void *);
	void *arg;
	int finished;
	int pad;
};

static struct started threads[16];
static int count, joined;
static int never;

static void body(void *arg)
{
	struct started *t = arg;

	t->fn(t->arg);
	t->finished = 1;
	__tcs_wake(t, -1);
}

static void start(int cpu, void (*fn)(void *), void *arg)
{
	struct started *t = &threads[count++];

	t->fn = fn;
	t->arg = arg;
	__tcs_thread("thread", body, t, cpu, 0);
}

void run(void (*fn)(void *)) { start(1 + count, fn, NULL); }
void run_arg(void (*fn)(void *), void *arg) { start(1 + count, fn, arg); }
void run_on(int cpu, void (*fn)(void *)) { start(cpu, fn, NULL); }

void join(void)
{
	for (; joined < count; joined++) {
		__tcs_wake(&threads[joined], 0);
		while (!threads[joined].finished)
			__tcs_wait(&threads[joined], TCS_NEVER, 0);
	}
}

static long seen[8];

void outcome(long value) { __tcs_outcome(value); }
void saw(int i, long value) { seen[i] = seen[i] * 8 + value + 1; }

void spin_lock(spinlock_t *l)
{
	__tcs_visible(&l->owner, 4, TCS_LOCK);
	while (l->owner) {
		if (l->owner == __tcs_self())
			__tcs_finding(TCS_LOCKING, "spin_lock: held by this thread already");
		__tcs_wait(l, TCS_NEVER, 1);
	}
	l->owner = __tcs_self();
}

int spin_trylock(spinlock_t *l)
{
	__tcs_visible(&l->owner, 4, TCS_TRYLOCK);
	if (l->owner)
		return 0;
	l->owner = __tcs_self();
	return 1;
}

void spin_unlock(spinlock_t *l)
{
	__tcs_visible(&l->owner, 4, TCS_UNLOCK);
	if (l->owner != __tcs_self())
		__tcs_finding(TCS_LOCKING, "spin_unlock: not held by this thread");
	l->owner = 0;
	__tcs_wake(l, 1);
}

void mutex_lock(mutex_t *m)
{
	__tcs_visible(&m->owner, 4, TCS_LOCK);
	while (m->owner)
		__tcs_wait(m, TCS_NEVER, 0);
	m->owner = __tcs_self();
}

void mutex_unlock(mutex_t *m)
{
	__tcs_visible(&m->owner, 4, TCS_UNLOCK);
	if (m->owner != __tcs_self())
		__tcs_finding(TCS_LOCKING, "mutex_unlock: not held by this thread");
	m->owner = 0;
	__tcs_wake(m, 1);
}

int atomic_read(atomic_t *v)
{
	__tcs_visible(v, 4, TCS_READ);
	return v->counter;
}

void atomic_set(atomic_t *v, int i)
{
	__tcs_visible(v, 4, TCS_WRITE);
	v->counter = i;
}

int atomic_add_return(atomic_t *v, int i)
{
	__tcs_visible(v, 4, TCS_ATOMIC);
	return v->counter += i;
}

int atomic_cmpxchg(atomic_t *v, int old, int new)
{
	int was;

	__tcs_visible(v, 4, TCS_ATOMIC);
	was = v->counter;
	if (was == old)
		v->counter = new;
	return was;
}

int atomic_xchg(atomic_t *v, int new)
{
	int was;

	__tcs_visible(v, 4, TCS_ATOMIC);
	was = v->counter;
	v->counter = new;
	return was;
}

void *xchg(void *at, void *new)
{
	void *was;

	__tcs_visible(at, 8, TCS_ATOMIC);
	was = *(void **)at;
	*(void **)at = new;
	return was;
}

void *cmpxchg(void *at, void *old, void *new)
{
	void *was;

	__tcs_visible(at, 8, TCS_ATOMIC);
	was = *(void **)at;
	if (was == old)
		*(void **)at = new;
	return was;
}

void complete(completion_t *c)
{
	__tcs_visible(c, 8, TCS_ATOMIC);
	c->done++;
	__tcs_wake(c, 1);
}

int wait_for_completion_timeout(completion_t *c, unsigned long ns)
{
	unsigned long deadline = ns == TCS_NEVER ? TCS_NEVER : __tcs_now() + ns;

	__tcs_visible(c, 8, TCS_ATOMIC);
	while (!c->done)
		if (__tcs_wait(c, deadline, 0) && !c->done)
			return 0;
	c->done--;
	return 1;
}

void wait_for_completion(completion_t *c) { wait_for_completion_timeout(c, TCS_NEVER); }

int sleep_on(void *key, unsigned long ns)
{
	__tcs_visible(key, 4, TCS_ATOMIC);
	return __tcs_wait(key, ns == TCS_NEVER ? TCS_NEVER : __tcs_now() + ns, 0);
}

void wake_up(void *key)
{
	__tcs_visible(key, 4, TCS_ATOMIC);
	__tcs_wake(key, -1);
}

void wake_with(void *key) { __tcs_wake(key, -1); }

void msleep(unsigned long ms) { __tcs_wait(&never, __tcs_now() + ms * MS, 0); }
void cpu_relax(void) { __tcs_yield(); }
void *kmalloc(unsigned long size) { return __tcs_alloc(size, 16, TCS_SLAB); }

void kfree(void *p)
{
	__tcs_visible(p, __tcs_size(p), TCS_WRITE);
	__tcs_free(p, TCS_SLAB);
}

void warn(const char *text) { __tcs_finding(TCS_WARN, text); }

void __c_main(void)
{
	int i;

	test();
	for (i = 0; i < 8; i++)
		if (seen[i])
			__tcs_outcome(seen[i]);
}
