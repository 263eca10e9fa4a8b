/* SPDX-License-Identifier: MIT */
/*
 * Locks: spin, raw, reader/writer, mutex, rwsem, semaphore. The state is in the lock itself, so a lock in freed memory
 * is detected. Waiting is the machine's; taking a lock twice, or releasing another thread's, is a finding.
 */

#define SVC_WRITER 0x80000000U

static u32 svc_me(void)
{
	int id = __tcs_self();

	return id ? id : 0xffff;
}

static void svc_lock_finding(const char *what, const char *detail)
{
	char text[120];

	svc_snprintf(text, sizeof(text), "%s: %s", what, detail);
	__tcs_finding(TCS_LOCKING, text);
}

/* ---- spin locks: the first word holds the owner's thread id, 0 when free ------------------------------------- */

static void svc_spin_lock(raw_spinlock_t *lock)
{
	volatile u32 *owner = (volatile u32 *)lock;
	int told = 0;

	__tcs_visible(owner, sizeof(*owner), TCS_LOCK);
	while (*owner) {
		if (*owner == svc_me() && !told++)
			svc_lock_finding("spin_lock", "the lock is held by this thread already");
		svc_wait((const void *)owner, TCS_NEVER, 1);
	}
	*owner = svc_me();
	svc_self()->spinning++;
}

static int svc_spin_trylock(raw_spinlock_t *lock)
{
	volatile u32 *owner = (volatile u32 *)lock;

	__tcs_visible(owner, sizeof(*owner), TCS_TRYLOCK);
	if (*owner)
		return 0;
	*owner = svc_me();
	svc_self()->spinning++;
	return 1;
}

static void svc_spin_unlock(raw_spinlock_t *lock)
{
	volatile u32 *owner = (volatile u32 *)lock;

	__tcs_visible(owner, sizeof(*owner), TCS_UNLOCK);
	if (*owner != svc_me())
		svc_lock_finding("spin_unlock", *owner ? "another thread holds the lock" : "the lock is not held");
	*owner = 0;
	if (svc_self()->spinning > 0)
		svc_self()->spinning--;
	__tcs_wake((const void *)owner, 1);
}

void PROVIDE(_raw_spin_lock)(raw_spinlock_t *lock)
{
	svc_spin_lock(lock);
}

void PROVIDE(_raw_spin_lock_bh)(raw_spinlock_t *lock)
{
	svc_spin_lock(lock);
}

void PROVIDE(_raw_spin_lock_irq)(raw_spinlock_t *lock)
{
	svc_self()->irq_mask |= IRQS_DISABLED;
	svc_spin_lock(lock);
}

unsigned long PROVIDE(_raw_spin_lock_irqsave)(raw_spinlock_t *lock)
{
	unsigned long flags = svc_self()->irq_mask;

	svc_self()->irq_mask |= IRQS_DISABLED;
	svc_spin_lock(lock);
	return flags;
}

int PROVIDE(_raw_spin_trylock)(raw_spinlock_t *lock)
{
	return svc_spin_trylock(lock);
}

int PROVIDE(_raw_spin_trylock_bh)(raw_spinlock_t *lock)
{
	return svc_spin_trylock(lock);
}

/* Whether the header's spin_unlock() calls _raw_x or __raw_x depends on the configuration: both are provided. */
void PROVIDE(_raw_spin_unlock)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
}

void PROVIDE(__raw_spin_unlock)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
}

void PROVIDE(_raw_spin_unlock_bh)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
}

void PROVIDE(__raw_spin_unlock_bh)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
}

void PROVIDE(_raw_spin_unlock_irq)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
	svc_self()->irq_mask = 0;
}

void PROVIDE(__raw_spin_unlock_irq)(raw_spinlock_t *lock)
{
	svc_spin_unlock(lock);
	svc_self()->irq_mask = 0;
}

void PROVIDE(_raw_spin_unlock_irqrestore)(raw_spinlock_t *lock, unsigned long flags)
{
	svc_spin_unlock(lock);
	svc_self()->irq_mask = flags;
}

void PROVIDE(__raw_spin_unlock_irqrestore)(raw_spinlock_t *lock, unsigned long flags)
{
	svc_spin_unlock(lock);
	svc_self()->irq_mask = flags;
}

/* ---- rwlock: the first word counts readers, or names the writer ------------------------------------------------ */

static void svc_read_lock(rwlock_t *lock)
{
	volatile u32 *state = (volatile u32 *)lock;
	int told = 0;

	__tcs_visible(state, sizeof(*state), TCS_LOCK);
	while (*state & SVC_WRITER) {
		if (*state == (SVC_WRITER | svc_me()) && !told++)
			svc_lock_finding("read_lock", "the lock is held for writing by this thread already");
		svc_wait((const void *)state, TCS_NEVER, 1);
	}
	*state += 1;
	svc_self()->spinning++;
}

