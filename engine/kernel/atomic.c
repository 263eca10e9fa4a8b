/* SPDX-License-Identifier: MIT */
/*
 * Atomic operations, which powerpc implements in assembly: plain C here, since threads switch only at visible operations
 * and each of these is one. Ordering variants are equal: the machine is sequentially consistent.
 */

#define SVC_ATOMIC_OPS(type, ctype, pfx)                                                                   \
	ctype PROVIDE(arch_##pfx##_read)(const type *v)                                                    \
	{                                                                                                  \
		__tcs_visible(v, sizeof(v->counter), TCS_READ);                                            \
		return v->counter;                                                                         \
	}                                                                                                  \
	void PROVIDE(arch_##pfx##_set)(type *v, ctype i)                                                   \
	{                                                                                                  \
		__tcs_visible(v, sizeof(v->counter), TCS_WRITE);                                           \
		v->counter = i;                                                                            \
	}                                                                                                  \
	void PROVIDE(arch_##pfx##_add)(ctype i, type *v) { SVC_RMW(v, old + i); }                          \
	void PROVIDE(arch_##pfx##_sub)(ctype i, type *v) { SVC_RMW(v, old - i); }                          \
	void PROVIDE(arch_##pfx##_and)(ctype i, type *v) { SVC_RMW(v, old & i); }                          \
	void PROVIDE(arch_##pfx##_or)(ctype i, type *v) { SVC_RMW(v, old | i); }                           \
	void PROVIDE(arch_##pfx##_xor)(ctype i, type *v) { SVC_RMW(v, old ^ i); }                          \
	ctype PROVIDE(arch_##pfx##_add_return_relaxed)(ctype i, type *v) { return SVC_RMW(v, old + i) + i; } \
	ctype PROVIDE(arch_##pfx##_sub_return_relaxed)(ctype i, type *v) { return SVC_RMW(v, old - i) - i; } \
	ctype PROVIDE(arch_##pfx##_fetch_add_relaxed)(ctype i, type *v) { return SVC_RMW(v, old + i); }    \
	ctype PROVIDE(arch_##pfx##_fetch_sub_relaxed)(ctype i, type *v) { return SVC_RMW(v, old - i); }    \
	ctype PROVIDE(arch_##pfx##_fetch_and_relaxed)(ctype i, type *v) { return SVC_RMW(v, old & i); }    \
	ctype PROVIDE(arch_##pfx##_fetch_or_relaxed)(ctype i, type *v) { return SVC_RMW(v, old | i); }     \
	ctype PROVIDE(arch_##pfx##_fetch_xor_relaxed)(ctype i, type *v) { return SVC_RMW(v, old ^ i); }    \
	ctype PROVIDE(arch_##pfx##_fetch_add_unless)(type *v, ctype a, ctype u)                            \
	{                                                                                                  \
		return SVC_RMW(v, old == u ? old : old + a);                                               \
	}                                                                                                  \
	ctype PROVIDE(arch_##pfx##_dec_if_positive)(type *v)                                               \
	{                                                                                                  \
		return SVC_RMW(v, old > 0 ? old - 1 : old) - 1;                                            \
	}

/* Stores the value of `expr`, in which `old` is the previous value, and evaluates to the previous value. */
#define SVC_RMW(v, expr)                                                \
	({                                                              \
		typeof((v)->counter) old;                               \
		__tcs_visible((v), sizeof((v)->counter), TCS_ATOMIC);   \
		old = (v)->counter;                                     \
		(v)->counter = (expr);                                  \
		old;                                                    \
	})

SVC_ATOMIC_OPS(atomic_t, int, atomic)
SVC_ATOMIC_OPS(atomic64_t, s64, atomic64)

void PROVIDE(arch_atomic64_inc)(atomic64_t *v)
{
	SVC_RMW(v, old + 1);
}

void PROVIDE(arch_atomic64_dec)(atomic64_t *v)
{
	SVC_RMW(v, old - 1);
}

s64 PROVIDE(arch_atomic64_inc_return_relaxed)(atomic64_t *v)
{
	return SVC_RMW(v, old + 1) + 1;
}

s64 PROVIDE(arch_atomic64_dec_return_relaxed)(atomic64_t *v)
{
	return SVC_RMW(v, old - 1) - 1;
}

int PROVIDE(arch_atomic64_inc_not_zero)(atomic64_t *v)
{
	return SVC_RMW(v, old ? old + 1 : 0) != 0;
}

/* The width of arguments and results (u32, unsigned long) differs between kernels; the header decides. */
#define SVC_XCHG(bits, suffix)                                                                             \
	typeof(__xchg_u##bits##suffix(NULL, 0))                                                            \
		PROVIDE(__xchg_u##bits##suffix)(volatile void *p, typeof(__xchg_u##bits##suffix(NULL, 0)) val) \
	{                                                                                                  \
		u##bits old;                                                                               \
                                                                                                           \
		__tcs_visible(p, sizeof(old), TCS_ATOMIC);                                                 \
		old = *(volatile u##bits *)p;                                                              \
		*(volatile u##bits *)p = val;                                                              \
		return old;                                                                                \
	}

#define SVC_CMPXCHG(bits, suffix)                                                                          \
	typeof(__cmpxchg_u##bits##suffix(NULL, 0, 0))                                                      \
		PROVIDE(__cmpxchg_u##bits##suffix)(volatile void *p, typeof(__cmpxchg_u##bits##suffix(NULL, 0, 0)) old, \
						   typeof(__cmpxchg_u##bits##suffix(NULL, 0, 0)) new)      \
	{                                                                                                  \
		u##bits prev;                                                                              \
                                                                                                           \
		__tcs_visible(p, sizeof(prev), TCS_ATOMIC);                                                \
		prev = *(volatile u##bits *)p;                                                             \
		if (prev == (u##bits)old)                                                                  \
			*(volatile u##bits *)p = new;                                                      \
		return prev;                                                                               \
	}

#define SVC_EACH_WIDTH(make, suffix)                                                                       \
	make(8, suffix) make(16, suffix) make(32, suffix) make(64, suffix)

SVC_EACH_WIDTH(SVC_XCHG, _local)
SVC_EACH_WIDTH(SVC_XCHG, _relaxed)
SVC_EACH_WIDTH(SVC_CMPXCHG, )
SVC_EACH_WIDTH(SVC_CMPXCHG, _local)
SVC_EACH_WIDTH(SVC_CMPXCHG, _relaxed)
SVC_EACH_WIDTH(SVC_CMPXCHG, _acquire)
