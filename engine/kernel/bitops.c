/* SPDX-License-Identifier: MIT */
/*
 * Bit operations that powerpc implements in assembly: the masked word operations below set_bit() and similar functions,
 * and counting of leading zeros. Searches and ranges run from the tree.
 */

#define SVC_BITOP(name, expr)                                                                              \
	void PROVIDE(name)(unsigned long mask, volatile unsigned long *p)                                  \
	{                                                                                                  \
		unsigned long old;                                                                         \
                                                                                                           \
		__tcs_visible(p, sizeof(*p), TCS_ATOMIC);                                                  \
		old = *p;                                                                                  \
		*p = (expr);                                                                               \
	}
#define SVC_TESTOP(name, expr)                                                                             \
	unsigned long PROVIDE(name)(unsigned long mask, volatile unsigned long *p)                         \
	{                                                                                                  \
		unsigned long old;                                                                         \
                                                                                                           \
		__tcs_visible(p, sizeof(*p), TCS_ATOMIC);                                                  \
		old = *p;                                                                                  \
		*p = (expr);                                                                               \
		return old & mask;                                                                         \
	}

SVC_BITOP(set_bits, old | mask)
SVC_BITOP(clear_bits, old & ~mask)
SVC_BITOP(clear_bits_unlock, old & ~mask)
SVC_BITOP(change_bits, old ^ mask)
SVC_TESTOP(test_and_set_bits, old | mask)
SVC_TESTOP(test_and_set_bits_lock, old | mask)
SVC_TESTOP(test_and_clear_bits, old & ~mask)
SVC_TESTOP(test_and_change_bits, old ^ mask)

int PROVIDE(fls)(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

int PROVIDE(fls64)(__u64 x)
{
	return x ? 64 - __builtin_clzl(x) : 0;
}

/* The tree's assembly selects a CPU instruction or lib/hweight.c. */
unsigned int PROVIDE(__arch_hweight8)(unsigned int w)
{
	return __sw_hweight8(w);
}

unsigned int PROVIDE(__arch_hweight16)(unsigned int w)
{
	return __sw_hweight16(w);
}

unsigned int PROVIDE(__arch_hweight32)(unsigned int w)
{
	return __sw_hweight32(w);
}

unsigned long PROVIDE(__arch_hweight64)(__u64 w)
{
	return __sw_hweight64(w);
}
