/* SPDX-License-Identifier: MIT */
/* gcc's __atomic and __sync builtins on each width, and on pointers. */
#include <stdbool.h>
#include <stdio.h>
#define ORDER __ATOMIC_SEQ_CST
#define EACH(type, start)                                                                                     \
	do {                                                                                                  \
		type v = (type)(start), e, r;                                                                 \
		printf(#type " %lld", (long long)__atomic_fetch_add(&v, (type)100, ORDER));                   \
		printf(" %lld", (long long)__atomic_add_fetch(&v, (type)100, __ATOMIC_RELAXED));              \
		printf(" %lld", (long long)__atomic_sub_fetch(&v, (type)7, __ATOMIC_ACQUIRE));                \
		printf(" %lld", (long long)__atomic_fetch_or(&v, (type)0x55, ORDER));                         \
		printf(" %lld", (long long)__atomic_and_fetch(&v, (type)0x7c, ORDER));                        \
		printf(" %lld", (long long)__atomic_xor_fetch(&v, (type)-1, ORDER));                          \
		printf(" %lld", (long long)__atomic_nand_fetch(&v, (type)0x3c, ORDER));                       \
		printf(" %lld", (long long)__atomic_fetch_nand(&v, (type)1, ORDER));                          \
		printf(" %lld", (long long)__atomic_exchange_n(&v, (type)9, ORDER));                          \
		e = 8;                                                                                        \
		printf(" %d", __atomic_compare_exchange_n(&v, &e, (type)4, 0, ORDER, ORDER));                 \
		printf(" %lld", (long long)e);                                                                \
		printf(" %d", __atomic_compare_exchange_n(&v, &e, (type)4, 1, ORDER, ORDER));                 \
		printf(" %lld", (long long)__atomic_load_n(&v, __ATOMIC_CONSUME));                            \
		e = (type)-3;                                                                                 \
		__atomic_store(&v, &e, ORDER);                                                                \
		__atomic_load(&v, &r, ORDER);                                                                 \
		printf(" %lld", (long long)r);                                                                \
		e = 1;                                                                                        \
		__atomic_exchange(&v, &e, &r, ORDER);                                                         \
		printf(" %lld %lld", (long long)v, (long long)r);                                             \
		r = 5;                                                                                        \
		printf(" %d\n", __atomic_compare_exchange(&v, &e, &r, 0, ORDER, ORDER));                      \
		printf(" %lld", (long long)__sync_fetch_and_add(&v, 3));                                      \
		printf(" %lld", (long long)__sync_sub_and_fetch(&v, 4));                                      \
		printf(" %lld", (long long)__sync_fetch_and_nand(&v, 6));                                     \
		printf(" %lld", (long long)__sync_val_compare_and_swap(&v, (type)1, (type)2));                \
		printf(" %d", __sync_bool_compare_and_swap(&v, v, (type)12));                                 \
		printf(" %lld", (long long)__sync_lock_test_and_set(&v, (type)1));                            \
		__sync_lock_release(&v);                                                                      \
		printf(" %lld\n", (long long)v);                                                              \
	} while (0)
static int order;
static int *next(int *p)
{
	order = order * 10 + 1;
	return p;
}
int main(void)
{
	int a[4] = { 1, 2, 3, 4 }, *p = a, *q;
	bool flag = false;
	_Atomic int counter = 5;
	_Atomic unsigned char small = 254;

	EACH(char, 200);
	EACH(signed char, -100);
	EACH(short, 32700);
	EACH(unsigned short, 65500);
	EACH(int, 2147483600);
	EACH(unsigned, 4294967290u);
	EACH(long, -9223372036854775807L);
	EACH(unsigned long long, 1ull << 63);
	q = __atomic_fetch_add(&p, sizeof(*p), ORDER);
	printf("%d %d\n", *p, *q);
	p = __atomic_exchange_n(&p, &a[3], ORDER);
	printf("%d\n", *p);
	printf("%d", __atomic_test_and_set(&flag, ORDER));
	printf(" %d %d", flag, __atomic_test_and_set(&flag, ORDER));
	__atomic_clear(&flag, ORDER);
	printf(" %d\n", flag);
	printf("%d", __atomic_fetch_add(next(a), 2, ORDER));
	printf(" %d %d\n", a[0], order);
	__atomic_thread_fence(ORDER);
	__atomic_signal_fence(ORDER);
	__sync_synchronize();
	counter++;
	counter += 4;
	small += 3;
	printf("%d", counter--);
	printf(" %d %d", counter, --small);
	printf(" %d\n", small);
	printf("%d %d\n", __atomic_always_lock_free(4, 0), __atomic_always_lock_free(3, 0));
	return 0;
}