static void svc_write_lock(rwlock_t *lock)
{
	volatile u32 *state = (volatile u32 *)lock;
	int told = 0;

	__tcs_visible(state, sizeof(*state), TCS_LOCK);
	while (*state) {
		if (*state == (SVC_WRITER | svc_me()) && !told++)
			svc_lock_finding("write_lock", "the lock is held for writing by this thread already");
		svc_wait((const void *)state, TCS_NEVER, 1);
	}
	*state = SVC_WRITER | svc_me();
	svc_self()->spinning++;
}

static void svc_rw_unlock(rwlock_t *lock, int write)
{
	volatile u32 *state = (volatile u32 *)lock;

	__tcs_visible(state, sizeof(*state), TCS_UNLOCK);
	if (write ? *state != (SVC_WRITER | svc_me()) : !*state || (*state & SVC_WRITER))
		svc_lock_finding(write ? "write_unlock" : "read_unlock", "the lock is not held by this thread");
	*state = write || !*state ? 0 : *state - 1;
	if (svc_self()->spinning > 0)
		svc_self()->spinning--;
	__tcs_wake((const void *)state, -1);
}

#define SVC_RWLOCK(kind, write)                                                                            \
	void PROVIDE(_raw_##kind##_lock)(rwlock_t *lock) { svc_##kind##_lock(lock); }                      \
	void PROVIDE(_raw_##kind##_lock_bh)(rwlock_t *lock) { svc_##kind##_lock(lock); }                   \
	void PROVIDE(_raw_##kind##_lock_irq)(rwlock_t *lock)                                               \
	{                                                                                                  \
		svc_self()->irq_mask |= IRQS_DISABLED;                                                     \
		svc_##kind##_lock(lock);                                                                   \
	}                                                                                                  \
	unsigned long PROVIDE(_raw_##kind##_lock_irqsave)(rwlock_t *lock)                                  \
	{                                                                                                  \
		unsigned long flags = svc_self()->irq_mask;                                                \
                                                                                                           \
		svc_self()->irq_mask |= IRQS_DISABLED;                                                     \
		svc_##kind##_lock(lock);                                                                   \
		return flags;                                                                              \
	}                                                                                                  \
	void PROVIDE(_raw_##kind##_unlock)(rwlock_t *lock) { svc_rw_unlock(lock, write); }                 \
	void PROVIDE(__raw_##kind##_unlock)(rwlock_t *lock) { svc_rw_unlock(lock, write); }                \
	void PROVIDE(_raw_##kind##_unlock_bh)(rwlock_t *lock) { svc_rw_unlock(lock, write); }              \
	void PROVIDE(_raw_##kind##_unlock_irq)(rwlock_t *lock)                                             \
	{                                                                                                  \
		svc_rw_unlock(lock, write);                                                                \
		svc_self()->irq_mask = 0;                                                                  \
	}                                                                                                  \
	void PROVIDE(__raw_##kind##_unlock_irq)(rwlock_t *lock)                                            \
	{                                                                                                  \
		svc_rw_unlock(lock, write);                                                                \
		svc_self()->irq_mask = 0;                                                                  \
	}                                                                                                  \
	void PROVIDE(_raw_##kind##_unlock_irqrestore)(rwlock_t *lock, unsigned long flags)                 \
	{                                                                                                  \
		svc_rw_unlock(lock, write);                                                                \
		svc_self()->irq_mask = flags;                                                              \
	}

SVC_RWLOCK(read, 0)
SVC_RWLOCK(write, 1)

/* ---- mutex: `owner` holds the task, as in the kernel ------------------------------------------------------------ */

void PROVIDE(__mutex_init)(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	lock->owner.counter = 0;
	INIT_LIST_HEAD(&lock->wait_list);
}

void PROVIDE(mutex_lock)(struct mutex *lock)
{
	long me = (long)PROVIDE(get_current)();
	int told = 0;

	svc_may_sleep("mutex_lock");
	__tcs_visible(&lock->owner, sizeof(lock->owner), TCS_LOCK);
	while (lock->owner.counter) {
		if (lock->owner.counter == me && !told++)
			svc_lock_finding("mutex_lock", "the mutex is held by this thread already");
		svc_wait(lock, TCS_NEVER, 0);
	}
	lock->owner.counter = me;
	svc_self()->mutexes++;
}

int PROVIDE(mutex_lock_interruptible)(struct mutex *lock)
{
	PROVIDE(mutex_lock)(lock);
	return 0;
}

int PROVIDE(mutex_lock_killable)(struct mutex *lock)
{
	PROVIDE(mutex_lock)(lock);
	return 0;
}

int PROVIDE(mutex_trylock)(struct mutex *lock)
{
	__tcs_visible(&lock->owner, sizeof(lock->owner), TCS_TRYLOCK);
	if (lock->owner.counter)
		return 0;
	lock->owner.counter = (long)PROVIDE(get_current)();
	svc_self()->mutexes++;
	return 1;
}

void PROVIDE(mutex_unlock)(struct mutex *lock)
{
	__tcs_visible(&lock->owner, sizeof(lock->owner), TCS_UNLOCK);
	if (lock->owner.counter != (long)PROVIDE(get_current)())
		svc_lock_finding("mutex_unlock", "the mutex is not held by this thread");
	else
		svc_self()->mutexes--;
	lock->owner.counter = 0;
	__tcs_wake(lock, 1);
}

bool PROVIDE(mutex_is_locked)(struct mutex *lock)
{
	return lock->owner.counter != 0;
}

/* ---- rwsem: `count` is 1 for a writer, else 256 for each reader; `owner` is the writing task -------------------- */

#define SVC_RWSEM_WRITER 1
#define SVC_RWSEM_READER 256

void PROVIDE(__init_rwsem)(struct rw_semaphore *sem, const char *name, struct lock_class_key *key)
{
	sem->count.counter = 0;
	sem->owner.counter = 0;
	INIT_LIST_HEAD(&sem->wait_list);
}

void PROVIDE(down_read)(struct rw_semaphore *sem)
{
	int told = 0;

	svc_may_sleep("down_read");
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_LOCK);
	while (sem->count.counter & SVC_RWSEM_WRITER) {
		if (sem->owner.counter == (long)PROVIDE(get_current)() && !told++)
			svc_lock_finding("down_read", "the semaphore is held for writing by this thread already");
		svc_wait(sem, TCS_NEVER, 0);
	}
	sem->count.counter += SVC_RWSEM_READER;
}

int PROVIDE(down_read_interruptible)(struct rw_semaphore *sem)
{
	PROVIDE(down_read)(sem);
	return 0;
}

int PROVIDE(down_read_trylock)(struct rw_semaphore *sem)
{
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_TRYLOCK);
	if (sem->count.counter & SVC_RWSEM_WRITER)
		return 0;
	sem->count.counter += SVC_RWSEM_READER;
	return 1;
}

void PROVIDE(up_read)(struct rw_semaphore *sem)
{
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_UNLOCK);
	if (sem->count.counter < SVC_RWSEM_READER)
		svc_lock_finding("up_read", "the semaphore is not held for reading");
	else
		sem->count.counter -= SVC_RWSEM_READER;
	__tcs_wake(sem, -1);
}

void PROVIDE(down_write)(struct rw_semaphore *sem)
{
	int told = 0;

	svc_may_sleep("down_write");
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_LOCK);
	while (sem->count.counter) {
		if (sem->owner.counter == (long)PROVIDE(get_current)() && !told++)
			svc_lock_finding("down_write", "the semaphore is held for writing by this thread already");
		svc_wait(sem, TCS_NEVER, 0);
	}
	sem->count.counter = SVC_RWSEM_WRITER;
	sem->owner.counter = (long)PROVIDE(get_current)();
	svc_self()->mutexes++;
}

int PROVIDE(down_write_trylock)(struct rw_semaphore *sem)
{
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_TRYLOCK);
	if (sem->count.counter)
		return 0;
	sem->count.counter = SVC_RWSEM_WRITER;
	sem->owner.counter = (long)PROVIDE(get_current)();
	svc_self()->mutexes++;
	return 1;
}

void PROVIDE(up_write)(struct rw_semaphore *sem)
{
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_UNLOCK);
	if (sem->owner.counter != (long)PROVIDE(get_current)())
		svc_lock_finding("up_write", "the semaphore is not held for writing by this thread");
	else
		svc_self()->mutexes--;
	sem->count.counter = 0;
	sem->owner.counter = 0;
	__tcs_wake(sem, -1);
}

void PROVIDE(downgrade_write)(struct rw_semaphore *sem)
{
	__tcs_visible(&sem->count, sizeof(sem->count), TCS_UNLOCK);
	if (sem->owner.counter != (long)PROVIDE(get_current)())
		svc_lock_finding("downgrade_write", "the semaphore is not held for writing by this thread");
	else
		svc_self()->mutexes--;
	sem->count.counter = SVC_RWSEM_READER;
	sem->owner.counter = 0;
	__tcs_wake(sem, -1);
}
