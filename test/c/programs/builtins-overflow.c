/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <limits.h>
#define TRY(op, T, a, b) do { T r; int o = __builtin_##op##_overflow(a, b, &r); printf(#op " " #T " " #a " " #b ": %d %lld\n", o, (long long)r); } while (0)
#define ALL(T, a, b) TRY(add, T, a, b); TRY(sub, T, a, b); TRY(mul, T, a, b)
volatile int vi = INT_MAX, vm = INT_MIN, m1 = -1;
volatile unsigned vu = UINT_MAX;
volatile long vl = LONG_MAX, vlm = LONG_MIN;
volatile unsigned long vul = ULONG_MAX;
volatile short vs = -5;
int main(void)
{
	ALL(int, vi, 1); ALL(int, vi, vi); ALL(int, vm, m1); ALL(int, vm, vm); ALL(int, vu, vu); ALL(int, 3, 4);
	ALL(unsigned, vu, 1u); ALL(unsigned, vu, vu); ALL(unsigned, m1, m1); ALL(unsigned, 0, 1); ALL(unsigned, vi, 2);
	ALL(long, vl, 1L); ALL(long, vlm, -1L); ALL(long, vl, vl); ALL(long, vlm, vlm); ALL(long, vul, 1); ALL(long, vi, vi); ALL(long, vul, vul); ALL(long, vul, vlm);
	ALL(unsigned long, vul, 1); ALL(unsigned long, vul, vul); ALL(unsigned long, m1, 1u); ALL(unsigned long, vlm, vlm); ALL(unsigned long, vl, 2); ALL(unsigned long, vlm, -1L);
	ALL(short, vi, 1); ALL(short, vs, 30000); ALL(short, vs, -32768); ALL(unsigned char, 200, 100); ALL(unsigned char, vs, 5); ALL(signed char, 100, 27); ALL(signed char, -100, 28);
	ALL(int, vl, vlm); ALL(int, vlm, vlm); ALL(char, vul, vul); ALL(unsigned, vl, vl); ALL(short, vul, 0x7fffUL);
	ALL(unsigned char, 16, 16); ALL(long, 3037000500L, 3037000500L); ALL(long, -3037000500L, 3037000500L); ALL(unsigned long, 0x100000000UL, 0x100000000UL); ALL(unsigned long, 0xffffffffUL, 0x100000001UL);
	printf("%d %d\n", __builtin_add_overflow_p(vi, 1, (int)0), __builtin_mul_overflow_p(vu, 2, 0L));
	int r;
	printf("%d\n", __builtin_sadd_overflow(vi, 1, &r));
	unsigned long ur;
	printf("%d\n", __builtin_umull_overflow(vul, 2, &ur));
	return 0;
}
